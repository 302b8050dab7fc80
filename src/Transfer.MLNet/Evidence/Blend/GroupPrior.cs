using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// What many tasks teach of how weights vary from one to another: w_g = wbar + a deviation with variances omega_j, by expectation and
/// maximisation (Dempster, Laird and Rubin 1977). Each task has its own intercept.
/// </summary>
internal sealed class GroupPrior
{
    /// <summary>With fewer there is no telling how groups vary.</summary>
    public const int FewestGroups = 3;

    /// <summary>With fewer rows a group says next to nothing, its own mean taken out.</summary>
    public const int FewestRows = 3;

    private const int Iterations = 60;
    private const double FirstShare = 0.1;
    private const double Ridge = 1e-4;
    private const double LeastNoise = 1e-12;
    private const double LeastVariance = 1e-9;

    // Prior rows of the inverse gamma that draws each omega to their mean.
    private const double Drawn = 4;

    // Groups whose sums are added up before those of others, whatever the number of threads: fewer where each is much work.
    private const int GroupsOfPiece = 64;
    private const int MuchWork = 64;

    private readonly GroupTask[] _groups;
    private readonly int _p;
    private readonly double _rows;
    private readonly double _trace;
    private readonly double[]? _member;
    private readonly double? _noise;
    private readonly int _slopes;

    private GroupPrior(GroupTask[] groups, int p, bool level, double[]? member, double? noise)
    {
        (_groups, _p, _member, _noise) = (groups, p, member, noise);
        _slopes = level ? p - 1 : p;
        _rows = groups.Sum(g => level ? g.Rows : g.Rows - 1);
        _trace = groups.Sum(g => level ? g.Trace - g.Rows : g.Trace);
        Mean = new double[p];
        Variances = new double[p];
    }

    /// <summary>wbar (p); the intercept last where it is one of the weights.</summary>
    public double[] Mean { get; private set; }

    /// <summary>omega (p): how the weights, and the intercept where it is one of them, vary from group to group.</summary>
    public double[] Variances { get; }

    /// <summary>The noise variance within groups.</summary>
    public double Noise { get; private set; }

    /// <summary>Groups of at least three rows.</summary>
    public int Count => _groups.Length;

    /// <summary>From the groups of a source.</summary>
    /// <param name="groups">The moments of each group. Those of fewer than three rows do not count.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <returns>null with fewer than three groups of three rows, or where nothing varies within them.</returns>
    public static GroupPrior? TryOf(IEnumerable<MomentBlock> groups, Workers workers)
    {
        MomentBlock[] usable = [.. groups.Where(g => g.Count >= FewestRows)];
        return usable.Length == 0 ? null : TryOf(
            [.. usable.Select(GroupTask.OfMoments)], usable[0].FeatureCount, level: false, null, workers);
    }

    /// <summary>
    /// From the groups of a source whose levels are alike too: the intercept, at a common centre, is the last of p + 1 weights.
    /// </summary>
    /// <param name="groups">The moments of each group. Those of fewer than three rows do not count.</param>
    /// <param name="centre">What the features are taken about (p).</param>
    /// <param name="labelCentre">What the label is taken about.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <returns>null with fewer than three groups of three rows, or where nothing varies within them.</returns>
    public static GroupPrior? TryWithLevels(IEnumerable<MomentBlock> groups, double[] centre, double labelCentre, Workers workers) => TryOf(
        [.. groups.Where(g => g.Count >= FewestRows).Select(g => GroupTask.WithIntercept(g, centre, labelCentre))],
        centre.Length + 1, level: true, null, workers);

    /// <summary>From many targets around one source, which counts as one more of them whose weights are known.</summary>
    /// <param name="tasks">The targets of at least three rows; with a <paramref name="member"/> made by
    /// <see cref="GroupTask.WithIntercept(HeldRows, double[], Workers)"/>.</param>
    /// <param name="p">Features, the constant one among them.</param>
    /// <param name="member">The source's weights, its intercept last (p); null where there is none.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="noise">The noise variance where it is known; null: learnt too.</param>
    /// <returns>null with fewer than three tasks, or where nothing varies within them.</returns>
    public static GroupPrior? TryOf(GroupTask[] tasks, int p, double[]? member, Workers workers, double? noise = null) =>
        TryOf(tasks, p, member is not null, member, workers, noise);

    /// <param name="tasks">The tasks of at least three rows.</param>
    /// <param name="p">Weights, the intercept among them where it is one.</param>
    /// <param name="level">Whether the last weight is the intercept, known to come from somewhere as the others are; else each task has its
    /// own.</param>
    /// <param name="member">A task whose weights are known (p); null where there is none.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="noise">The noise variance where it is known; null: learnt too.</param>
    private static GroupPrior? TryOf(GroupTask[] tasks, int p, bool level, double[]? member, Workers workers, double? noise = null)
    {
        if (tasks.Length < FewestGroups)
        {
            return null;
        }

        var prior = new GroupPrior(tasks, p, level, member, noise);
        if (!(prior._trace > 0))
        {
            return null;
        }

        prior.Run(workers);
        return prior;
    }

