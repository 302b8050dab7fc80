using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>
/// What a featurisation makes of numbers alone, computed from the cells of a row at once, with the bits that its transforms give. ML.NET
/// asks five parts of a chain for each number, and divides the rows among threads one by one: twenty times as long.
/// </summary>
internal static class PlainFeatures
{
    private const string Missing = " missing";

    /// <summary>
    /// Rows with their features: computed at once where the featurisation is of numbers that are standardised, else by its transforms.
    /// </summary>
    public static IDataView Of(TableView rows, ITransformer featuriser) =>
        Column(featuriser, rows.Schema) is { } features ? rows.With(features) : featuriser.Transform(rows);

    /// <summary>The features as a column of a view; null where other things than standardised numbers are among them.</summary>
    public static TableColumn? Column(ITransformer featuriser, DataViewSchema input)
    {
        ITransformer[] chain = [.. Parts(featuriser)];
        if (!chain.All(IsPlain) || featuriser.GetOutputSchema(input).GetColumnOrNull(Featurisation.Features) is not { } column)
        {
            return null;
        }

        var slots = Slots.Of(column);
        string[] numbers = [.. slots.Where(s => input.GetColumnOrNull(s) is { } c && c.Type == NumberDataViewType.Single)];
        NormalizingTransformer[] normalisers = [.. chain.OfType<NormalizingTransformer>()];
        if (normalisers is not [var normaliser] || numbers.Distinct(StringComparer.Ordinal).Count() != numbers.Length
            || slots.Any(s => !numbers.Contains(s)
            && !(s.EndsWith(Missing, StringComparison.Ordinal) && numbers.Contains(s[..^Missing.Length]))))
        {
            return null;
        }

        // Parts of a featurisation stand in the order of their columns.
        var affine = new NormalizingTransformer.AffineNormalizerModelParameters<float>[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (normaliser.GetNormalizerModelParameters(i) is not NormalizingTransformer.AffineNormalizerModelParameters<float> parameters)
            {
                return null;
            }

            affine[i] = parameters;
        }

        ColumnPlan[] plans = [.. numbers.Select((n, i) => new ColumnPlan(n, ColumnKind.Number, "", true)
        {
            Mean = affine[i].Offset,
            StandardDeviation = 1.37 / (affine[i].Scale == 0 ? 1 : affine[i].Scale),
        })];
        var tried = new SummaryRows(input, plans, withGaps: true);
        var given = Rows(featuriser.Transform(tried), Featurisation.Features);
        FeatureSlot[] made = [.. slots.Select((name, s) => Array.IndexOf(numbers, name) is var i && i >= 0
            ? new FeatureSlot(name, name, TellsMissing: false, affine[i].Offset, affine[i].Scale, given[^1][s])
            : new FeatureSlot(name, name[..^Missing.Length], TellsMissing: true, 0, 1, 1))];
        var features = new TableColumn(
            Featurisation.Features, new VectorDataViewType(NumberDataViewType.Single, made.Length), numbers)
        { Slots = made };
        return Agrees(features, tried, given) ? features : null;
    }

    private static IEnumerable<ITransformer> Parts(ITransformer part) =>
        part is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [part];

    private static bool IsPlain(ITransformer part) => part is NormalizingTransformer or MissingValueIndicatorTransformer
        or MissingValueReplacingTransformer or TypeConvertingTransformer or ColumnConcatenatingTransformer;

    // That the transforms do what is thought of them is not taken for granted: they are asked, above the mean, below it, and where there is
    // nothing.
    private static bool Agrees(TableColumn features, IDataView tried, float[][] given)
    {
        var cells = features.Cells.ToDictionary(c => c, c => Numbers(tried, c), StringComparer.Ordinal);
        return given.Index().All(row => row.Item.Index().All(slot => Bits(slot.Item)
            == Bits(features.Slots![slot.Index].Of(cells[features.Slots[slot.Index].Cell][row.Index]))));
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    private static float[][] Rows(IDataView view, string column) =>
        [.. view.GetColumn<VBuffer<float>>(column).Select(v => v.DenseValues().ToArray())];

    private static float[] Numbers(IDataView view, string column) => [.. view.GetColumn<float>(column)];
}
