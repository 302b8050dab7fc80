namespace Transfer.MLNet.Trees.Ways;

/// <summary>Which rows are left out together: drawn, each label in every fold as often as it can be.</summary>
internal static class RowFolds
{
    /// <returns>The fold of each row, from 0.</returns>
    public static int[] Of(double[] labels, int folds, int seed)
    {
        var order = Enumerable.Range(0, labels.Length).ToArray();
        new Random(seed).Shuffle(order);
        var fold = new int[labels.Length];
        var next = 0;
        foreach (var i in order.OrderBy(i => labels[i]))
        {
            fold[i] = next++ % folds;
        }

        return fold;
    }
}
