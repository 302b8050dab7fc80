using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Rows;

/// <summary>
/// The rows of a data view as a task has them: columns found and checked once, then as many passes as are needed, in the view's
/// order. A row with a NaN or an infinity is left out and counted; a row of weight zero is left out.
/// </summary>
internal sealed class RowReader
{
    // Looks for cancellation come this often, and wide rows more often by as many times as they are wide.
    private const int RowsBetweenLooks = 256;
    private const int NumbersBetweenLooks = 1 << 18;

    private readonly IDataView _data;
    private readonly LabelReader _labels;
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column? _beside;
    private readonly DataViewSchema.Column _features;
    private readonly DataViewSchema.Column? _weight;
    private readonly RowKeys? _keys;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Which columns they are read from.</param>
    /// <param name="labels">How the label is read; by default as a number.</param>
    /// <param name="keys">What is told of every row that is read, those that are left out too: whose it is; null where rows have no
    /// owners.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public RowReader(IDataView data, TaskColumns columns, LabelReader? labels = null, RowKeys? keys = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(columns);
        _data = data;
        _labels = labels ?? LabelReader.Number;
        Columns = columns;
        _keys = keys;
        _label = ColumnTypes.Find(data.Schema, columns.Label, "label");
        _labels.Check(_label);
        _beside = _labels.Beside(data.Schema);
        _features = ColumnTypes.Find(data.Schema, columns.Features, "feature");
        FeatureCount = ColumnTypes.RequireVectorOfSingle(_features);
        if (columns.Weight is not null)
        {
            _weight = ColumnTypes.Find(data.Schema, columns.Weight, "weight");
            ColumnTypes.RequireSingle(_weight.Value, "weight");
        }

