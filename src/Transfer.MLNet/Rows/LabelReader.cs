using Microsoft.ML;

namespace Transfer.MLNet.Rows;

/// <summary>How a label column becomes numbers: the one thing in which the tasks differ when rows are read.</summary>
internal abstract class LabelReader
{
    /// <summary>Regression: the label is a Single as it is.</summary>
    public static LabelReader Number { get; } = new NumberLabel();

    /// <summary>Binary classification: 0 is false, 1 is true.</summary>
    public static LabelReader Boolean { get; } = new BooleanLabel();

    /// <summary>Multiclass classification: the keys 1 to K are the classes 0 to K - 1, the missing key is NaN.</summary>
    public static LabelReader Key { get; } = new KeyLabel();

    /// <summary>Why rows are left out, for the message that counts them.</summary>
    public virtual string Unusable => "a NaN or an infinity";

    /// <summary>A second column that this reader reads with the label, or null.</summary>
    public virtual DataViewSchema.Column? Beside(DataViewSchema schema) => null;

    /// <summary>Throws where the column is of a type that this reader cannot take.</summary>
    public abstract void Check(DataViewSchema.Column column);

    /// <summary>What gives the label of the row that the cursor stands on; NaN where it is missing.</summary>
    public abstract Func<double> Open(DataViewRow cursor, DataViewSchema.Column column);

    private sealed class NumberLabel : LabelReader
    {
        public override void Check(DataViewSchema.Column column) => ColumnTypes.RequireSingle(column, "label");

        public override Func<double> Open(DataViewRow cursor, DataViewSchema.Column column) =>
            ColumnValues.Open<float, double>(cursor, column, v => v);
    }

    private sealed class BooleanLabel : LabelReader
    {
        public override void Check(DataViewSchema.Column column) => ColumnTypes.RequireBoolean(column);

        public override Func<double> Open(DataViewRow cursor, DataViewSchema.Column column) =>
            ColumnValues.Open<bool, double>(cursor, column, v => v ? 1 : 0);
    }

    private sealed class KeyLabel : LabelReader
    {
        public override string Unusable => "a missing key (a label that the mapping to keys does not know), a NaN or an infinity";

        public override void Check(DataViewSchema.Column column) => ColumnTypes.RequireKey(column);

        public override Func<double> Open(DataViewRow cursor, DataViewSchema.Column column) => column.Type.RawType switch
        {
            var t when t == typeof(byte) => Open<byte>(cursor, column, k => k),
            var t when t == typeof(ushort) => Open<ushort>(cursor, column, k => k),
            var t when t == typeof(ulong) => Open<ulong>(cursor, column, k => k),
            _ => Open<uint>(cursor, column, k => k),
        };

        private static Func<double> Open<TKey>(DataViewRow cursor, DataViewSchema.Column column, Func<TKey, double> widen) =>
            ColumnValues.Open<TKey, double>(cursor, column, key => widen(key) is > 0 and var number ? number - 1 : double.NaN);
    }
}
