using Transfer.MLNet.Data;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>Rows in, moments out: each row goes to the block of its fold.</summary>
internal sealed class MomentsAccumulator
{
    private readonly Folds _folds;
    private readonly BlockAccumulator[] _blocks;
    private readonly Workers _workers;

    public MomentsAccumulator(int featureCount, int folds, int seed, Workers workers)
    {
        _folds = new Folds(folds, seed);
        _blocks = [.. Enumerable.Range(0, folds).Select(_ => new BlockAccumulator(featureCount))];
        _workers = workers;
    }

    /// <inheritdoc cref="RowTarget"/>
    public Span<double> Next(double label, double weight, long position) =>
        _blocks[_folds.Of(position)].Next(label, weight, _workers);

    /// <summary>The moments; the accumulator is not to be used afterwards.</summary>
    public Moments ToMoments(TaskColumns columns, IReadOnlyList<string> featureNames) =>
        new([.. _blocks.Select(b => b.ToBlock(_workers))], columns.Features, columns.Label, featureNames);
}
