using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>
/// One output with a loss that is not squared, by Newton's method on the products of rows (n x n): each step is a weighted ridge in
/// C = 1 + W^1/2 ZZ' W^1/2 / (n tau). From the last step comes approximate leave-one-out: the score of row i without it is
/// f_i + (loss'_i / loss''_i) h_i / (1 - h_i), with the leverage h_i of that ridge (Rad and Maleki 2020).
/// </summary>
internal sealed class LeafGlm
{
    private const int MaxIterations = 60;
    private const int MaxHalvings = 30;
    private const double Tolerance = 1e-9;
    private const double SmallestCurvature = 1e-10;

    private readonly LeafRows _rows;
    private readonly Matrix _products;
    private readonly RowLoss _loss;
    private readonly LeafPenalty _penalty;
    private readonly Workers _workers;
    private readonly double[] _offsets;
    private readonly double[][] _columns;
    private double[] _free;
    private double[] _dual;

    /// <param name="rows">Rows with one output.</param>
    /// <param name="products">ZZ' (n x n), as <see cref="LeafRows.Shared"/> gives it, or other products of rows.</param>
    /// <param name="loss">The loss of a row.</param>
    /// <param name="penalty">What is fitted.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public LeafGlm(LeafRows rows, Matrix products, RowLoss loss, LeafPenalty penalty, Workers workers)
    {
        (_rows, _products, _loss, _penalty, _workers) = (rows, products, loss, penalty, workers);
        var scores = rows.ScoresOf(0);
        var ones = new double[rows.Rows];
        Array.Fill(ones, 1);
        _columns = penalty.FreeScale ? [ones, scores] : [ones];
        _offsets = Array.ConvertAll(scores, s => penalty.OffsetScale * s);
        _free = penalty.FreeScale ? [0, penalty.CentreOfScale] : [0];
        _dual = new double[rows.Rows];
    }

    /// <summary>
    /// Fits at a tau from where the last fit ended; infinity leaves the leaves alone.
    /// </summary>
    /// <returns>The scores of each row without it (n).</returns>
    public double[] LeftOutScores(double tau)
    {
        if (double.IsPositiveInfinity(tau))
        {
            _dual = new double[_rows.Rows];
        }

        var n = _rows.Rows;
        var scores = Scores(_free, _dual, out var moved);
        var objective = Objective(scores, _free, _dual, moved, tau);
        for (var iteration = 0; ; iteration++)
        {
            _workers.Cancellation.ThrowIfCancellationRequested();
            var step = new NewtonStep(this, scores, tau);
            var (free, dual) = (step.Free, step.Dual);
            var t = 1.0;
            double next;
            double[] at;
            for (var halvings = 0; ; halvings++)
            {
                var (f, d) = (Between(_free, free, t), Between(_dual, dual, t));
                at = Scores(f, d, out moved);
                next = Objective(at, f, d, moved, tau);
                if (next <= objective || halvings == MaxHalvings)
                {
                    (_free, _dual) = (f, d);
                    break;
                }

                t /= 2;
            }

            var gain = objective - next;
            (scores, objective) = (at, next);
            if (gain <= Tolerance * (1 + Math.Abs(objective)) || iteration == MaxIterations)
            {
                return LeftOut(scores, new NewtonStep(this, scores, tau).Rooms());
            }
        }
    }

    /// <summary>The fit at the tau that was asked for last.</summary>
    public LeafFit Fit()
    {
        var leaves = _dual.All(v => v == 0) ? null : _rows.SumsByLeaf(0, _dual);
        return new([_free[0]], [_penalty.FreeScale ? _free[1] : _penalty.OffsetScale], leaves is null ? null : [leaves]);
    }

    /// <summary>That fit as an intercept and a sum over rows (n): of row i counts dual_i times its products with a row.</summary>
    public (double Intercept, double[] Dual) FitOfRows() => (_free[0], (double[])_dual.Clone());

    private double[] LeftOut(double[] scores, double[] rooms)
    {
        var left = new double[scores.Length];
        for (var i = 0; i < left.Length; i++)
        {
            var (slope, curvature) = _loss.Derivatives(_rows.Labels[i], scores[i]);
            left[i] = scores[i] + (slope / Math.Max(curvature, SmallestCurvature) * (1 - rooms[i]) / rooms[i]);
        }

        return left;
    }

    private double[] Scores(double[] free, double[] dual, out double[] moved)
    {
        moved = dual.All(v => v == 0) ? new double[dual.Length] : Product.Times(_products, dual);
        var scores = (double[])_offsets.Clone();
        for (var c = 0; c < free.Length; c++)
        {
            Product.AddScaled(free[c], _columns[c], scores);
        }

        Product.AddScaled(1, moved, scores);
        return scores;
    }

