using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Validation.Real.Rivals;

namespace Transfer.MLNet.Validation.Real;

/// <summary>
/// One group of a table as the target, all others as the source: features as they are fitted on the source, and what every way needs of
/// the source, made once for all draws.
/// </summary>
internal sealed class RealSource
{
    private const int MostRows = 6000;

    /// <summary>Fewer of the target's other rows say too little about a risk.</summary>
    public const int FewestHeldOut = 20;

    private readonly int[] _target;
    private readonly Matrix _features;
    private readonly double[] _labels;
    private readonly string _name;

    public RealSource(RealTable table, string target, Workers workers)
    {
        (_name, Workers) = ($"{table.Name}|{target}", workers);
        var random = RealDraw.RandomOf(_name);
        var rows = Enumerable.Range(0, table.Labels.Length).ToArray();
        _target = [.. rows.Where(i => table.Groups[i] == target)];
        var source = rows.Where(i => table.Groups[i] != target).ToArray();
        if (source.Length > MostRows)
        {
            random.Shuffle(source);
            Array.Resize(ref source, MostRows);
            Array.Sort(source);
        }

        _labels = table.Labels;
        _features = Featurise(table, source);
        Rows = Choose(source);
        var groups = source.Select((row, i) => (Group: table.Groups[row], i)).GroupBy(r => r.Group, r => r.i)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        Groups = [.. groups.Select(g => MomentsReader.Of(Choose([.. g.Select(i => source[i])]), folds: 1, seed: 0, workers).Total)];
        Spectrum = TaskSpectrum.Of(MomentsReader.Of(Rows, folds: 1, seed: 0, workers), intercept: true, workers);
        GroupOf = new int[source.Length];
        foreach (var (group, g) in groups.Select((group, g) => (group, g)))
        {
            foreach (var i in group)
            {
                GroupOf[i] = g;
            }
        }

        Mixed = new(() => MixedModel.Of(this));
        Single = BlendSource.Of(Spectrum, workers);
        Grouped = BlendSource.Of(Spectrum, workers, Groups);
    }

    /// <summary>The source's rows, at most 6,000.</summary>
    public HeldRows Rows { get; }

    /// <summary>The number of each row's group.</summary>
    public int[] GroupOf { get; }

    /// <summary>The mixed model of the source, by R.</summary>
    public Lazy<MixedModel> Mixed { get; }

    /// <summary>The moments of each group.</summary>
    public IReadOnlyList<MomentBlock> Groups { get; }

    public TaskSpectrum Spectrum { get; }

    /// <summary>The source as the blend sees it without its groups.</summary>
    public BlendSource Single { get; }

    /// <summary>The same with them.</summary>
    public BlendSource Grouped { get; }

    /// <summary>One thread: draws run beside one another.</summary>
    public Workers Workers { get; }

    /// <summary>A draw of n1 of the target's rows; the others are held out.</summary>
    public (HeldRows Target, HeldRows HeldOut) Draw(int targetRows, int draw)
    {
        var shuffled = (int[])_target.Clone();
        RealDraw.RandomOf($"{_name}|{targetRows}|{draw}").Shuffle(shuffled);
        return (Choose(shuffled[..targetRows]), Choose(shuffled[targetRows..]));
    }

    private HeldRows Choose(int[] rows)
    {
        var features = new Matrix(rows.Length, _features.Columns);
        for (var i = 0; i < rows.Length; i++)
        {
            _features.Row(rows[i]).CopyTo(features.Row(i));
        }

        return new(features, [.. rows.Select(i => _labels[i])]);
    }

    /// <summary>
    /// Missing numbers are the source's mean; categories are one-hot by the source's levels; all have mean 0 and variance 1 in the source.
    /// </summary>
    private static Matrix Featurise(RealTable table, int[] source)
    {
        var columns = new List<double[]>();
        foreach (var numbers in table.Numbers)
        {
            var known = source.Select(i => numbers[i]).Where(v => !double.IsNaN(v)).DefaultIfEmpty(0).Average();
            columns.Add([.. numbers.Select(v => double.IsNaN(v) ? known : v)]);
        }

        foreach (var categories in table.Categories)
        {
            var levels = source.Select(i => categories[i]).Where(v => v.Length > 0).Distinct().Order(StringComparer.Ordinal);
            columns.AddRange(levels.Select(level => categories.Select(v => v == level ? 1.0 : 0).ToArray()));
        }

        var kept = new List<double[]>();
        foreach (var column in columns)
        {
            var mean = source.Average(i => column[i]);
            var deviation = Math.Sqrt(source.Average(i => (column[i] - mean) * (column[i] - mean)));
            if (deviation > 1e-9)
            {
                kept.Add([.. column.Select(v => (v - mean) / deviation)]);
            }
        }

        var features = new Matrix(table.Labels.Length, kept.Count);
        for (var j = 0; j < kept.Count; j++)
        {
            for (var i = 0; i < features.Rows; i++)
            {
                features[i, j] = kept[j][i];
            }
        }

        return features;
    }
}
