using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Models;

/// <summary>Which columns of a file a saved model is given, by the schema that was saved with it.</summary>
/// <param name="Columns">What the model reads.</param>
/// <param name="Absent">Columns of its schema that the file lacks, and that its predictions may be made of.</param>
/// <param name="Manner">What was done beyond matching by name, for people; null where nothing was.</param>
internal sealed record ModelRows(IReadOnlyList<TableColumn> Columns, IReadOnlyList<string> Absent, string? Manner)
{
    /// <summary>The column of its schema that the label stands for: what it was trained to predict; null where nothing tells.</summary>
    public string? OwnLabel { get; private init; }

    private bool KnowsNeeds { get; init; }

    /// <param name="model">What the rows are for.</param>
    /// <param name="parts">What they go through first: a part that makes features of a column's values knows those values.</param>
    /// <param name="file">Where the rows are.</param>
    /// <param name="label">The label's column; null where none is needed.</param>
    public static ModelRows Of(SavedModel model, IReadOnlyList<ITransformer> parts, TableFile file, string? label)
    {
        var names = file.Names;
        var columns = new List<TableColumn>();
        var absent = new List<string>();
        string? manner = null;
        var needed = NeededToPredict(model);
        bool IsSpare(DataViewSchema.Column c) => needed?.Contains(c.Name) == false;
        var own = label is null ? null
            : OwnLabelOf([.. model.Schema.Where(c => !c.IsHidden && IsSpare(c)).Select(c => c.Name)], label, names);
        foreach (var column in model.Schema.Where(c => !c.IsHidden))
        {
            if (IsSpare(column) && (!names.Contains(column.Name) || column.Type is VectorDataViewType || TypeOf(column.Type) is null))
            {
                columns.Add(TableColumn.Nothing(column));
            }
            else if (column.Type is VectorDataViewType { ItemType: var item, Size: > 0 } vector && item == NumberDataViewType.Single)
            {
                (var cells, manner) = CellsOf(column, vector.Size, names, label, model, file.Path);
                columns.Add(new TableColumn(column.Name, new VectorDataViewType(NumberDataViewType.Single, vector.Size), cells));
            }
            else if (!names.Contains(column.Name))
            {
                absent.Add(column.Name);
            }
            else if (TypeOf(column.Type) is { } type)
            {
                columns.Add(new TableColumn(column.Name, type, [column.Name], Spelled: type is TextDataViewType
                    && Vocabulary(model, parts, column.Name) is { } known ? Spelling.To(known) : null));
            }
            else if (column.Name != label)
            {
                throw Failure.Input($"{model.Path} asks for column '{column.Name}' as {column.Type}, which cannot be read from a file "
                    + $"of rows.");
            }
        }

        return new ModelRows(columns, absent, manner) { OwnLabel = own, KnowsNeeds = needed is not null };
    }

    /// <summary>A view with the model's columns and the label beside them, under a name that the model has no use for.</summary>
    public TableView View(TableSlice slice, TableColumn? label, CancellationToken cancellation) =>
        new([slice], label is null ? Columns : [.. Columns.Where(c => c.Name != label.Name), label], label?.Cells[0], cancellation);

    /// <summary>
    /// A name for the label that no column of the model has; where the label has the type of the one that the model was trained on, the
    /// name of that one: the model may make another of it (the logarithm of a price).
    /// </summary>
    public string LabelName(LabelPlan label) =>
        OwnLabel is { } own && Columns.First(c => c.Name == own).Type == PlannedRows.Column(label, own).Type ? own
            : Columns.Any(c => c.Name == label.Name) ? $"{label.Name} (label)" : label.Name;

