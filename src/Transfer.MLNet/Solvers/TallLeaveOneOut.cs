using System.Numerics;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// Exact leave-one-out errors of many taus in one pass over the rows of a task with more rows than features: given the spectrum of all
/// of them, a row's residual and leverage need nothing but the row. Memory does not depend on the number of rows.
/// </summary>
internal sealed class TallLeaveOneOut
{
    // Pieces of a lot are worked on side by side, each small enough for the cache.
    private const int PieceRows = 256;
    private const int Pieces = 8;
    private const int Capacity = PieceRows * Pieces;

    // What rounding may leave of 1 - h.
    private const double SmallestRoom = 1e-14;

    private readonly Action<RowTarget> _pass;
    private readonly TaskSpectrum _spectrum;
    private readonly double _totalWeight;
    private readonly double[] _start;
    private readonly bool _constant;
    private readonly Workers _workers;

    /// <param name="pass">Hands all rows to the target that it is given, each time it is called.</param>
    /// <param name="spectrum">Of the moments of the same rows; with a constant feature where the intercept is pulled to the
    /// start's.</param>
    /// <param name="totalWeight">sum omega.</param>
    /// <param name="start">What the fit is pulled to.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public TallLeaveOneOut(
        Action<RowTarget> pass, TaskSpectrum spectrum, double totalWeight, Start start, InterceptRule rule, Workers workers)
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
        var pieces = Enumerable.Range(0, Pieces).Select(_ => new Piece(q, taus.Length)).ToArray();
        void Add(Lot lot)
        {
            var count = (lot.Count + PieceRows - 1) / PieceRows;
            _workers.For(
                count, i => Judge(lot, i * PieceRows, Math.Min(PieceRows, lot.Count - (i * PieceRows)), moves, inverses, pieces[i]));

            // In the order of the pieces, whoever was first.
            for (var i = 0; i < count; i++)
            {
                Product.AddScaled(1, pieces[i].Sums, sums);
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

    /// <summary>The weighted squared errors of some rows of a lot, summed for each tau.</summary>
    private void Judge(Lot lot, int first, int count, Matrix moves, Matrix inverses, Piece piece)
    {
        for (var i = first; i < first + count; i++)
        {
            var row = lot.Rows.Row(i);
            if (_constant)
            {
                row[^1] = 1;
            }

            Product.Subtract(row, _spectrum.FeatureMeans, row);
        }

        Fill(MatrixView.Of(lot.Rows, first, 0, count, lot.Rows.Columns), _spectrum.Basis, piece.Scores, count);
        Fill(MatrixView.Of(piece.Scores, 0, 0, count, piece.Scores.Columns), moves, piece.Steps, count);
        foreach (ref var score in piece.Scores.Values.AsSpan(0, count * piece.Scores.Columns))
        {
            score *= score;
        }

        Fill(MatrixView.Of(piece.Scores, 0, 0, count, piece.Scores.Columns), inverses, piece.Spread, count);
        Array.Clear(piece.Sums);
        for (var i = 0; i < count; i++)
        {
            var residual = lot.Labels[first + i] - Product.Dot(_start, lot.Rows.Row(first + i));
            AddSquares(
                residual, lot.Weights[first + i] / _totalWeight, _spectrum.Centred, piece.Steps.Row(i), piece.Spread.Row(i), piece.Sums);
        }
    }

    /// <summary>Adds share e^2 of one row for each tau: e = (residual - step) / (1 - h), h = share ([1] + spread).</summary>
    private static void AddSquares(
        double residual, double share, bool centred, ReadOnlySpan<double> step, ReadOnlySpan<double> spread, Span<double> sums)
    {
        var own = centred ? 1 - share : 1;
        var t = 0;
        for (; t + Vector<double>.Count <= sums.Length; t += Vector<double>.Count)
        {
            var room = Vector.Max(new Vector<double>(own) - (share * new Vector<double>(spread[t..])), new Vector<double>(SmallestRoom));
            var e = (new Vector<double>(residual) - new Vector<double>(step[t..])) / room;
            (new Vector<double>(sums[t..]) + (share * e * e)).CopyTo(sums[t..]);
        }

        for (; t < sums.Length; t++)
        {
            var e = (residual - step[t]) / Math.Max(own - (share * spread[t]), SmallestRoom);
            sums[t] += share * e * e;
        }
    }

    /// <summary>A times B, into the first rows of C.</summary>
    private void Fill(MatrixView a, Matrix b, Matrix c, int count)
    {
        c.Values.AsSpan(0, count * c.Columns).Clear();
        BlockedProduct.Add(1, a, MatrixView.Of(b), MatrixView.Of(c, 0, 0, count, c.Columns), _workers.Single);
    }

    /// <summary>Rows that wait.</summary>
    private sealed class Lot(int featureCount)
    {
        public Matrix Rows { get; } = new(Capacity, featureCount);

        public double[] Labels { get; } = new double[Capacity];

        public double[] Weights { get; } = new double[Capacity];

        public int Count { get; set; }
    }

    /// <summary>What a piece of a lot is worked on in.</summary>
    private sealed class Piece(int size, int taus)
    {
        public Matrix Scores { get; } = new(PieceRows, size);

        public Matrix Steps { get; } = new(PieceRows, taus);

        public Matrix Spread { get; } = new(PieceRows, taus);

        public double[] Sums { get; } = new double[taus];
    }
}
