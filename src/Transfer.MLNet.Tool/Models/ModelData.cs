using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Models;

/// <summary>Rows of a file for a model that is settled: its columns, and what its label column holds.</summary>
/// <param name="Slice">The rows.</param>
/// <param name="Rows">The columns.</param>
/// <param name="Label">The label's column; null where none is asked for.</param>
internal sealed record ModelData(TableSlice Slice, ModelRows Rows, ColumnProfile? Label)
{
    /// <param name="work">What every command works with.</param>
    /// <param name="model">What the rows are for.</param>
    /// <param name="parts">What they go through; a file that does not fit is told.</param>
    /// <param name="source">Where they are.</param>
    /// <param name="label">The label's column; null where none is needed.</param>
    /// <param name="alsoRead">Columns that tests will look at.</param>
    /// <param name="exposure">The column of exposures; null where there is none.</param>
    public static ModelData Of(Work work, SavedModel model, IReadOnlyList<ITransformer> parts, RowSource source, string? label,
        IReadOnlyList<string> alsoRead, string? exposure = null)
    {
        var file = source.File;
        if (exposure is not null)
        {
            file.IndexOf(exposure, "--exposure");
            alsoRead = [.. alsoRead, exposure];
        }

        if (label is not null)
        {
            file.IndexOf(label, "--label");
        }

        var rows = ModelRows.Of(model, parts, file, label);
        rows.RequireFit(model, file, parts);
        rows = exposure is null ? rows : rows with { Columns = [.. rows.Columns, Exposed.Column(exposure)] };
        var raw = rows.Columns.Where(c => c.Type is TextDataViewType).SelectMany(c => c.Cells).ToHashSet(StringComparer.Ordinal);
        var needed = rows.Columns.SelectMany(c => c.Cells).Concat(source.Tests.SelectMany(t => t.Columns)).Concat(alsoRead)
            .ToHashSet(StringComparer.Ordinal);
        var tested = source.Tests.SelectMany(t => t.Columns).Concat(alsoRead).ToHashSet(StringComparer.Ordinal);
        // A summary may stand in a column that the model has no use for.
        var unused = label is null || file.IsParquet ? ColumnMode.Skip : ColumnMode.Cells;
        var table = new Table(
            file,
            [.. file.Names.Select(n => n == label || tested.Contains(n) ? ColumnMode.Cells : raw.Contains(n) ? ColumnMode.Raw
                : needed.Contains(n) ? ColumnMode.Cells : unused)],
            MemoryBudget.OfMachine(),
            work.Cancellation);
        ColumnProfile[] profiles = [.. rows.Columns.Where(c => c.Type is DateTimeDataViewType).SelectMany(c => c.Cells).Append(label)
            .OfType<string>().Distinct().Select(n => new ColumnProfile(n))];
        if (profiles.Length > 0)
        {
            Screen.While("reading", share =>
            {
                Read(table, source.Tests, profiles, label, share);
                return true;
            });
        }

        return new ModelData(
            new TableSlice(table, source.Tests),
            rows with
            {
                Columns = [.. rows.Columns.Select(
                c => c is { Type: DateTimeDataViewType, Absent: null }
                    ? Dated(c, model, file, profiles.First(p => p.Name == c.Cells[0])) : c)]
            },
            profiles.FirstOrDefault(p => p.Name == label));
    }

    /// <summary>A view with the model's columns and the label beside them, under a name that the model has no use for.</summary>
    public TableView View(TableColumn? label, CancellationToken cancellation, params RowTest[] tests) =>
        Rows.View(Slice.With(tests), label, cancellation);

    private static void Read(Table table, IReadOnlyList<RowTest> tests, ColumnProfile[] profiles, string? label, Action<double> share)
    {
        long rows = 0;
        var (last, taken) = (default(Chunk), Array.Empty<bool>());
        foreach (var chunk in table.Chunks(share))
        {
            var kept = RowTest.Kept(tests, table.File, chunk);
            rows += kept.Count(k => k);
            foreach (var profile in profiles)
            {
                profile.Add(table.File, chunk, table.File.IndexOf(profile.Name), kept);
            }

            (last, taken) = (chunk, kept);
        }

        if (label is not null)
        {
            SummaryRow.RequireNone(table.File, last, taken);
        }

        if (rows == 0)
        {
            throw Failure.Input(tests.Count > 0 ? $"{table.File.Path}: no row is left of which the condition holds."
                + string.Concat(tests.Select(t => t.Hint(table.File)))
                : $"{table.File.Path} has a header and no rows.");
        }

        if (label is not null && profiles.First(p => p.Name == label) is { Present: 0, Unreadable: null } empty)
        {
            throw Failure.Input($"{table.File.Path}: none of its {empty.Rows} rows has a value in the label column '{label}'.");
        }
    }

    // What the file shows of its dates goes before what was said when the model was trained.
    private static TableColumn Dated(TableColumn column, SavedModel model, TableFile file, ColumnProfile profile)
    {
        if (profile.Orders.ContainsKey(file.Path) || !profile.UndecidedOrders.Any())
        {
            return column with { DateOrders = profile.Orders };
        }

        return ColumnNotes.Of(model.Schema[column.Name], ColumnNotes.DateOrder) is { } text && Enum.TryParse<DateOrder>(text, out var order)
            ? column with { DateOrders = new Dictionary<string, DateOrder> { [file.Path] = order } }
            : throw Failure.Input($"{file.Path}, column '{profile.Name}': whether '{profile.UndecidedOrders.First().Value}' begins with "
            + $"the day or with the month does not show in the file. "
                + "Give --date-order dmy or --date-order mdy.");
    }
}