    // |d|^2 = dual' ZZ' dual.
    private double Objective(double[] scores, double[] free, double[] dual, double[] moved, double tau)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            sum += _rows.Weights[i] * _loss.Value(_rows.Labels[i], scores[i]);
        }

        if (_penalty.FreeScale)
        {
            sum += _penalty.PrecisionOfScale / 2 * (free[1] - _penalty.CentreOfScale) * (free[1] - _penalty.CentreOfScale);
        }

        return (sum / scores.Length) + (double.IsPositiveInfinity(tau) ? 0 : tau / 2 * Product.Dot(dual, moved));
    }

    private static double[] Between(double[] from, double[] to, double t)
    {
        var at = new double[from.Length];
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = from[i] + (t * (to[i] - from[i]));
        }

        return at;
    }

    /// <summary>One weighted ridge: where Newton's method goes from these scores.</summary>
    private sealed class NewtonStep
    {
        private readonly Cholesky? _factor;
        private readonly Matrix _columns;
        private readonly Matrix _solved;
        private readonly Cholesky _small;
        private readonly Workers _workers;

        public NewtonStep(LeafGlm of, double[] scores, double tau)
        {
            var (rows, n, k) = (of._rows, scores.Length, of._columns.Length);
            _workers = of._workers;
            var roots = new double[n];
            var response = new double[n];
            _columns = new Matrix(n, k);
            for (var i = 0; i < n; i++)
            {
                var (slope, curvature) = of._loss.Derivatives(rows.Labels[i], scores[i]);
                var h = rows.Weights[i] * Math.Max(curvature, SmallestCurvature);
                roots[i] = Math.Sqrt(h);
                response[i] = (roots[i] * (scores[i] - of._offsets[i])) - (rows.Weights[i] * slope / roots[i]);
                for (var c = 0; c < k; c++)
                {
                    _columns[i, c] = roots[i] * of._columns[c][i];
                }
            }

            _factor = double.IsPositiveInfinity(tau) ? null : Factor(of._products, roots, n * tau, _workers);
            _solved = _factor is null ? _columns : _factor.Solve(_columns, _workers);
            var small = Product.TransposedTimes(_columns, _solved, _workers);
            var right = Product.TransposedTimes(_solved, response);

            // A source's score that is the same everywhere leaves its scale where it is drawn to.
            small[0, 0] += SmallestCurvature;
            if (k > 1)
            {
                var precision = of._penalty.PrecisionOfScale + SmallestCurvature;
                small[1, 1] += precision;
                right[1] += precision * of._penalty.CentreOfScale;
            }

            _small = Cholesky.TryFactor(small, _workers.Single)
                ?? throw new InvalidOperationException(
                "The fit of the leaves has no step left: the scores of the model are too large for the loss. Scale the label down.");
            Free = _small.Solve(right);
            Dual = new double[n];
            if (_factor is not null)
            {
                var rest = (double[])response.Clone();
                Product.AddScaled(-1, Product.Times(_columns, Free), rest);
                var solved = _factor.Solve(rest);
                for (var i = 0; i < n; i++)
                {
                    Dual[i] = roots[i] * solved[i] / (n * tau);
                }
            }
        }

        public double[] Free { get; }

        public double[] Dual { get; }

        /// <summary>1 - h_i: the diagonal of C^-1 - C^-1 F (F'C^-1 F + precisions)^-1 F'C^-1.</summary>
        public double[] Rooms()
        {
            var n = _solved.Rows;
            var rooms = new double[n];
            if (_factor is null)
            {
                Array.Fill(rooms, 1);
            }
            else
            {
                var identity = new Matrix(n, n);
                for (var i = 0; i < n; i++)
                {
                    identity[i, i] = 1;
                }

                // C^-1 = L'^-1 L^-1: its diagonal is the sums of squares of the columns of L^-1.
                var lower = _factor.SolveLower(identity, _workers);
                for (var i = 0; i < n; i++)
                {
                    var row = lower.Row(i);
                    for (var j = 0; j <= i; j++)
                    {
                        rooms[j] += row[j] * row[j];
                    }
                }
            }

            for (var i = 0; i < n; i++)
            {
                var row = _solved.Row(i);
                rooms[i] = Math.Max(rooms[i] - Product.Dot(row, _small.Solve(row)), SmallestCurvature);
            }

            return rooms;
        }

        private static Cholesky Factor(Matrix products, double[] roots, double total, Workers workers)
        {
            var c = products.Clone();
            for (var i = 0; i < c.Rows; i++)
            {
                var row = c.Row(i);
                for (var j = 0; j <= i; j++)
                {
                    row[j] *= roots[i] * roots[j] / total;
                }

                row[i] += 1;
            }

            return Cholesky.TryFactor(c, workers)
                ?? throw new InvalidOperationException(
                "The weights of the rows or the scores of the model are too large to compute with. Scale them down.");
        }
    }
}
