using Microsoft.ML;

namespace Transfer.MLNet.Rows;

/// <summary>Counts, and what each was counted in: a label that may be refused, and an exposure that must be above zero.</summary>
/// <param name="refusal">Why a number cannot be a count, or null.</param>
/// <param name="exposure">The column of the exposures, or null where all are 1.</param>
internal sealed class CountLabel(Func<double, string?> refusal, string? exposure) : LabelReader
{
    /// <summary>The exposure of the row whose label was read last.</summary>
    public double Exposure { get; private set; } = 1;

    public override void Check(DataViewSchema.Column column) => ColumnTypes.RequireSingle(column, "label");

    public override DataViewSchema.Column? Beside(DataViewSchema schema)
    {
        if (exposure is null)
        {
            return null;
        }

        var column = ColumnTypes.Find(schema, exposure, "exposure");
        ColumnTypes.RequireSingle(column, "exposure");
        return column;
    }

    public override Func<double> Open(DataViewRow cursor, DataViewSchema.Column column)
    {
        var counts = cursor.GetGetter<float>(column);
        var exposures = Beside(cursor.Schema) is { } beside ? cursor.GetGetter<float>(beside) : null;
        var (count, among) = (0f, 1f);
        return () =>
        {
            counts(ref count);
            exposures?.Invoke(ref among);
            if (!(among > 0 && float.IsFinite(among)))
            {
                throw new InvalidOperationException(
                    $"The exposure column '{exposure}' has the value {among} in row {cursor.Position}; exposures must be finite and above "
                    + $"zero. "
                    + "Correct it, or leave the row out with ml.Data.FilterRowsByColumn.");
            }

            if (float.IsFinite(count) && refusal(count) is { } why)
            {
                throw new InvalidOperationException(
                    $"The label column '{column.Name}' has the value {count} in row {cursor.Position}, which {why}: counts are whole and "
                    + $"not negative. "
                    + "Correct it, or leave the row out with ml.Data.FilterRowsByColumn; a rate becomes a count with its exposure as a "
                    + "column.");
            }

            Exposure = among;
            return count;
        };
    }
}
