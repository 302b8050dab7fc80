using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>
/// Any number of rows and outputs, by Newton's method with conjugate gradients on the leaves themselves: memory is that of the rows' leaves and a
/// few vectors. One output has a loss of its own (<see cref="RowLoss"/>), several have the multinomial one.
/// </summary>
internal sealed class LeafNewton
{
    private const int MaxIterations = 40;
    private const int MaxHalvings = 30;
    private const int MaxProducts = 200;

    // About what making the blocks anew costs, in products with the Hessian.
    private const int ProductsOfABlock = 12;

    // A row's worth of prior with a standard deviation of 3 log odds: keeps the intercept of a class without rows from running off.
    private const double PrecisionOfIntercept = 1.0 / 9;

    private readonly LeafRows _rows;
    private readonly RowLoss? _loss;
    private readonly LeafPenalty _penalty;
    private readonly double[] _shares;
    private readonly double[][] _scores;
    private readonly int[] _first;
    private readonly Workers _workers;
    private readonly double _interceptPrecision;
    private readonly double _scalePrecision;
    private readonly bool _worthwhile;
    private double[] _at;
    private LeafBlocks? _blocks;
    private int _products;

    /// <param name="rows">The rows.</param>
    /// <param name="loss">The loss of the only output; null for the multinomial one.</param>
    /// <param name="penalty">What is fitted. A free scale is that of all outputs.</param>
    /// <param name="leftOut">Rows that do not count; null where all do.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public LeafNewton(LeafRows rows, RowLoss? loss, LeafPenalty penalty, bool[]? leftOut, Workers workers)
    {
        (_rows, _loss, _penalty, _workers) = (rows, loss, penalty, workers);
        var count = leftOut is null ? rows.Rows : leftOut.Count(l => !l);
        _shares = [.. rows.Weights.Select((w, i) => leftOut?[i] == true ? 0 : w / count)];
        _scores = [.. Enumerable.Range(0, rows.Outputs).Select(rows.ScoresOf)];
        _first = new int[rows.Outputs + 1];
        for (var k = 0; k < rows.Outputs; k++)
        {
            _first[k + 1] = _first[k] + rows.LeafCounts[k];
        }

        _interceptPrecision = loss is null ? PrecisionOfIntercept / count : 0;
        _scalePrecision = penalty.PrecisionOfScale / count;
        _worthwhile = LeafBlocks.AreWorthwhile(rows);
        _at = new double[_first[^1] + rows.Outputs + (penalty.FreeScale ? 1 : 0)];
        if (penalty.FreeScale)
        {
            _at[^1] = penalty.CentreOfScale;
        }
    }

    private int Outputs => _rows.Outputs;

    /// <summary>Begins at a fit that is near the one looked for.</summary>
    public void From(LeafFit fit)
    {
        for (var k = 0; k < Outputs; k++)
        {
            fit.Moves?[k].CopyTo(_at, _first[k]);
            _at[_first[^1] + k] = fit.Intercepts[k];
        }

        if (_penalty.FreeScale)
        {
            _at[^1] = fit.Scales[0];
        }
    }

    /// <summary>Fits at a tau, from where the last fit ended; infinity leaves the leaves alone.</summary>
    /// <param name="tau">Above zero.</param>
    /// <param name="tolerance">Ends where the gradient is this share of what it was at the very beginning.</param>
    /// <returns>The scores of all rows (n x K), those that do not count too.</returns>
    public Matrix Solve(double tau, double tolerance)
    {
        var free = double.IsPositiveInfinity(tau);
        if (free)
        {
            _at.AsSpan(0, _first[^1]).Clear();
        }

        var scores = Scores(_at);
        var objective = Objective(scores, _at, tau);
        var slopes = Slopes(scores);
        var scale = Math.Max(1e-12, Math.Sqrt(slopes.Values.Sum(v => v * v)));
        _blocks = null;
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            _workers.Cancellation.ThrowIfCancellationRequested();
            var gradient = Gradient(slopes, tau);
            var norm = Math.Sqrt(Product.Dot(gradient, gradient));
            if (norm <= tolerance * scale)
            {
                break;
            }

            var step = Step(scores, gradient, tau, Math.Min(0.1, Math.Sqrt(norm / scale)));
            var along = Product.Dot(gradient, step);
            var t = 1.0;
            var next = objective;
            Matrix at = scores;
            double[] x = _at;
            for (var halvings = 0; halvings < MaxHalvings; halvings++)
            {
                x = (double[])_at.Clone();
                Product.AddScaled(t, step, x);
                at = Scores(x);
                next = Objective(at, x, tau);
                if (next <= objective + (1e-4 * t * along))
                {
                    break;
                }

                t /= 2;
            }

            if (!(next < objective))
            {
                break;
            }

            (_at, scores, objective) = (x, at, next);
            slopes = Slopes(scores);
        }