    /// <summary>
    /// diag(omega) + cov(wbar) (p x p), cov(wbar) the inverse of what the groups say of it and, for all but an intercept,
    /// <paramref name="precision"/>.
    /// </summary>
    public Matrix Covariance(double precision, Workers workers)
    {
        var roots = Array.ConvertAll(Variances, Math.Sqrt);
        var total = new Matrix(_p, _p);
        foreach (var piece in ByPieces(workers, GroupsOfPiece, () => new Matrix(_p, _p), (sum, _, group) =>
            group.AddInformation(sum, Noise, roots)))
        {
            Product.AddScaled(1, piece.Values, total.Values);
        }

        var unit = new Matrix(_p, _p);
        for (var j = 0; j < _p; j++)
        {
            total[j, j] += j < _slopes ? precision : 0;
            unit[j, j] = 1;
        }

        var covariance = Cholesky.TryFactor(total, workers)!.Solve(unit, workers);
        for (var j = 0; j < _p; j++)
        {
            covariance[j, j] += Variances[j];
        }

        return covariance;
    }

    /// <summary>
    /// m_g (p): the posterior mean of a group's weights, drawn to those of all groups as far as its rows leave them open.
    /// </summary>
    /// <param name="group">Its place among the groups of at least three rows.</param>
    public double[] WeightsOf(int group)
    {
        var posterior = new GroupPosterior(_p);
        _groups[group].Fill(posterior, Noise, Mean, Array.ConvertAll(Variances, Math.Sqrt));
        var weights = (double[])Mean.Clone();
        Product.AddScaled(1, posterior.Deviation, weights);
        return weights;
    }

    private void Run(Workers workers)
    {
        if (_member is null)
        {
            BeginTogether(workers);
        }
        else
        {
            Mean = (double[])_member.Clone();
            Noise = _noise ?? Math.Max(_groups.Sum(g => g.ResidualAt(Mean)) / _rows, LeastNoise);
        }

        Array.Fill(Variances, FirstShare * Noise * _rows / _trace);
        if (_slopes < _p)
        {
            Variances[^1] = _member is null ? FirstShare * Noise : Noise;
        }

        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            workers.Cancellation.ThrowIfCancellationRequested();
            Step(workers);
        }
    }

    /// <summary>All groups as one, with a little ridge.</summary>
    private void BeginTogether(Workers workers)
    {
        var (sum, cross) = (new Matrix(_p, _p), new double[_p]);
        foreach (var group in _groups)
        {
            group.AddMoments(sum, cross);
        }

        for (var j = 0; j < _slopes; j++)
        {
            sum[j, j] += Ridge * _trace / _slopes;
        }

        Mean = Cholesky.TryFactor(sum, workers)!.Solve(cross);
        Noise = Math.Max(_groups.Sum(g => g.ResidualAt(Mean)) / _rows, LeastNoise);
    }

    private void Step(Workers workers)
    {
        var roots = Array.ConvertAll(Variances, Math.Sqrt);
        var total = new GroupSums(_p);
        foreach (var piece in ByPieces(workers, _p > MuchWork ? GroupsOfPiece / 16 : GroupsOfPiece, () => new GroupSums(_p),
            (sums, posterior, group) =>
        {
            group.Fill(posterior, Noise, Mean, roots);
            sums.Add(posterior);
        }))
        {
            total.Add(piece);
        }

        double count = Count;
        if (_member is not null)
        {
            total.Add(_member, Mean);
            count++;
        }

        // The squares about the new mean, from those about the old one.
        var (q, shift) = (new double[_p], new double[_p]);
        for (var j = 0; j < _p; j++)
        {
            shift[j] = total.Shifts[j] / count;
            q[j] = (total.Squares[j] / count) - (shift[j] * shift[j]);
        }

        Product.AddScaled(1, shift, Mean);
        if (_slopes < _p)
        {
            Variances[^1] = Math.Max(q[^1], LeastVariance * Noise);
        }

        var mean = q.Take(_slopes).Average();
        for (var j = 0; j < _slopes; j++)
        {
            Variances[j] = Math.Max(((count * q[j]) + (Drawn * mean)) / (count + Drawn), LeastVariance * Noise * _rows / _trace);
        }

        Noise = _noise ?? Math.Max(total.Residual / _rows, LeastNoise);
    }

    private T[] ByPieces<T>(Workers workers, int size, Func<T> begin, Action<T, GroupPosterior, GroupTask> add)
    {
        var pieces = new T[(Count + size - 1) / size];
        workers.For(pieces.Length, piece =>
        {
            var sums = begin();
            var posterior = new GroupPosterior(_p);
            for (var g = piece * size; g < Math.Min(Count, (piece + 1) * size); g++)
            {
                add(sums, posterior, _groups[g]);
            }

            pieces[piece] = sums;
        });
        return pieces;
    }
}
