using Transfer.MLNet.Rows;
namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// Deals rows to folds so that each has its part of every class: the rows of a class, in an order drawn by the seed, go to the folds
/// in turn, and the next class begins where the one before has ended. Counts have two classes here, zero and above: without a fold there
/// must be something above zero left. A function of the classes and the seed alone.
/// </summary>
internal static class StratifiedFolds
{
    /// <summary>The fold of each row; -1 for the only row of a class, or the only count above zero, which cannot be foretold from others
    /// and is never left out.</summary>
    public static int[] Of(LabelledRows rows, int folds, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var order = Enumerable.Range(0, rows.Rows).ToArray();
        new Random(seed).Shuffle(order);
        var fold = new int[rows.Rows];
        var next = 0;
        int ClassOf(int i) => rows is ClassRows classes ? classes.Classes[i] : rows.Labels[i] > 0 ? 1 : 0;
        for (var c = 0; c < ((rows as ClassRows)?.ClassCount ?? 2); c++)
        {
            foreach (var i in order)
            {
                if (ClassOf(i) == c)
                {
                    fold[i] = rows.IsLonely(i) ? -1 : next++ % folds;
                }
            }
        }

        return fold;
    }
}
