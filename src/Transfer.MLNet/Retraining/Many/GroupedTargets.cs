using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Retraining;

/// <summary>Targets whose rows follow one another: whole ones are fitted in lots as they come, and let go. What all have in common is
/// learnt from the first lot.</summary>
internal sealed class GroupedTargets(TargetReading reading, TargetFits fits, Workers workers)
{
    // Lots of at least so many numbers: enough to keep all threads busy and to learn from, little to keep.
    private const long NumbersOfLot = 1 << 21;

    private readonly List<TargetFit?> _done = [];
    private bool _learnt;

    public TargetFit[] Fit()
    {
        var keys = reading.Keys;
        var conveyor = new Conveyor<Lot>(() => new Lot(reading.Store()), Solve, workers);
        var open = conveyor.Take();
        var seen = new List<bool>();
        var last = RowKeys.None;
        reading.Read((in features, label, weight, exposure, position) =>
        {
            var key = keys.Current;
            if (key != last)
            {
                while (seen.Count <= key)
                {
                    seen.Add(false);
                }

                if (seen[key])
                {
                    throw new InvalidOperationException(
                        $"The key '{keys.Names[key]}' of column '{keys.Column.Name}' comes back in row {position} after others: the "
                            + $"rows are not grouped. "
                        + "Sort them by the key, or leave RowsAreGrouped out.");
                }

                seen[key] = true;
                last = key;
                if ((long)open.Store.Count * reading.FeatureCount >= NumbersOfLot)
                {
                    conveyor.Put(open);
                    open = conveyor.Take();
                }

                open.Targets.Add((key, keys.Names[key], open.Store.Count));
            }

            open.Store.Add(in features, label, weight, exposure, position);
        });
        conveyor.Put(open);
        conveyor.Finish();
        return
        [
            .. keys.Names.Select((name, i) => (i < _done.Count ? _done[i] : null) ?? TargetFit.OfTooFew(name, keys.RowsOf(i), 0)!),
        ];
    }

    private void Solve(Lot lot)
    {
        if (!_learnt)
        {
            fits.Learn([.. Enumerable.Range(0, lot.Targets.Count).Select(lot.CountOf)], lot.Take);
            _learnt = true;
        }

        var some = new TargetFit[lot.Targets.Count];
        workers.For(some.Length, t =>
        {
            var name = lot.Targets[t].Name;
            some[t] = TargetFit.OfTooFew(name, lot.CountOf(t), lot.CountOf(t)) ?? fits.Fit(name, lot.Take(t));
        });
        for (var t = 0; t < some.Length; t++)
        {
            while (_done.Count <= lot.Targets[t].Key)
            {
                _done.Add(null);
            }

            _done[lot.Targets[t].Key] = some[t];
        }

        lot.Targets.Clear();
        lot.Store = reading.Store();
    }

    /// <summary>Whole targets that wait to be fitted.</summary>
    private sealed class Lot(TargetStore store)
    {
        public TargetStore Store { get; set; } = store;

        public List<(int Key, string Name, int First)> Targets { get; } = [];

        public int CountOf(int target) => (target + 1 < Targets.Count ? Targets[target + 1].First : Store.Count) - Targets[target].First;

        public TargetRows Take(int target) => Store.Take([.. Enumerable.Range(Targets[target].First, CountOf(target))]);
    }
}
