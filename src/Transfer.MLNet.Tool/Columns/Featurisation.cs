using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>
/// From columns to one vector of features, by transforms of ML.NET and nothing else: what is saved is read wherever ML.NET is.
/// </summary>
internal static class Featurisation
{
    public const string Features = "Features";

    private const string Missing = " missing";
    private const string Ticks = " ticks";

    /// <exception cref="Failure">A column has a name that a feature is to have.</exception>
    public static ITransformer Fit(MLContext ml, TablePlan plan, int textTerms, IDataView rows, DataViewSchema input)
    {
        RequireFreeNames(plan);
        // What the plan tells of a column is enough to fit its features; of words, and of more values than it counts, it does not tell.
        ColumnPlan[] told = [.. plan.Used.Where(SummaryRows.Has)];
        ColumnPlan[] untold = [.. plan.Used.Where(c => !SummaryRows.Has(c))];
        var (ofTold, parts) = Columns(ml, told, textTerms);
        var (ofOthers, others) = Columns(ml, untold, textTerms);
        var fitted = new List<ITransformer>();
        if (told.Length > 0)
        {
            fitted.Add(ofTold.Fit(new SummaryRows(input, told)));
        }

        if (untold.Length > 0)
        {
            fitted.Add(ofOthers.Fit(rows));
        }

        var schema = fitted.Aggregate(rows, (view, part) => part.Transform(view));
        fitted.Add(ml.Transforms.Concatenate(Features, [.. parts, .. others]).Fit(schema));
        // One flat chain: what it consists of is shown part by part.
        return new TransformerChain<ITransformer>([.. fitted.SelectMany(f => f is IEnumerable<ITransformer> chain ? chain : [f])]);
    }

    private static (IEstimator<ITransformer> Chain, IReadOnlyList<string> Parts) Columns(
        MLContext ml, IReadOnlyList<ColumnPlan> columns, int textTerms)
    {
        string[] numbers = [.. columns.Where(c => c.Kind == ColumnKind.Number).Select(c => c.Name)];
        string[] categories = [.. columns.Where(c => c.Kind == ColumnKind.Category).Select(c => c.Name)];
        string[] texts = [.. columns.Where(c => c.Kind == ColumnKind.Text).Select(c => c.Name)];
        string[] doubles = [.. columns.Where(c => c is { Kind: ColumnKind.Number, IsDouble: true }).Select(c => c.Name)];
        string[] gaps = [.. columns.Where(c => c is { Kind: ColumnKind.Number, HasMissing: true }).Select(c => c.Name)];
        var parts = new List<string>();
        IEstimator<ITransformer> chain = new EstimatorChain<ITransformer>();
        if (gaps.Length > 0)
        {
            chain = chain.Append(ml.Transforms.IndicateMissingValues([.. gaps.Select(n => new InputOutputColumnPair(n + Missing, n))]))
                .Append(ml.Transforms.Conversion.ConvertType(
                [.. gaps.Select(n => new InputOutputColumnPair(n + Missing))], DataKind.Single));
            parts.AddRange(gaps.Select(n => n + Missing));
        }

        if (numbers.Length > 0)
        {
            // Also where no value is missing so far: one that will be must not make the prediction NaN.
            chain = chain.Append(ml.Transforms.ReplaceMissingValues(
                [.. numbers.Select(n => new InputOutputColumnPair(n))], MissingValueReplacingEstimator.ReplacementMode.Mean));

            // fixZero: false, for else ML.NET keeps the mean: a year would have a standard deviation of 0.01 and be shrunk away.
            chain = chain.Append(ml.Transforms.NormalizeMeanVariance(
                [.. numbers.Select(n => new InputOutputColumnPair(n))], fixZero: false));
            parts.InsertRange(0, numbers);
        }

        if (doubles.Length > 0)
        {
            chain = chain.Append(ml.Transforms.Conversion.ConvertType(
                [.. doubles.Select(n => new InputOutputColumnPair(n))], DataKind.Single));
        }

        foreach (var date in columns.Where(c => c.Kind == ColumnKind.Date))
        {
            // A date as ML.NET holds it becomes its ticks, and these what expressions make of them.
            var ticks = date.Name + Ticks;
            chain = chain.Append(ml.Transforms.Conversion.ConvertType(ticks, date.Name, DataKind.Int64));
            foreach (var (suffix, expression) in date.Dates!.Parts.Concat(date.HasMissing ? [(Missing, "(t) => t == 0l ? 1f : 0f")] : []))
            {
                chain = chain.Append(ml.Transforms.Expression(date.Name + suffix, expression, ticks));
                parts.Add(date.Name + suffix);
            }
        }

        if (categories.Length > 0)
        {
            chain = chain.Append(ml.Transforms.Categorical.OneHotEncoding(
                [.. categories.Select(c => new InputOutputColumnPair(c))], OneHotEncodingEstimator.OutputKind.Indicator,
                    maximumNumberOfKeys: ColumnProfile.MostValues + 1));
            parts.AddRange(categories);
        }

        foreach (var text in texts)
        {
            chain = chain.Append(ml.Transforms.Text.FeaturizeText(text, new TextFeaturizingEstimator.Options
            {
                CharFeatureExtractor = null,
                WordFeatureExtractor = new WordBagEstimator.Options
                {
                    NgramLength = 1,
                    MaximumNgramsCount = [textTerms],
                    Weighting = NgramExtractingEstimator.WeightingCriteria.TfIdf
                },
                StopWordsRemoverOptions = new StopWordsRemovingEstimator.Options(),
                KeepPunctuations = false,
                Norm = TextFeaturizingEstimator.NormFunction.L2,
            }, text));
            parts.Add(text);
        }

        return (chain, parts);
    }

    private static void RequireFreeNames(TablePlan plan)
    {
        var names = plan.Used.Select(c => c.Name).Append(plan.Label.Name).ToHashSet(StringComparer.Ordinal);
        var taken = plan.Used.SelectMany(Made).Concat([Features, "Score", "Probability", "PredictedLabel"]).FirstOrDefault(names.Contains);
        if (taken is not null)
        {
            throw Failure.Input($"A column is called '{taken}', as a column of the model is to be. Rename it, or leave it out: --ignore "
                + $"\"{taken}\".");
        }
    }

    private static IEnumerable<string> Made(ColumnPlan column) =>
        (column is { Kind: ColumnKind.Number or ColumnKind.Date, HasMissing: true } ? [column.Name + Missing] : Array.Empty<string>())
            .Concat(column.Dates?.Parts.Select(p => column.Name + p.Suffix).Append(column.Name + Ticks) ?? []);
}
