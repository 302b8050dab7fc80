namespace PaperExperiments.Data;

/// <summary>Feature vectors with classes from 0.</summary>
internal sealed record LabelledRows(float[][] Features, int[] Classes)
{
    public int Count => Classes.Length;

    /// <summary>The rows of some classes, which become 0, 1, ... in the order given.</summary>
    public LabelledRows Only(params int[] classes)
    {
        var rows = Enumerable.Range(0, Count).Where(i => classes.Contains(Classes[i])).ToArray();
        return new([.. rows.Select(i => Features[i])], [.. rows.Select(i => Array.IndexOf(classes, Classes[i]))]);
    }

    /// <summary>A share of the rows of each class, chosen by the seed; at least one of each.</summary>
    public LabelledRows Share(double share, int seed)
    {
        if (share >= 1)
        {
            return this;
        }

        var random = new Random(seed);
        var rows = Enumerable.Range(0, Count).GroupBy(i => Classes[i]).OrderBy(g => g.Key)
            .SelectMany(g =>
            {
                var all = g.ToArray();
                random.Shuffle(all);
                return all[..Math.Max(1, (int)Math.Round(share * all.Length))];
            })
            .Order().ToArray();
        return new([.. rows.Select(i => Features[i])], [.. rows.Select(i => Classes[i])]);
    }
}
