using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Parquet;
using Parquet.Schema;
using Transfer.MLNet.Files;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>
/// A Parquet file as ML.NET reads it, in its order. One row group is in memory at a time, and of it the columns that are asked for.
/// </summary>
internal sealed class ParquetView : IDataView
{
    /// <summary>The vector that features are made.</summary>
    public const string Vector = "Features";

    private readonly MemoryBudget _budget;
    private readonly CancellationToken _cancellation;
    // Where each column of the schema is in the file; the vector comes last.
    private readonly ParquetColumn[] _columns;
    private readonly ParquetColumn[] _features;

    /// <param name="path">The file.</param>
    /// <param name="features">The columns that become the vector; none: there is no vector.</param>
    /// <param name="budget">What a row group may take of the memory.</param>
    /// <param name="cancellation">Ends any pass.</param>
    /// <exception cref="InvalidDataException">It is no Parquet, is damaged, or has not the features as numbers.</exception>
    public ParquetView(string path, IReadOnlyList<string> features, MemoryBudget budget, CancellationToken cancellation)
    {
        (Path, _budget, _cancellation) = (path, budget, cancellation);
        ParquetFooter.Require(path);
        var fields = ParquetWait.Whole("its footer", ParquetWait.LimitOf(0), FieldsOf, cancellation);
        _columns = [.. fields.Select(ParquetColumn.Of).OfType<ParquetColumn>()];
        _features = [.. features.Select(name => Feature(name, fields))];
        var schema = new DataViewSchema.Builder();
        foreach (var column in _columns)
        {
            schema.AddColumn(column.Name, column.Type);
        }

        if (_features.Length > 0)
        {
            var names = new DataViewSchema.Annotations.Builder();
            names.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, features.Count),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(features.Count, [.. features.Select(f => f.AsMemory())]));
            schema.AddColumn(Vector, new VectorDataViewType(NumberDataViewType.Single, features.Count), names.ToAnnotations());
        }

        Schema = schema.ToSchema();
    }

    public string Path { get; }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>Names of features, as they travel with a job.</summary>
    public static string List(string[] features) => JsonSerializer.Serialize(features);

    public static string[] Listed(string json) => JsonSerializer.Deserialize<string[]>(json)!;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new ParquetCursor(this, Open(), [.. columnsNeeded.Select(c => c.Index)], _budget, _cancellation);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>The file's columns of which one of the schema is made: itself, or the features.</summary>
    public ParquetColumn[] MadeOf(int column) => column < _columns.Length ? [_columns[column]] : _features;

    /// <summary>Ends at once: the reader waits for nothing but the file.</summary>
    public static void Close(ParquetReader reader) => reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private ParquetReader Open() => ParquetReader.CreateAsync(Path).GetAwaiter().GetResult();

    private DataField[] FieldsOf()
    {
        var reader = Open();
        try
        {
            return reader.Schema.GetDataFields();
        }
        finally
        {
            Close(reader);
        }
    }

    private ParquetColumn Feature(string name, DataField[] fields) =>
        Array.Find(_columns, c => c.Name == name) is { } found
            ? found.Type is NumberDataViewType ? found : throw new InvalidDataException(
                $"its column '{name}' is text, of which a featuriser makes features (MomentsJobOptions.FeaturiserPath)")
            : throw new InvalidDataException(Array.Exists(fields, f => ParquetColumn.NameOf(f) == name)
                ? $"its column '{name}' is neither a number nor text, and is not read. Make numbers of it, or leave it out"
                : $"it has no column '{name}'. It has {string.Join(", ", fields.Select(f => $"'{ParquetColumn.NameOf(f)}'"))}");
}
