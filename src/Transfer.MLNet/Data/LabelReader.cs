using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Data;

/// <summary>How a label column becomes numbers: the one thing in which the tasks differ when rows are read.</summary>
internal abstract class LabelReader
{
    /// <summary>Regression: the label is a Single as it is.</summary>
    public static LabelReader Number { get; } = new NumberLabel();

    /// <summary>Throws where the column is of a type that this reader cannot take.</summary>
    public abstract void Check(DataViewSchema.Column column);

    /// <summary>What gives the label of the row that the cursor stands on; NaN where it is missing.</summary>
    public abstract Func<double> Open(DataViewRow cursor, DataViewSchema.Column column);

    private sealed class NumberLabel : LabelReader
    {
        public override void Check(DataViewSchema.Column column) => ColumnTypes.RequireSingle(column, "label");

        public override Func<double> Open(DataViewRow cursor, DataViewSchema.Column column)
        {
            var getter = cursor.GetGetter<float>(column);
            var value = 0f;
            return () =>
            {
                getter(ref value);
                return value;
            };
        }
    }
}
