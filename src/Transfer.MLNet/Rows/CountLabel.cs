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

    public override DataViewSchema.Column? Beside(DataViewSchema schema) => Column(schema, exposure);

    public override Func<double> Open(DataViewRow cursor, DataViewSchema.Column column)
    {
        var counts = cursor.GetGetter<float>(column);
        var exposures = OpenExposures(cursor, exposure);
        var count = 0f;
        return () =>
        {
            counts(ref count);
            var among = exposures();
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

    /// <summary>The exposure of each row that a cursor comes to; 1 where no column is named.</summary>
    /// <exception cref="ArgumentException">The column is not there, or not of Single.</exception>
    public static Func<double> OpenExposures(DataViewRow cursor, string? exposure)
    {
        if (Column(cursor.Schema, exposure) is not { } column)
        {
            return () => 1;
        }

        var (get, among) = (cursor.GetGetter<float>(column), 1f);
        return () =>
        {
            get(ref among);
            return among > 0 && float.IsFinite(among) ? among : throw new InvalidOperationException(
                $"The exposure column '{exposure}' has the value {among} in row {cursor.Position}; exposures must be finite and above "
                + "zero. Correct it, or leave the row out with ml.Data.FilterRowsByColumn.");
        };
    }

    /// <summary>The column of exposures; null where none is named.</summary>
    /// <exception cref="ArgumentException">It is not there, or not of Single.</exception>
    public static DataViewSchema.Column? Column(DataViewSchema schema, string? exposure)
    {
        if (exposure is null)
        {
            return null;
        }

        var column = ColumnTypes.Find(schema, exposure, "exposure");
        ColumnTypes.RequireSingle(column, "exposure");
        return column;
    }
}
