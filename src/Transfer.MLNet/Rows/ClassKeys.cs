using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Rows;

/// <summary>The classes of a key column in the order of its keys: how many there are, and the values that they stand for, where it has
/// any.</summary>
internal abstract class ClassKeys
{
    private const string KeyValues = "KeyValues";

    public abstract int Count { get; }

    /// <summary>The values as text; null where the keys stand for nothing.</summary>
    public abstract IReadOnlyList<string>? Names { get; }

    /// <summary>The names, where each class has one of its own: what classes of two tasks can be matched by. Else null.</summary>
    public IReadOnlyList<string>? DistinctNames =>
        Names is { } names && names.All(n => n.Length > 0) && names.Distinct(StringComparer.Ordinal).Count() == names.Count ? names : null;

    /// <param name="column">A column of keys.</param>
    public static ClassKeys Of(DataViewSchema.Column column)
    {
        var count = (int)((KeyDataViewType)column.Type).Count;
        return column.Annotations.Schema.GetColumnOrNull(KeyValues)?.Type is VectorDataViewType { ItemType: var type } vector
            && vector.Size == count
            ? (ClassKeys)Activator.CreateInstance(typeof(Valued<>).MakeGenericType(type.RawType), column, type)!
            : new Bare(count);
    }

    public static ClassKeys Named(IReadOnlyList<string> names) => new Valued<ReadOnlyMemory<char>>(
        [.. names.Select(n => n.AsMemory())], TextDataViewType.Instance);

    public static ClassKeys Unnamed(int count) => new Bare(count);

    /// <summary>For each of these classes the place of the one of the same name among others, -1 where there is none; null where one of the
    /// two has no names to go by.</summary>
    public int[]? PlacesIn(ClassKeys others)
    {
        if (DistinctNames is not { } names || others.DistinctNames is not { } otherNames)
        {
            return null;
        }

        var places = otherNames.Select((name, k) => (name, k)).ToDictionary(c => c.name, c => c.k, StringComparer.Ordinal);
        return [.. names.Select(n => places.GetValueOrDefault(n, -1))];
    }

    /// <summary>A class for messages.</summary>
    public string Describe(int index) => Names is { } names ? $"'{names[index]}'" : $"number {index + 1}";

    /// <summary>These classes, then those of another column.</summary>
    /// <param name="others">The other column.</param>
    /// <param name="which">Which of its classes.</param>
    /// <exception cref="ArgumentException">The values are of different types, or only one of the two has any.</exception>
    public abstract ClassKeys With(ClassKeys others, IReadOnlyList<int> which);

    /// <summary>The schema with this label column in place of its own of the same name.</summary>
    public DataViewSchema Into(DataViewSchema schema, string labelColumn)
    {
        var at = schema.GetColumnOrNull(labelColumn)?.Index;
        var columns = new DataViewSchema.Builder();
        foreach (var column in schema)
        {
            if (column.Index != at)
            {
                columns.AddColumn(column.Name, column.Type, column.Annotations);
                continue;
            }

            AddTo(columns, labelColumn);
        }

        if (at is null)
        {
            AddTo(columns, labelColumn);
        }

        return columns.ToSchema();
    }

    protected abstract void Annotate(DataViewSchema.Annotations.Builder annotations);

    private void AddTo(DataViewSchema.Builder columns, string name)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Annotate(annotations);
        columns.AddColumn(name, new KeyDataViewType(typeof(uint), Count), annotations.ToAnnotations());
    }

    private sealed class Bare(int count) : ClassKeys
    {
        public override int Count => count;

        public override IReadOnlyList<string>? Names => null;

        public override ClassKeys With(ClassKeys others, IReadOnlyList<int> which) => which.Count == 0 ? this
            : throw new ArgumentException(
                $"Classes of the starting point cannot be added to a label whose {count} keys have no values: nothing says which is which. "
                + "Map the label to keys with Conversion.MapValueToKey, or set MissingClasses = MissingClasses.Drop.");

        protected override void Annotate(DataViewSchema.Annotations.Builder annotations)
        {
        }
    }

    private sealed class Valued<T> : ClassKeys
    {
        private readonly T[] _values;
        private readonly PrimitiveDataViewType _type;
        private readonly string[] _names;

        public Valued(DataViewSchema.Column column, DataViewType type)
            : this(Read(column), (PrimitiveDataViewType)type)
        {
        }

        public Valued(T[] values, PrimitiveDataViewType type)
        {
            _values = values;
            _type = type;
            _names = Array.ConvertAll(values, v =>
                v is ReadOnlyMemory<char> text ? text.ToString() : Convert.ToString(v, CultureInfo.InvariantCulture) ?? string.Empty);
        }

        public override int Count => _values.Length;

        public override IReadOnlyList<string> Names => _names;

        public override ClassKeys With(ClassKeys others, IReadOnlyList<int> which) => which.Count == 0 ? this
            : others is Valued<T> same && same._type.Equals(_type) ? new Valued<T>(
            [.. _values, .. which.Select(k => same._values[k])], _type)
            : throw new ArgumentException(
                $"Classes of the starting point ({others.Describe(which[0])}, ...) cannot be added to a label whose keys stand for values "
                + $"of type {_type}: "
                + "theirs are of another type. Map both labels to keys from values of the same type, or set MissingClasses = "
                + "MissingClasses.Drop.");

        protected override void Annotate(DataViewSchema.Annotations.Builder annotations)
        {
            ValueGetter<VBuffer<T>> get = (ref VBuffer<T> to) => to = new VBuffer<T>(_values.Length, _values);
            annotations.Add(KeyValues, new VectorDataViewType(_type, _values.Length), get);
        }

        private static T[] Read(DataViewSchema.Column column)
        {
            var values = default(VBuffer<T>);
            column.GetKeyValues(ref values);
            return [.. values.DenseValues()];
        }
    }
}
