using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// Rows in, moments out: each row goes to the block of its fold. What is full is added on another thread while the next rows come;
/// what is added together, and in which order, depends on the rows alone, so that the bits are the same on any number of threads.
/// </summary>
internal sealed class MomentsAccumulator
{
    private readonly Folds _folds;
    private readonly BlockAccumulator[] _blocks;
    private readonly RowLot?[] _open;
    private readonly Conveyor<RowLot> _conveyor;
    private readonly Workers _workers;

    public MomentsAccumulator(int featureCount, int folds, int seed, Workers workers, string? partition = null)
    {
        _folds = new Folds(folds, seed, partition);
        _blocks = [.. Enumerable.Range(0, folds).Select(_ => new BlockAccumulator(featureCount))];
        _open = new RowLot?[folds];
        _workers = workers;
        _conveyor = new(() => new RowLot(featureCount), lot => lot.Block!.Add(lot, workers), workers);
    }

    /// <inheritdoc cref="RowTarget"/>
    public Span<double> Next(double label, double weight, long position)
    {
        var fold = _folds.Of(position);
        var lot = _open[fold];
        if (lot is null || lot.IsFull)
        {
            if (lot is not null)
            {
                _conveyor.Put(lot);
            }

            _open[fold] = lot = _conveyor.Take().For(_blocks[fold]);
        }

        return lot.Next(label, weight);
    }

    /// <summary>The moments; the accumulator is not to be used afterwards.</summary>
    public Moments ToMoments(
        TaskColumns columns, IReadOnlyList<string> featureNames, IReadOnlyDictionary<string, string>? featurisation = null)
    {
        foreach (var lot in _open.OfType<RowLot>())
        {
            _conveyor.Put(lot);
        }

        _conveyor.Finish();
        return new([.. _blocks.Select(b => b.ToBlock(_workers))], columns.Features, columns.Label, featureNames, featurisation);
    }
}