    /// <summary>Whether rows of these columns pass through the model, or what it misses.</summary>
    public void RequireFit(SavedModel model, TableFile file, IEnumerable<ITransformer> parts)
    {
        var schema = new TableView([], Columns, null, CancellationToken.None).Schema;
        try
        {
            foreach (var part in parts)
            {
                schema = part.GetOutputSchema(schema);
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw Failure.Input($"{file.Path} does not fit {model.Path}: "
                + (Absent.Count > 0 ? $"it lacks {Names.Of([.. Absent.Select(a => $"'{a}'")])}, "
                + (KnowsNeeds ? "which the model predicts from; " : "of which the model uses one at least; ")
                + $"it has {Names.Of(file.Names)}. " : "")
                + $"ML.NET says: {e.Message}", e);
        }
    }

    /// <summary>
    /// The columns that the predictions are made of; null where the model does not tell. Others are for training alone: labels, weights.
    /// </summary>
    private static HashSet<string>? NeededToPredict(SavedModel model)
    {
        try
        {
            if (!model.Model.IsRowToRowMapper)
            {
                return null;
            }

            var mapper = model.Model.GetRowToRowMapper(model.Schema);
            DataViewSchema.Column[] predictions = [.. mapper.OutputSchema.Where(
                c => !c.IsHidden && c.Name is "Score" or "Probability" or "PredictedLabel")];
            return predictions.Length == 0 ? null : [.. mapper.GetDependencies(predictions).Select(c => c.Name)];
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // A part that does not tell what it needs; that a file does not fit is told where its columns are tried.
            return null;
        }
    }

    private static string? OwnLabelOf(IReadOnlyList<string> spare, string label, IReadOnlyList<string> names) =>
        spare.Contains(label) ? label : spare.Where(s => !names.Contains(s)).ToArray() is [var only] ? only : null;

    /// <summary>The values of a column of text that the model makes a feature of each; null where it does not.</summary>
    private static IReadOnlyList<string>? Vocabulary(SavedModel model, IReadOnlyList<ITransformer> parts, string name)
    {
        try
        {
            DataViewSchema schema = model.Schema;
            foreach (var part in parts)
            {
                schema = part.GetOutputSchema(schema);
                if (schema.GetColumnOrNull(name) is { Type: VectorDataViewType { Size: > 0 and <= 10_000 } } column
                    && column.HasSlotNames())
                {
                    return Slots.Of(column);
                }
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // That the file does not fit is told where its own columns are tried.
        }

        return null;
    }

    private static DataViewType? TypeOf(DataViewType type) =>
        type is TextDataViewType or BooleanDataViewType or DateTimeDataViewType || type == NumberDataViewType.Single
            || type == NumberDataViewType.Double || type == NumberDataViewType.Int32 || type == NumberDataViewType.Int64
            ? type
            : null;

    private static (IReadOnlyList<string> Cells, string Manner) CellsOf(
        DataViewSchema.Column column, int size, IReadOnlyList<string> names, string? label, SavedModel model, string path)
    {
        if (column.HasSlotNames())
        {
            var slots = default(VBuffer<ReadOnlyMemory<char>>);
            column.GetSlotNames(ref slots);
            string[] cells = [.. slots.DenseValues().Select(s => s.ToString())];
            if (cells.All(names.Contains))
            {
                return (cells, $"'{column.Name}' is made of the columns that its slots are named for");
            }
        }

        string[] numbered = [.. Enumerable.Range(0, size).Select(i => $"{column.Name}[{i}]")];
        if (numbered.All(names.Contains))
        {
            return (numbered, $"'{column.Name}' is made of {numbered[0]} to {numbered[^1]}");
        }

        string[] rest = [.. names.Where(n => n != label && !model.Schema.Any(c => c.Name == n))];
        return rest.Length == size
            ? (rest, $"'{column.Name}' is made of the columns {rest[0]} to {rest[^1]}, in the order of the file")
            : throw Failure.Input($"{model.Path} asks for '{column.Name}', {size} numbers in one column. A file can give them as "
            + $"'{column.Name}[0]' to '{column.Name}[{size - 1}]', "
                + $"or as {size} columns and nothing else; {path} has {rest.Length} beside the label.");
    }
}