        return scores;
    }

    public LeafFit Fit()
    {
        var moves = Enumerable.Range(0, Outputs).Select(k => _at[_first[k].._first[k + 1]]).ToArray();
        var c = _penalty.FreeScale ? _at[^1] : _penalty.OffsetScale;
        return new(_at[_first[^1]..(_first[^1] + Outputs)], [.. Enumerable.Repeat(c, Outputs)], moves.All(m => m.All(v => v == 0)) ? null : moves);
    }

    private Matrix Scores(double[] x) => Spread(x, offsets: true);

    /// <summary>What a vector of moves, intercepts and scale adds to the scores (n x K).</summary>
    private Matrix Spread(double[] x, bool offsets)
    {
        var scores = new Matrix(_rows.Rows, Outputs);
        _workers.For(Outputs, k =>
        {
            var column = new double[_rows.Rows];
            _rows.AddMoves(k, x.AsSpan(_first[k], _rows.LeafCounts[k]), column);
            var c = (offsets ? _penalty.OffsetScale : 0) + (_penalty.FreeScale ? x[^1] : 0);
            for (var i = 0; i < column.Length; i++)
            {
                scores[i, k] = column[i] + x[_first[^1] + k] + (c * _scores[k][i]);
            }
        });
        return scores;
    }

    /// <summary>The transpose of <see cref="Spread"/>.</summary>
    private double[] Gather(Matrix values)
    {
        var gathered = new double[_at.Length];
        var alongScores = new double[Outputs];
        _workers.For(Outputs, k =>
        {
            var column = new double[_rows.Rows];
            var sum = 0.0;
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = values[i, k];
                sum += column[i];
            }

            _rows.SumsByLeaf(k, column).CopyTo(gathered.AsSpan(_first[k]));
            gathered[_first[^1] + k] = sum;
            alongScores[k] = _penalty.FreeScale ? Product.Dot(column, _scores[k]) : 0;
        });
        if (_penalty.FreeScale)
        {
            gathered[^1] = alongScores.Sum();
        }

        return gathered;
    }

    private double Objective(Matrix scores, double[] x, double tau)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Rows; i++)
        {
            if (_shares[i] > 0)
            {
                sum += _shares[i] * (_loss?.Value(_rows.Labels[i], scores[i, 0]) ?? MultinomialLoss.Value((int)_rows.Labels[i], scores.Row(i)));
            }
        }

        var penalised = x.AsSpan(0, _first[^1]);
        var intercepts = x.AsSpan(_first[^1], Outputs);
        sum += double.IsPositiveInfinity(tau) ? 0 : tau / 2 * Product.Dot(penalised, penalised);
        sum += _interceptPrecision / 2 * Product.Dot(intercepts, intercepts);
        return sum + (_penalty.FreeScale ? _scalePrecision / 2 * Math.Pow(x[^1] - _penalty.CentreOfScale, 2) : 0);
    }

    private Matrix Slopes(Matrix scores)
    {
        var slopes = new Matrix(scores.Rows, Outputs);
        for (var i = 0; i < scores.Rows; i++)
        {
            if (_loss is not null)
            {
                slopes[i, 0] = _shares[i] * _loss.Derivatives(_rows.Labels[i], scores[i, 0]).Slope;
                continue;
            }

            var row = slopes.Row(i);
            MultinomialLoss.Probabilities(scores.Row(i), row);
            row[(int)_rows.Labels[i]] -= 1;
            foreach (ref var value in row)
            {
                value *= _shares[i];
            }
        }

        return slopes;
    }

    private double[] Gradient(Matrix slopes, double tau)
    {
        var gradient = Gather(slopes);
        AddPenalty(_at, gradient, tau, _penalty.CentreOfScale);
        return gradient;
    }

    private void AddPenalty(double[] x, double[] to, double tau, double centre)
    {
        if (double.IsPositiveInfinity(tau))
        {
            to.AsSpan(0, _first[^1]).Clear();
        }
        else
        {
            Product.AddScaled(tau, x.AsSpan(0, _first[^1]), to.AsSpan(0, _first[^1]));
        }

        Product.AddScaled(_interceptPrecision, x.AsSpan(_first[^1], Outputs), to.AsSpan(_first[^1], Outputs));
        if (_penalty.FreeScale)
        {
            to[^1] += _scalePrecision * (x[^1] - centre);
        }
    }

    /// <summary>Newton's step, by conjugate gradients with the diagonal for a preconditioner.</summary>
    private double[] Step(Matrix scores, double[] gradient, double tau, double tolerance)
    {
        var probabilities = new Matrix(scores.Rows, Outputs);
        var curvatures = new Matrix(scores.Rows, Outputs);
        for (var i = 0; i < scores.Rows; i++)
        {
            if (_loss is not null)
            {
                curvatures[i, 0] = _shares[i] * _loss.Derivatives(_rows.Labels[i], scores[i, 0]).Curvature;
                continue;
            }

            MultinomialLoss.Probabilities(scores.Row(i), probabilities.Row(i));
            for (var k = 0; k < Outputs; k++)
            {
                curvatures[i, k] = _shares[i] * probabilities[i, k] * (1 - probabilities[i, k]);
            }
        }

        var diagonal = Diagonal(curvatures, tau);
        if (!double.IsPositiveInfinity(tau) && _worthwhile && (_blocks is null || _products > ProductsOfABlock))
        {
            _blocks = LeafBlocks.Of(_rows, curvatures, tau, _workers);
        }

        double[] Hessian(double[] v)
        {
            var spread = Spread(v, offsets: false);
            for (var i = 0; i < spread.Rows; i++)
            {
                if (_loss is not null)
                {
                    spread[i, 0] *= curvatures[i, 0];
                    continue;
                }

                MultinomialLoss.Curve(probabilities.Row(i), _shares[i], spread.Row(i));
            }

            var product = Gather(spread);
            AddPenalty(v, product, tau, centre: 0);
            return product;
        }

        var (step, products) = ConjugateSteps.Solve(
            Hessian, Array.ConvertAll(gradient, g => -g), r => Near(r, diagonal), tolerance, MaxProducts, _workers.Cancellation);
        _products = products;
        return step;
    }

    /// <summary>What stands in for the inverse of the Hessian: the leaves of an output as one block where that is at hand, else each number by itself.</summary>
    private double[] Near(double[] r, double[] diagonal)
    {
        var near = new double[r.Length];
        for (var j = 0; j < r.Length; j++)
        {
            near[j] = r[j] / diagonal[j];
        }

        for (var k = 0; k < Outputs && _blocks is not null; k++)
        {
            _blocks.Solve(k, r.AsSpan(_first[k], _rows.LeafCounts[k])).CopyTo(near.AsSpan(_first[k]));
        }

        return near;
    }

    private double[] Diagonal(Matrix curvatures, double tau)
    {
        var diagonal = new double[_at.Length];
        for (var k = 0; k < Outputs; k++)
        {
            var column = new double[curvatures.Rows];
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = curvatures[i, k];
            }

            _rows.SumsByLeaf(k, column).CopyTo(diagonal.AsSpan(_first[k]));
            diagonal[_first[^1] + k] = column.Sum() + _interceptPrecision;
            if (_penalty.FreeScale)
            {
                for (var i = 0; i < column.Length; i++)
                {
                    diagonal[^1] += column[i] * _scores[k][i] * _scores[k][i];
                }
            }
        }

        if (_penalty.FreeScale)
        {
            diagonal[^1] += _scalePrecision;
        }

        for (var j = 0; j < diagonal.Length; j++)
        {
            diagonal[j] += j >= _first[^1] ? 1e-12 : double.IsPositiveInfinity(tau) ? 1 : tau;
        }

        return diagonal;
    }
}
