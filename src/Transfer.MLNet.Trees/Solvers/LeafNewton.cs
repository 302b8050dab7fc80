using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>
/// Any number of rows and outputs, by Newton's method with conjugate gradients on the leaves themselves: memory is that of the rows'
/// leaves and a
/// few vectors.
/// </summary>
internal sealed class LeafNewton
{
    private const int MaxIterations = 40;
    private const int MaxHalvings = 30;
    private const int MaxProducts = 200;

    // About what making the blocks anew costs, in products with the Hessian.
    private const int ProductsOfABlock = 12;

    private readonly LeafRows _rows;
    private readonly LeafPenalty _penalty;
    private readonly LeafObjective _objective;
    private readonly Workers _workers;
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
        (_rows, _penalty, _workers) = (rows, penalty, workers);
        _objective = new(rows, loss, penalty, leftOut, workers);
        _worthwhile = LeafBlocks.AreWorthwhile(rows);
        _at = new double[_objective.Count];
        if (penalty.FreeScale)
        {
            _at[^1] = penalty.CentreOfScale;
        }
    }

    private int Outputs => _rows.Outputs;

    private int[] First => _objective.First;

    /// <summary>Begins at a fit that is near the one looked for.</summary>
    public void From(LeafFit fit)
    {
        for (var k = 0; k < Outputs; k++)
        {
            fit.Moves?[k].CopyTo(_at, First[k]);
            _at[First[^1] + k] = fit.Intercepts[k];
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
        if (double.IsPositiveInfinity(tau))
        {
            _at.AsSpan(0, First[^1]).Clear();
        }

        var scores = _objective.Scores(_at);
        var value = _objective.Value(scores, _at, tau);
        var slopes = _objective.Slopes(scores);
        var scale = Math.Max(1e-12, Math.Sqrt(slopes.Values.Sum(v => v * v)));
        _blocks = null;
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            _workers.Cancellation.ThrowIfCancellationRequested();
            var gradient = _objective.Gradient(slopes, _at, tau);
            var norm = Math.Sqrt(Product.Dot(gradient, gradient));
            if (norm <= tolerance * scale)
            {
                break;
            }

            var step = Step(scores, gradient, tau, Math.Min(0.1, Math.Sqrt(norm / scale)));
            var along = Product.Dot(gradient, step);
            var t = 1.0;
            var next = value;
            Matrix at = scores;
            double[] x = _at;
            for (var halvings = 0; halvings < MaxHalvings; halvings++)
            {
                x = (double[])_at.Clone();
                Product.AddScaled(t, step, x);
                at = _objective.Scores(x);
                next = _objective.Value(at, x, tau);
                if (next <= value + (1e-4 * t * along))
                {
                    break;
                }

                t /= 2;
            }

            if (!(next < value))
            {
                break;
            }

            (_at, scores, value) = (x, at, next);
            slopes = _objective.Slopes(scores);
        }

        return scores;
    }

    /// <summary>The fit at the tau that was asked for last.</summary>
    public LeafFit Fit()
    {
        var moves = Enumerable.Range(0, Outputs).Select(k => _at[First[k]..First[k + 1]]).ToArray();
        var c = _penalty.FreeScale ? _at[^1] : _penalty.OffsetScale;
        return new(_at[First[^1]..(First[^1] + Outputs)], [.. Enumerable.Repeat(c, Outputs)], moves.All(m => m.All(v => v == 0)) ? null
            : moves);
    }

    /// <summary>Newton's step, by conjugate gradients with what is near the inverse for a preconditioner.</summary>
    private double[] Step(Matrix scores, double[] gradient, double tau, double tolerance)
    {
        var curvature = _objective.Curvature(scores);
        var diagonal = _objective.Diagonal(curvature.Curvatures, tau);
        if (!double.IsPositiveInfinity(tau) && _worthwhile && (_blocks is null || _products > ProductsOfABlock))
        {
            _blocks = LeafBlocks.Of(_rows, curvature.Curvatures, tau, _workers);
        }

        var (step, products) = ConjugateSteps.Solve(
            v => _objective.HessianTimes(v, curvature, tau),
            Array.ConvertAll(gradient, g => -g),
            r => Near(r, diagonal),
            tolerance,
            MaxProducts,
            _workers.Cancellation);
        _products = products;
        return step;
    }

    /// <summary>
    /// What stands in for the inverse of the Hessian: the leaves of an output as one block where that is at hand, else each number by
    /// itself.
    /// </summary>
    private double[] Near(double[] r, double[] diagonal)
    {
        var near = new double[r.Length];
        for (var j = 0; j < r.Length; j++)
        {
            near[j] = r[j] / diagonal[j];
        }

        for (var k = 0; k < Outputs && _blocks is not null; k++)
        {
            _blocks.Solve(k, r.AsSpan(First[k], _rows.LeafCounts[k])).CopyTo(near.AsSpan(First[k]));
        }

        return near;
    }
}
