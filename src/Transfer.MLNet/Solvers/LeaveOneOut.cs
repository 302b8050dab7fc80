using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// Exact leave-one-out for every starting point and every tau, from one factorisation: e_i = r_i / (1 - h_i) with the leverage
/// h_i = [s_i / n] + sum_k U_ik^2 lambda_k / (lambda_k + tau), [] where there is an intercept.
/// </summary>
/// <remarks>
/// Equal to fitting again without row i, with means taken again and the summed penalty n tau unchanged. Both r and 1 - h are
/// formed from what lies outside the span of U and from shares tau / (lambda + tau), never as a difference of nearly equal
/// numbers: at small tau, where rows are fitted almost exactly, no digits are lost. With clusters whole ones are left out:
/// (I - H_CC) e_C = r_C, which is the same fit without all of their rows.
/// </remarks>
internal sealed class LeaveOneOut
{
    // Products of some columns at a time: of one they are as slow as reading U, and of all taus they are too large.
    private const int ColumnsAtATime = 64;

    // What a row has outside the span of U, if U spans all there is, is rounding.
    private const double Rounding = 1e-12;

    private readonly TaskSpectrum _target;
    private readonly Matrix _inSpan;
    private readonly Matrix _outside;
    private readonly Matrix _squares;
    private readonly double[] _roomOutside;
    private readonly Workers _workers;
    private readonly ClusterRoom[]? _clusters;

    /// <param name="target">The spectrum of the target, made from rows.</param>
    /// <param name="startPredictions">
    /// Xc w_j (n x J), one column for each starting point, as <see cref="TaskSpectrum.CentredPredictions"/> gives it: a zero column is
    /// plain ridge.
    /// </param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="clusters">The places of the rows that are left out together; null where each is left out alone.</param>
    public LeaveOneOut(TaskSpectrum target, Matrix startPredictions, Workers workers, int[][]? clusters = null)
    {
        if (target.RowBasis is null || target.ScaledLabels is null || target.RootWeights is null)
        {
            throw new ArgumentException("Leave-one-out needs the rows; this spectrum was made from moments.", nameof(target));
        }

        if (startPredictions.Rows != target.Rows)
        {
            throw new ArgumentException(
                $"Predictions for {startPredictions.Rows} rows, but the target has {target.Rows}.", nameof(startPredictions));
        }

        if (target.Rows < 2)
        {
            throw new InvalidOperationException(
                "Leave-one-out needs at least two rows: without the only row there is nothing to fit. Give tau, or more rows.");
        }

        _target = target;
        _workers = workers;
        var (u, labels, roots) = (target.RowBasis, target.ScaledLabels, target.RootWeights);
        var (n, starts) = (u.Rows, startPredictions.Columns);
        _outside = new Matrix(n, starts);
        _squares = new Matrix(n, u.Columns);
        _roomOutside = new double[n];
        for (var i = 0; i < n; i++)
        {
            var to = _outside.Row(i);
            var from = startPredictions.Row(i);
            for (var j = 0; j < starts; j++)
            {
                to[j] = labels[i] - (roots[i] * from[j]);
            }

            var row = u.Row(i);
            var squares = _squares.Row(i);
            var room = target.Centred ? 1 - (roots[i] * roots[i] / n) : 1;
            for (var k = 0; k < row.Length; k++)
            {
                squares[k] = row[k] * row[k];
                room -= squares[k];
            }

            _roomOutside[i] = room > Rounding ? room : 0;
        }

        _inSpan = Product.TransposedTimes(u, _outside, workers);
        BlockedProduct.Add(-1, MatrixView.Of(u), MatrixView.Of(_inSpan), MatrixView.Of(_outside), workers);
        _clusters = clusters is null ? null : Array.ConvertAll(clusters, rows => new ClusterRoom(target, rows));
    }

    /// <summary>n.</summary>
    public int Rows => _outside.Rows;

    /// <summary>J.</summary>
    public int Starts => _outside.Columns;

    /// <summary>
    /// Hands on sqrt(s_i) e_i (n x J) for each tau, in the order of the taus. The mean of the squares of a column is the (weighted)
    /// mean squared error; the differences of squares of two columns give the standard error of their difference. The matrix is
    /// filled again for the next tau.
    /// </summary>
    public void ForEach(IReadOnlyList<double> taus, Action<int, Matrix> take)
    {
        var (n, q) = (Rows, _target.Eigenvalues.Length);
        var shares = new Matrix(q, taus.Count);
        for (var t = 0; t < taus.Count; t++)
        {
            Tau.Require(taus[t]);
            for (var k = 0; k < q; k++)
            {
                shares[k, t] = taus[t] / (_target.Eigenvalues[k] + taus[t]);
            }
        }

        var room = Product.Times(_squares, shares, _workers);
        var residuals = new Matrix(n, Starts);
        var tausAtATime = Math.Max(1, ColumnsAtATime / Math.Max(1, Starts));
        for (var first = 0; first < taus.Count; first += tausAtATime)
        {
            _workers.Cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(tausAtATime, taus.Count - first);
            var inSpan = Product.Times(_target.RowBasis!, Shrunk(shares, first, count), _workers);
            for (var t = 0; t < count; t++)
            {
                for (var i = 0; i < n; i++)
                {
                    var scale = _clusters is null ? 1 / (_roomOutside[i] + room[i, first + t]) : 1;
                    var inside = inSpan.Row(i).Slice(t * Starts, Starts);
                    var outside = _outside.Row(i);
                    var to = residuals.Row(i);
                    for (var j = 0; j < to.Length; j++)
                    {
                        to[j] = scale * (outside[j] + inside[j]);
                    }
                }

                if (_clusters is { } clusters)
                {
                    var tau = first + t;
                    _workers.For(clusters.Length, c => clusters[c].Leave(shares, tau, residuals));
                }

                take(first + t, residuals);
            }
        }
    }

    /// <summary>U'u times tau / (lambda + tau), the taus side by side (q x count J).</summary>
    private Matrix Shrunk(Matrix shares, int first, int count)
    {
        var shrunk = new Matrix(shares.Rows, count * Starts);
        for (var k = 0; k < shrunk.Rows; k++)
        {
            var from = _inSpan.Row(k);
            for (var t = 0; t < count; t++)
            {
                var to = shrunk.Row(k).Slice(t * Starts, Starts);
                var share = shares[k, first + t];
                for (var j = 0; j < to.Length; j++)
                {
                    to[j] = share * from[j];
                }
            }
        }

        return shrunk;
    }

    /// <summary>The mean squared error (T x J) of every tau and every start.</summary>
    public Matrix MeanSquaredErrors(IReadOnlyList<double> taus)
    {
        var errors = new Matrix(taus.Count, Starts);
        ForEach(taus, (t, residuals) =>
        {
            var sums = errors.Row(t);
            for (var i = 0; i < residuals.Rows; i++)
            {
                var row = residuals.Row(i);
                for (var j = 0; j < row.Length; j++)
                {
                    sums[j] += row[j] * row[j];
                }
            }

            foreach (ref var sum in sums)
            {
                sum /= residuals.Rows;
            }
        });
        return errors;
    }

    /// <summary>The leverages h_i (n) at one tau.</summary>
    public double[] Leverages(double tau)
    {
        Tau.Require(tau);
        var leverages = new double[Rows];
        for (var i = 0; i < leverages.Length; i++)
        {
            var room = _roomOutside[i];
            for (var k = 0; k < _squares.Columns; k++)
            {
                room += _squares[i, k] * tau / (_target.Eigenvalues[k] + tau);
            }

            leverages[i] = 1 - room;
        }

        return leverages;
    }
}
