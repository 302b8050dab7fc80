using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// What the source's groups teach of how weights vary from task to task: w_g = wbar + a deviation with variances omega_j, by expectation and
/// maximisation (Dempster, Laird and Rubin 1977) on the groups' own moments. Rows are not needed, and each group has its own intercept.
/// </summary>
internal sealed class GroupPrior
{
    /// <summary>With fewer there is no telling how groups vary.</summary>
    public const int FewestGroups = 3;

    private const int FewestRows = 3;
    private const int Iterations = 60;
    private const double FirstShare = 0.1;
    private const double Ridge = 1e-4;
    private const double LeastNoise = 1e-12;
    private const double LeastVariance = 1e-9;

    // Prior rows of the inverse gamma that draws each omega to their mean.
    private const double Drawn = 4;

    // Groups whose sums are added up before those of others, whatever the number of threads.
    private const int GroupsOfPiece = 64;

    private readonly MomentBlock[] _groups;
    private readonly int _p;
    private readonly double _rows;
    private readonly double _power;

    private GroupPrior(MomentBlock[] groups)
    {
        _groups = groups;
        _p = groups[0].FeatureCount;
        _rows = groups.Sum(g => g.Count - 1.0);
        _power = groups.Sum(PowerOf);
        Mean = new double[_p];
        Variances = new double[_p];
        Covariance = new Matrix(_p, _p);
    }

    /// <summary>wbar (p).</summary>
    public double[] Mean { get; private set; }

    /// <summary>omega (p): how the weights vary from group to group.</summary>
    public double[] Variances { get; }

    /// <summary>The noise variance within groups.</summary>
    public double Noise { get; private set; }

    /// <summary>diag(omega) + cov(wbar) (p x p).</summary>
    public Matrix Covariance { get; private set; }

    /// <summary>Groups of at least three rows.</summary>
    public int Count => _groups.Length;

    /// <param name="groups">The moments of each group. Those of fewer than three rows do not count.</param>
    /// <param name="precision">n0 tau_S / s_0^2, what is added to the precision of wbar.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <returns>null with fewer than three groups of three rows, or where nothing varies within them.</returns>
    public static GroupPrior? TryOf(IEnumerable<MomentBlock> groups, double precision, Workers workers)
    {
        MomentBlock[] usable = [.. groups.Where(g => g.Count >= FewestRows)];
        if (usable.Length < FewestGroups)
        {
            return null;
        }

        var prior = new GroupPrior(usable);
        if (!(prior._power > 0))
        {
            return null;
        }

        prior.Run(precision, workers);
        return prior;
    }

    // Row weights count as shares within their group, so that a unit of weight is no row.
    private static double ScaleOf(MomentBlock group) => group.Count / group.Weight;

    private static double PowerOf(MomentBlock group)
    {
        var trace = 0.0;
        for (var j = 0; j < group.FeatureCount; j++)
        {
            trace += group.Scatter[j, j];
        }

        return trace * ScaleOf(group);
    }

    private void Run(double precision, Workers workers)
    {
        var variance = _power / _rows;
        Begin(variance, workers);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            workers.Cancellation.ThrowIfCancellationRequested();
            Step(variance, workers);
        }

