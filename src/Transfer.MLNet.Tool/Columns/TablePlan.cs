using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>What one pass over all files makes of their columns.</summary>
/// <param name="Columns">Of every column that all files have, but the label.</param>
/// <param name="Label">What is predicted.</param>
/// <param name="OnlySome">Columns that one file has and another lacks, which are left out.</param>
/// <param name="Slices">The rows, for each source that was named.</param>
/// <param name="Rows">Rows with a label, for each.</param>
/// <param name="WithoutLabel">Rows without one, for each.</param>
internal sealed record TablePlan(
    IReadOnlyList<ColumnPlan> Columns, LabelPlan Label, IReadOnlyList<(string Column, string Path)> OnlySome,
    IReadOnlyList<TableSlice> Slices, IReadOnlyList<long> Rows, IReadOnlyList<long> WithoutLabel)
{
    /// <summary>The column of exposures; null where there is none.</summary>
    public string? Exposure { get; init; }

    public IEnumerable<ColumnPlan> Used => Columns.Where(c => c.Kind != ColumnKind.Ignored);

    /// <summary>
    /// Which features, by name, are made of a column that the conditions of source and target look at; null where they look at none.
    /// </summary>
    public Func<string, bool>? Divides(IReadOnlyList<RowSource> sources)
    {
        var looked = sources.SelectMany(s => s.Tests.SelectMany(t => t.Columns)).ToHashSet(StringComparer.Ordinal);
        // A feature is called as its column is, or that and more: [Lot] and [Lot Area] are told apart by the longer.
        return looked.Count == 0 ? null : feature => Used.Select(c => c.Name)
            .Where(n => feature == n || (feature.StartsWith(n, StringComparison.Ordinal) && feature[n.Length] is '.' or ' ' or '['))
            .MaxBy(n => n.Length) is { } column && looked.Contains(column);
    }

    /// <param name="sources">Whose rows they are.</param>
    /// <param name="label">The column that is predicted.</param>
    /// <param name="wishes">What the user says of columns.</param>
    /// <param name="task">What the label is, where the user says it.</param>
    /// <param name="positive">The label's positive value, where the user says it.</param>
    /// <param name="alsoRead">Columns that tests will look at.</param>
    /// <param name="share">Is told which share of the work is done.</param>
    /// <param name="cancellation">Ends it.</param>
    public static TablePlan Of(
        IReadOnlyList<RowSource> sources, string label, ColumnWishes wishes, TaskKind? task, string? positive,
            IReadOnlyList<string> alsoRead,
        Action<double> share, CancellationToken cancellation)
    {
        TableFile[] files = [.. sources.Select(s => s.File).Distinct()];
        foreach (var file in files)
        {
            file.IndexOf(label, "--label");
        }

        var common = files[0].Names.Where(n => files.All(f => f.Names.Contains(n))).ToArray();
        (string, string)[] onlySome = [.. files.SelectMany(
            f => f.Names.Except(common).Where(n => n != Header.RowNames).Select(n => (n, f.Path)))];
        wishes.RequireColumns([.. files.SelectMany(f => f.Names).Distinct()]);

        var tested = sources.SelectMany(s => s.Tests.SelectMany(t => t.Columns)).Concat(alsoRead).Append(label)
            .ToHashSet(StringComparer.Ordinal);
        var budget = MemoryBudget.OfMachine();
        var tables = files.ToDictionary(f => f, f =>
            new Table(f, [.. f.Names.Select(n => Mode(n, wishes, common.Contains(n), tested.Contains(n)))], budget, cancellation));
        ColumnProfile[] profiles = [.. common.Where(n => n == label || wishes.Of(n) != ColumnKind.Ignored)
            .Select(n => new ColumnProfile(n))];
        TableSlice[] slices = [.. sources.Select(s => new TableSlice(tables[s.File], s.Tests))];
        var rows = new long[sources.Count];
        var withoutLabel = new long[sources.Count];
        for (var i = 0; i < files.Length; i++)
        {
            var (file, before) = (files[i], (double)i / files.Length);
            Read(tables[file], slices, label, profiles, wishes, rows, withoutLabel, s => share(before + (s / files.Length)));
        }

        RequireRows(sources, label, rows, withoutLabel);
        var plan = LabelPlan.Of(profiles.First(p => p.Name == label), task, positive);
        ColumnPlan[] columns = [.. common.Where(n => n != label).Select(n => profiles.FirstOrDefault(p => p.Name == n) is { } p
            ? ColumnPlan.Of(p, wishes.Of(n)) : new ColumnPlan(n, ColumnKind.Ignored, "as you said", false))];
        if (columns.All(c => c.Kind == ColumnKind.Ignored))
        {
            throw Failure.Input("No column is left to predict from: " + (columns.Length == 0
                ? $"the files share the label '{label}' and nothing else. "
                + $"{string.Join("; ", files.Select(f => $"{f.Path} has {Names.Of([.. f.Names.Where(n => n != label)])}"))}. Columns "
                + $"are found by name, capitals and all."
                : string.Join("; ", columns.GroupBy(c => c.Why).Select(g => $"{Names.Of([.. g.Select(c => $"'{c.Name}'")])} {(g.Count() == 1 ? "is" : "are")} left out ({g.Key})")) + "."));
        }

        return new TablePlan(columns, plan, onlySome, slices, rows, withoutLabel);
    }

    private static ColumnMode Mode(string name, ColumnWishes wishes, bool isCommon, bool isTested) =>
        wishes.Of(name) == ColumnKind.Text && !isTested ? ColumnMode.Raw
        : isTested || (isCommon && wishes.Of(name) != ColumnKind.Ignored) ? ColumnMode.Cells
        : ColumnMode.Skip;

    private static void Read(
        Table table, TableSlice[] slices, string label, ColumnProfile[] profiles, ColumnWishes wishes, long[] rows, long[] withoutLabel,
            Action<double> share)
    {
        var file = table.File;
        var columns = profiles.Select(p => (Profile: p, Index: file.IndexOf(p.Name), AsDates: wishes.Of(p.Name) == ColumnKind.Date))
            .ToArray();
        var labelled = new RowTest.HasValue(label);
        var (last, taken) = (default(Chunk), Array.Empty<bool>());
        foreach (var chunk in table.Chunks(share))
        {
            var all = new bool[chunk.Count];
            for (var s = 0; s < slices.Length; s++)
            {
                if (slices[s].Table != table)
                {
                    continue;
                }

                var kept = RowTest.Kept(slices[s].Tests, file, chunk);
                var before = kept.Count(k => k);
                labelled.Mark(file, chunk, kept);
                var after = kept.Count(k => k);
                rows[s] += after;
                withoutLabel[s] += before - after;
                for (var r = 0; r < all.Length; r++)
                {
                    all[r] |= kept[r];
                }
            }

            Parallel.ForEach(columns, c => c.Profile.Add(file, chunk, c.Index, all, c.AsDates));
            (last, taken) = (chunk, all);
        }

        SummaryRow.RequireNone(file, last, taken);
    }

    private static void RequireRows(IReadOnlyList<RowSource> sources, string label, long[] rows, long[] withoutLabel)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            if (rows[i] == 0)
            {
                throw Failure.Input(withoutLabel[i] > 0
                    ? $"{sources[i].Name}: none of its {withoutLabel[i]} rows has a value in the label column '{label}'."
                    : sources[i].Tests.Count > 0 ? $"{sources[i].Name}: no row of {sources[i].File.Path} is left."
                    + string.Concat(sources[i].Tests.Select(t => t.Hint(sources[i].File)))
                    : $"{sources[i].Name} has a header and no rows.");
            }
        }
    }
}
