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
        var scores = new Matrix(Capacity, q);
        var (steps, spread) = (new Matrix(Capacity, taus.Length), new Matrix(Capacity, taus.Length));
        void Add(Lot lot)
        {
            for (var i = 0; i < lot.Count; i++)
            {
                var row = lot.Rows.Row(i);
                if (_constant)
                {
                    row[^1] = 1;
                }

                Product.Subtract(row, _spectrum.FeatureMeans, row);
            }

            Fill(lot.Rows, _spectrum.Basis, scores, lot.Count);
            Fill(scores, moves, steps, lot.Count);
            foreach (ref var score in scores.Values.AsSpan(0, lot.Count * q))
            {
                score *= score;
            }

            Fill(scores, inverses, spread, lot.Count);
            for (var i = 0; i < lot.Count; i++)
            {
                var residual = lot.Labels[i] - Product.Dot(_start, lot.Rows.Row(i));
                var share = lot.Weights[i] / _totalWeight;
                var step = steps.Row(i);
                var wide = spread.Row(i);
                for (var t = 0; t < sums.Length; t++)
                {
                    var room = 1 - (share * ((_spectrum.Centred ? 1 : 0) + wide[t]));
                    var e = (residual - step[t]) / Math.Max(room, SmallestRoom);
                    sums[t] += share * e * e;
                }
            }

            lot.Count = 0;
        }

        var conveyor = new Conveyor<Lot>(() => new Lot(p), Add, _workers);
        var open = conveyor.Take();
        _pass((label, weight, _) =>
        {
            if (open.Count == Capacity)
            {
                conveyor.Put(open);
                open = conveyor.Take();
            }

            open.Labels[open.Count] = label - _spectrum.LabelMean;
            open.Weights[open.Count] = weight;
            var row = open.Rows.Row(open.Count++);
            return _constant ? row[..^1] : row;
        });
        conveyor.Put(open);
        conveyor.Finish();
        return sums;
    }

    /// <summary>The first rows of A times B, into the first rows of C.</summary>
    private void Fill(Matrix a, Matrix b, Matrix c, int count)
    {
        c.Values.AsSpan(0, count * c.Columns).Clear();
        BlockedProduct.Add(
            1, MatrixView.Of(a, 0, 0, count, a.Columns), MatrixView.Of(b), MatrixView.Of(c, 0, 0, count, c.Columns), _workers);
    }

    /// <summary>Rows that wait.</summary>
    private sealed class Lot(int featureCount)
    {
        public Matrix Rows { get; } = new(Capacity, featureCount);

        public double[] Labels { get; } = new double[Capacity];

        public double[] Weights { get; } = new double[Capacity];

        public int Count { get; set; }
    }
}