        Finish(precision, workers);
    }

    /// <summary>All groups as one, with a little ridge.</summary>
    private void Begin(double variance, Workers workers)
    {
        var (sum, cross, labels) = (new Matrix(_p, _p), new double[_p], 0.0);
        foreach (var group in _groups)
        {
            var scale = ScaleOf(group);
            Product.AddScaled(scale, group.Scatter.Values, sum.Values);
            Product.AddScaled(scale, group.Cross, cross);
            labels += scale * group.LabelScatter;
        }

        var ridged = sum.Clone();
        for (var j = 0; j < _p; j++)
        {
            ridged[j, j] += Ridge * _power / _p;
        }

        Mean = Cholesky.TryFactor(ridged, workers)!.Solve(cross);
        var residual = labels - (2 * Product.Dot(Mean, cross)) + Product.Dot(Mean, Product.Times(sum, Mean));
        Noise = Math.Max(residual / _rows, LeastNoise);
        Array.Fill(Variances, FirstShare * Noise / variance);
    }

    private void Step(double variance, Workers workers)
    {
        var roots = Array.ConvertAll(Variances, Math.Sqrt);
        var pieces = new Sums[(Count + GroupsOfPiece - 1) / GroupsOfPiece];
        workers.For(pieces.Length, piece =>
        {
            var sums = new Sums(_p);
            var posterior = new GroupPosterior(_p);
            for (var g = piece * GroupsOfPiece; g < Math.Min(Count, (piece + 1) * GroupsOfPiece); g++)
            {
                posterior.Set(_groups[g], ScaleOf(_groups[g]), Noise, Mean, roots);
                sums.Add(posterior);
            }

            pieces[piece] = sums;
        });
        var total = new Sums(_p);
        foreach (var sums in pieces)
        {
            total.Add(sums);
        }

        // The squares about the new mean, from those about the old one.
        var (q, shift) = (new double[_p], new double[_p]);
        for (var j = 0; j < _p; j++)
        {
            shift[j] = total.Shifts[j] / Count;
            q[j] = (total.Squares[j] / Count) - (shift[j] * shift[j]);
        }

        Product.AddScaled(1, shift, Mean);
        var mean = q.Average();
        for (var j = 0; j < _p; j++)
        {
            Variances[j] = Math.Max(((Count * q[j]) + (Drawn * mean)) / (Count + Drawn), LeastVariance * Noise / variance);
        }

        Noise = Math.Max(total.Residual / _rows, LeastNoise);
    }

    /// <summary>cov(wbar), the inverse of what the groups say of it: sum of (s A_g^-1 + diag(omega))^-1.</summary>
    private void Finish(double precision, Workers workers)
    {
        var roots = Array.ConvertAll(Variances, Math.Sqrt);
        var pieces = new Matrix[(Count + GroupsOfPiece - 1) / GroupsOfPiece];
        workers.For(pieces.Length, piece =>
        {
            var sum = new Matrix(_p, _p);
            var posterior = new GroupPosterior(_p);
            for (var g = piece * GroupsOfPiece; g < Math.Min(Count, (piece + 1) * GroupsOfPiece); g++)
            {
                posterior.Set(_groups[g], ScaleOf(_groups[g]), Noise, Mean, roots);
                posterior.AddInformation(sum);
            }

            pieces[piece] = sum;
        });
        var total = new Matrix(_p, _p);
        foreach (var piece in pieces)
        {
            Product.AddScaled(1, piece.Values, total.Values);
        }

        for (var j = 0; j < _p; j++)
        {
            total[j, j] += precision;
        }

        var unit = new Matrix(_p, _p);
        for (var j = 0; j < _p; j++)
        {
            unit[j, j] = 1;
        }

        Covariance = Cholesky.TryFactor(total, workers)!.Solve(unit, workers);
        for (var j = 0; j < _p; j++)
        {
            Covariance[j, j] += Variances[j];
        }
    }

    /// <summary>What groups add to the next step.</summary>
    private sealed class Sums(int p)
    {
        public double[] Shifts { get; } = new double[p];

        public double[] Squares { get; } = new double[p];

        public double Residual { get; private set; }

        public void Add(GroupPosterior group)
        {
            for (var j = 0; j < Shifts.Length; j++)
            {
                Shifts[j] += group.Deviation[j];
                Squares[j] += group.Variances[j] + (group.Deviation[j] * group.Deviation[j]);
            }

            Residual += group.Residual;
        }

        public void Add(Sums other)
        {
            Product.AddScaled(1, other.Shifts, Shifts);
            Product.AddScaled(1, other.Squares, Squares);
            Residual += other.Residual;
        }
    }
}
