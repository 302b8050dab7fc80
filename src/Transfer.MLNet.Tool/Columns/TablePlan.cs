using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>What one pass over all files makes of their columns.</summary>
/// <param name="Columns">Of every column that all files have, but the label.</param>
/// <param name="Label">What is predicted.</param>
/// <param name="OnlySome">Columns that one file has and another lacks, which are left out.</param>
/// <param name="Rows">Rows with a label, for each file.</param>
/// <param name="WithoutLabel">Rows without one, for each file.</param>
internal sealed record TablePlan(
    IReadOnlyList<ColumnPlan> Columns, LabelPlan Label, IReadOnlyList<(string Column, string Path)> OnlySome, IReadOnlyList<long> Rows, IReadOnlyList<long> WithoutLabel)
{
    public IEnumerable<ColumnPlan> Used => Columns.Where(c => c.Kind != ColumnKind.Ignored);

    public static TablePlan Of(
        IReadOnlyList<TableFile> files, string label, ColumnWishes wishes, TaskKind? task, string? positive, CancellationToken cancellation)
    {
        var names = files.Select(f => f.Names()).ToArray();
        for (var i = 0; i < files.Count; i++)
        {
            if (!names[i].Contains(label))
            {
                throw Failure.Input($"{files[i].Path} has no column '{label}', which --label names; it has: {Names.Of(names[i])}.");
            }
        }

        var common = names[0].Where(n => names.All(other => other.Contains(n))).ToArray();
        var onlySome = files.SelectMany((f, i) => names[i].Except(common).Select(n => (n, f.Path))).ToArray();
        wishes.RequireColumns(names.SelectMany(n => n).ToHashSet());

        var profiles = common.ToDictionary(n => n, n => new ColumnProfile(n));
        var rows = new long[files.Count];
        var withoutLabel = new long[files.Count];
        for (var i = 0; i < files.Count; i++)
        {
            (rows[i], withoutLabel[i]) = Read(files[i], label, profiles, cancellation);
            if (rows[i] == 0)
            {
                throw Failure.Input(withoutLabel[i] == 0
                    ? $"{files[i].Path} has a header and no rows."
                    : $"{files[i].Path}: none of its {withoutLabel[i]} rows has a value in the label column '{label}'.");
            }
        }

        var plan = LabelPlan.Of(profiles[label], task, positive);
        ColumnPlan[] columns = [.. common.Where(n => n != label).Select(n => ColumnPlan.Of(profiles[n], wishes.Of(n)))];
        if (columns.All(c => c.Kind == ColumnKind.Ignored))
        {
            throw Failure.Input("No column is left to predict from: "
                + (columns.Length == 0 ? $"the files share the label '{label}' and nothing else. "
                    + string.Join("; ", files.Select((f, i) => $"{f.Path} has {Names.Of([.. names[i].Where(n => n != label)])}")) + ". Columns are found by name, capitals and all." : string.Join("; ", columns.GroupBy(c => c.Why).Select(g => $"{Names.Of([.. g.Select(c => $"'{c.Name}'")])} {(g.Count() == 1 ? "is" : "are")} left out ({g.Key})")) + "."));
        }

        return new TablePlan(columns, plan, onlySome, rows, withoutLabel);
    }

    private static (long Rows, long WithoutLabel) Read(TableFile file, string label, Dictionary<string, ColumnProfile> profiles, CancellationToken cancellation)
    {
        using var reader = file.Open();
        var names = reader.Names.ToList();
        var columns = profiles.Values.Select(p => (Profile: p, Index: names.IndexOf(p.Name))).ToArray();
        var labelIndex = names.IndexOf(label);
        long rows = 0, without = 0;
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.IsMissing(labelIndex))
            {
                without++;
                continue;
            }

            rows++;
            foreach (var (profile, index) in columns)
            {
                profile.Add(reader, index);
            }
        }

        return (rows, without);
    }
}
