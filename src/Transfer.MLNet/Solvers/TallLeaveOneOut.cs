using Transfer.MLNet.Data;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// Exact leave-one-out errors of many taus in one pass over the rows of a task with more rows than features: given the spectrum of all
/// of them, a row's residual and leverage need nothing but the row. Memory does not depend on the number of rows.
/// </summary>
internal sealed class TallLeaveOneOut
{
    private const int Capacity = 256;

    // What rounding may leave of 1 - h.
    private const double SmallestRoom = 1e-14;

    private readonly Action<RowTarget> _pass;
    private readonly TaskSpectrum _spectrum;
    private readonly double _totalWeight;
    private readonly double[] _start;
    private readonly bool _constant;
    private readonly Workers _workers;

    /// <param name="pass">Hands all rows to the target that it is given, each time it is called.</param>
    /// <param name="spectrum">Of the moments of the same rows; with a constant feature where the intercept is pulled to the start's.</param>
    /// <param name="totalWeight">sum omega.</param>
    /// <param name="start">What the fit is pulled to.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public TallLeaveOneOut(Action<RowTarget> pass, TaskSpectrum spectrum, double totalWeight, Start start, InterceptRule rule, Workers workers)
    {
        _pass = pass;
        _spectrum = spectrum;
        _totalWeight = totalWeight;
        _start = start.For(rule);
        _constant = rule == InterceptRule.TowardsStart;
        _workers = workers;
    }

    public double[] MeanSquaredErrors(double[] taus)
    {
        var (q, p) = (_spectrum.Eigenvalues.Length, _spectrum.FeatureCount);
        var moves = new Matrix(q, taus.Length);
        var inverses = new Matrix(q, taus.Length);
        var start = _spectrum.InBasis(_start);
        for (var k = 0; k < q; k++)
        {
            for (var t = 0; t < taus.Length; t++)
            {
                Tau.Require(taus[t]);
                inverses[k, t] = 1 / (_spectrum.Eigenvalues[k] + taus[t]);
                moves[k, t] = (_spectrum.Coefficients[k] - (_spectrum.Eigenvalues[k] * start[k])) * inverses[k, t];
            }
        }

        var sums = new double[taus.Length];
        var (rows, labels, weights, waiting) = (new Matrix(Capacity, p), new double[Capacity], new double[Capacity], 0);
        void Flush()
        {
            _workers.Cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < waiting; i++)
            {
                var row = rows.Row(i);
                if (_constant)
                {
                    row[^1] = 1;
                }

                Product.AddScaled(-1, _spectrum.FeatureMeans, row);
            }

            var scores = Product.Times(rows, _spectrum.Basis, _workers);
            var steps = Product.Times(scores, moves, _workers);
            foreach (ref var score in scores.Values.AsSpan())
            {
                score *= score;
            }

            var spread = Product.Times(scores, inverses, _workers);
            for (var i = 0; i < waiting; i++)
            {
                var residual = labels[i] - Product.Dot(_start, rows.Row(i));
                var share = weights[i] / _totalWeight;
                for (var t = 0; t < sums.Length; t++)
                {
                    var room = 1 - (share * ((_spectrum.Centred ? 1 : 0) + spread[i, t]));
                    var e = (residual - steps[i, t]) / Math.Max(room, SmallestRoom);
                    sums[t] += share * e * e;
                }
            }

            waiting = 0;
        }

        _pass((label, weight, _) =>
        {
            if (waiting == Capacity)
            {
                Flush();
            }

            labels[waiting] = label - _spectrum.LabelMean;
            weights[waiting] = weight;
            var row = rows.Row(waiting++);
            return _constant ? row[..^1] : row;
        });
        Flush();
        return sums;
    }
}
