using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Rows;

/// <summary>Whose each row is: the values of a key column, numbered in the order in which they first appear.</summary>
internal sealed class RowKeys
{
    /// <summary>The number of a row that has no key.</summary>
    public const int None = -1;

    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _byNumber = [];
    private readonly List<long> _rows = [];
    private readonly string[]? _keyValues;

    /// <exception cref="ArgumentException">The column is missing, or of a type that names nobody.</exception>
    public RowKeys(DataViewSchema schema, string column)
    {
        Column = ColumnTypes.Find(schema, column, "key");
        var type = Column.Type;
        if (!NamesSomebody(type))
        {
            throw new ArgumentException(
                $"The key column '{column}' is of type {type}, but must be text, a key or a whole number. "
                + (type is VectorDataViewType
                    ? "If the model's featurisation encodes it in place, give the key in a column of its own: Transforms.CopyColumns."
                    : $"Convert it with Conversion.ConvertType(\"{column}\", outputKind: DataKind.String)."));
        }

        _keyValues = type is KeyDataViewType ? KeyValuesOf(Column) : null;
    }

    public DataViewSchema.Column Column { get; }

    /// <summary>The names, in the order of their numbers.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of the row that the cursor stands on; <see cref="None"/> where it has no key.</summary>
    public int Current { get; private set; }

    /// <summary>Rows without a key so far.</summary>
    public long Missing { get; private set; }

    /// <summary>What is to be told of rows without a key; null where all have one.</summary>
    public string? MissingWarning => Missing == 0 ? null
        : $"{Missing} rows have no key in column '{Column.Name}' and belong to no target; they were left out.";

    /// <summary>Rows read of each, those that were left out too.</summary>
    public long RowsOf(int number) => _rows[number];

    /// <summary>What is to be called on each row; sets <see cref="Current"/>.</summary>
    public Action Open(DataViewRow cursor) => Column.Type switch
    {
        TextDataViewType => OpenText(cursor),
        BooleanDataViewType => Open<bool>(cursor, v => v ? 1 : 0, v => v != 0 ? "true" : "false"),
        KeyDataViewType key => key.RawType == typeof(byte) ? OpenKey<byte>(cursor, v => v)
            : key.RawType == typeof(ushort) ? OpenKey<ushort>(cursor, v => v)
            : key.RawType == typeof(uint) ? OpenKey<uint>(cursor, v => v)
            : OpenKey<ulong>(cursor, v => unchecked((long)v)),
        var type => type.RawType == typeof(sbyte) ? Open<sbyte>(cursor, v => v)
            : type.RawType == typeof(byte) ? Open<byte>(cursor, v => v)
            : type.RawType == typeof(short) ? Open<short>(cursor, v => v)
            : type.RawType == typeof(ushort) ? Open<ushort>(cursor, v => v)
            : type.RawType == typeof(int) ? Open<int>(cursor, v => v)
            : type.RawType == typeof(uint) ? Open<uint>(cursor, v => v)
            : type.RawType == typeof(long) ? Open<long>(cursor, v => v)
            : Open<ulong>(cursor, v => unchecked((long)v), v => unchecked((ulong)v).ToString(CultureInfo.InvariantCulture)),
    };

    /// <summary>All names of a column; null where there is no such column, or one that names nobody.</summary>
    public static IReadOnlySet<string>? NamesIn(IDataView data, string column, CancellationToken cancellation)
    {
        if (data.Schema.GetColumnOrNull(column) is not { } found || !NamesSomebody(found.Type))
        {
            return null;
        }

        var keys = new RowKeys(data.Schema, column);
        using var cursor = data.GetRowCursor([found]);
        var stand = keys.Open(cursor);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            stand();
        }

        return keys._names.ToHashSet(StringComparer.Ordinal);
    }

    private static bool NamesSomebody(DataViewType type) =>
        type is TextDataViewType or BooleanDataViewType or KeyDataViewType || IsWhole(type);

    private static bool IsWhole(DataViewType type) =>
        type is NumberDataViewType && type.RawType != typeof(float) && type.RawType != typeof(double);

    private static string[]? KeyValuesOf(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is not VectorDataViewType { ItemType: TextDataViewType })
        {
            return null;
        }

        var values = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(v => v.ToString())];
    }

    private Action OpenText(DataViewRow cursor)
    {
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(Column);
        var lookup = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        var value = default(ReadOnlyMemory<char>);
        return () =>
        {
            getter(ref value);
            if (value.IsEmpty)
            {
                Miss();
            }
            else
            {
                Stand(lookup.TryGetValue(value.Span, out var number) ? number : Named(value.ToString()));
            }
        };
    }

    /// <summary>Keys are counted from 1; 0 is a missing one.</summary>
    private Action OpenKey<T>(DataViewRow cursor, Func<T, long> toNumber) => Open(
        cursor, toNumber, v =>
        _keyValues is { } names && v <= names.Length ? names[v - 1] : v.ToString(CultureInfo.InvariantCulture), missing: 0);

    private Action Open<T>(DataViewRow cursor, Func<T, long> toNumber, Func<long, string>? nameOf = null, long? missing = null)
    {
        var getter = cursor.GetGetter<T>(Column);
        nameOf ??= v => v.ToString(CultureInfo.InvariantCulture);
        var value = default(T)!;
        return () =>
        {
            getter(ref value);
            var code = toNumber(value);
            if (code == missing)
            {
                Miss();
                return;
            }

            if (!_byNumber.TryGetValue(code, out var number))
            {
                number = Named(nameOf(code));
                _byNumber.Add(code, number);
            }

            Stand(number);
        };
    }

    private int Named(string name)
    {
        if (!_byName.TryGetValue(name, out var number))
        {
            number = _names.Count;
            _names.Add(name);
            _rows.Add(0);
            _byName.Add(name, number);
        }

        return number;
    }

    private void Stand(int number)
    {
        Current = number;
        _rows[number]++;
    }

    private void Miss()
    {
        Current = None;
        Missing++;
    }
}