        FeatureNames = ReadFeatureNames(_features, FeatureCount);
    }

    /// <summary>One row: its features as ML.NET has them, dense or sparse; valid until the call returns.</summary>
    /// <param name="features">p features.</param>
    /// <param name="label">What is predicted.</param>
    /// <param name="weight">Above zero; 1 where the task has no weights.</param>
    /// <param name="position">Which row of the view it is, from 0, those that are left out counted too.</param>
    public delegate void Taker(in VBuffer<float> features, double label, double weight, long position);

    public TaskColumns Columns { get; }

    /// <summary>p.</summary>
    public int FeatureCount { get; }

    /// <summary>How many rows the view says it has, those that will be left out too; null where it does not know without reading.</summary>
    public long? RowCount => _data.GetRowCount();

    /// <summary>How many rows the last pass left out for a NaN or an infinity.</summary>
    public long LeftOut { get; private set; }

    /// <summary>The names of the features, or none where the column has none.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>One pass over the view.</summary>
    /// <param name="take">Called with each row that counts.</param>
    /// <param name="warn">Called at most once, at the end, where rows were left out for a NaN or an infinity.</param>
    /// <param name="cancellation">Looked at every few hundred rows, or each of wide ones.</param>
    /// <exception cref="InvalidOperationException">No row is left, or a weight is negative.</exception>
    public void Read(Taker take, Action<string>? warn, CancellationToken cancellation)
    {
        var wanted = new List<DataViewSchema.Column> { _label, _features };
        if (_weight is { } w)
        {
            wanted.Add(w);
        }

        if (_keys is not null)
        {
            wanted.Add(_keys.Column);
        }

        if (_beside is { } beside)
        {
            wanted.Add(beside);
        }

        var (position, taken, skipped, weightless) = (0L, 0L, 0L, 0L);
        (string Column, long Row)? firstSkipped = null;
        using (var cursor = _data.GetRowCursor(wanted))
        {
            var label = _labels.Open(cursor, _label);
            var features = cursor.GetGetter<VBuffer<float>>(_features);
            var weights = _weight is { } column ? cursor.GetGetter<float>(column) : null;
            var next = _keys?.Open(cursor);
            var buffer = default(VBuffer<float>);
            var weight = 1f;
            var betweenLooks = Math.Clamp(NumbersBetweenLooks / FeatureCount, 1, RowsBetweenLooks);
            for (; cursor.MoveNext(); position++)
            {
                if (position % betweenLooks == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                next?.Invoke();
                weights?.Invoke(ref weight);
                if (weight < 0)
                {
                    throw new InvalidOperationException(
                        $"The weight column '{Columns.Weight}' has the value {weight} in row {cursor.Position}; weights must not be "
                            + $"negative. "
                        + "Correct it, or leave the row out with ml.Data.FilterRowsByColumn.");
                }

                if (weight == 0)
                {
                    weightless++;
                    continue;
                }

                var y = label();
                features(ref buffer);
                RequireLength(buffer.Length, cursor.Position);
                var bad = !float.IsFinite(weight) ? Columns.Weight
                    : !double.IsFinite(y) ? Columns.Label
                    : !AllFinite(buffer.GetValues()) ? Columns.Features
                    : null;
                if (bad is not null)
                {
                    firstSkipped ??= (bad, cursor.Position);
                    skipped++;
                    continue;
                }

                take(in buffer, y, weight, position);
                taken++;
            }
        }

        LeftOut = skipped;
        if (taken == 0)
        {
            throw NothingLeft(position, skipped, weightless, firstSkipped?.Column);
        }

        if (firstSkipped is { } first)
        {
            warn?.Invoke(
                $"{skipped} of {position} rows were left out because of {_labels.Unusable}, the first of them (row {first.Row}) in column "
                + $"'{first.Column}'. "
                + "Replace missing values (Transforms.ReplaceMissingValues) or filter such rows to choose yourself what happens to them.");
        }
    }

    /// <summary>One pass over the view without a word of warning: for those after the first.</summary>
    public void HandTo(RowTarget target, CancellationToken cancellation) => Read(
        (in features, label, weight, position) => DenseRow.Write(in features, target(label, weight, position)), warn: null, cancellation);

    private void RequireLength(int length, long position)
    {
        if (length != FeatureCount)
        {
            throw new InvalidOperationException(
                $"The feature column '{Columns.Features}' has {length} values in row {position}, but its type says {FeatureCount}. "
                + "The transform that made it is at fault.");
        }
    }

    private InvalidOperationException NothingLeft(long rows, long skipped, long weightless, string? column) => new(
        rows == 0 ? $"The data has no rows: there is nothing to learn from in column '{Columns.Features}'. Check the filters and the path "
        + $"that it was loaded from."
        : weightless == rows
        ? $"All {rows} weights in column '{Columns.Weight}' are zero, so that no row counts. At least one must be above zero; leave the "
        + $"weight column out to count all rows the same."
        : $"None of the {rows} rows can be used: {skipped} have {_labels.Unusable}, the first of them in column '{column}'"
            + (weightless > 0 ? $", and {weightless} have weight zero in column '{Columns.Weight}'. " : ". ")
            + "Replace missing values first (Transforms.ReplaceMissingValues), or look at how the column was made.");

    /// <summary>Zero times anything finite is zero; zero times NaN or an infinity is NaN, and stays in the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        var sum = 0f;
        var i = 0;
        if (values.Length >= Vector<float>.Count)
        {
            var sums = Vector<float>.Zero;
            ref var origin = ref MemoryMarshal.GetReference(values);
            for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
            {
                sums += Vector.LoadUnsafe(ref origin, (nuint)i) * Vector<float>.Zero;
            }

            sum = Vector.Sum(sums);
        }

        for (; i < values.Length; i++)
        {
            sum += values[i] * 0f;
        }

        return sum == 0;
    }

    /// <summary>The names of the features (p); empty where the column has none.</summary>
    public static string[] ReadFeatureNames(DataViewSchema.Column column, int count)
    {
        if (!column.HasSlotNames())
        {
            return [];
        }

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        return names.Length == count ? [.. names.DenseValues().Select(n => n.ToString())] : [];
    }
}
