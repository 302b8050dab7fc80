using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Models;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// The label that a model was trained on, where its chain makes one from the column that the user names (the logarithm of a price):
/// training on the user's column itself would put the layer into another unit without a word.
/// </summary>
internal static class OwnLabel
{
    // Enough to tell a label from its logarithm; the share of the spread that the old score explains, a shift aside.
    private const int RowsLookedAt = 2000;
    private const double LeastExplained = 0.1;

    /// <param name="before">What rows go through before they reach the layer.</param>
    /// <param name="input">The columns of the rows as the user gives them.</param>
    /// <param name="rows">The rows as they reach the layer.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="label">The label column that the user names.</param>
    /// <param name="log">Told where another column is taken.</param>
    /// <returns>The column to train on.</returns>
    /// <exception cref="ArgumentException">It cannot be told which of two columns the layer was trained on.</exception>
    public static string Of(IReadOnlyList<ITransformer> before, DataViewSchema input, IDataView rows, ITransformer layer, string label,
        StockLog log)
    {
        var chain = new TransformerChain<ITransformer>([.. before]);
        if (before.Count == 0 || input.GetColumnOrNull(label) is null || rows.Schema.GetColumnOrNull(label) is not { } given
            || !((ITransformer)chain).IsRowToRowMapper)
        {
            return label;
        }

        var scored = layer.Transform(rows);
        var fits = LabelTypeOf(scored.Schema);
        var made = MadeFrom(label, ((ITransformer)chain).GetRowToRowMapper(input)).Where(fits).Select(c => c.Name).Distinct().ToArray();
        if (made.Length == 0)
        {
            return label;
        }

        if (!fits(given) && made.Length == 1)
        {
            log.Info($"The model makes the column '{made[0]}' from the label column '{label}', and the layer is trained on that.");
            return made[0];
        }

        return given.Type == NumberDataViewType.Single ? Explained(scored, label, made, log)
            : throw new ArgumentException(
                $"The model makes {Quoted(made)} from the label column '{label}', and which of them its last layer was trained on "
                    + $"cannot be told. Name that one as LabelColumnName.");
    }

    private static string Explained(IDataView scored, string label, string[] made, StockLog log)
    {
        float[] Values(string name) => [.. scored.GetColumn<float>(name).Take(RowsLookedAt)];
        var scores = Values("Score");
        string[] names = [label, .. made];
        var shares = Array.ConvertAll(names, n => ShareExplained(scores, Values(n)));
        var best = Array.IndexOf(shares, shares.Max());
        if (!(shares[best] >= LeastExplained))
        {
            throw new ArgumentException(
                $"The model makes {Quoted(made)} from the label column '{label}', and its score explains neither on these rows, so "
                    + $"which of them its last layer was "
                + $"trained on cannot be told. Name it as LabelColumnName: {Quoted(made)}; or, if it was '{label}' itself, copy that "
                + $"column to another name first.");
        }

        if (best > 0)
        {
            log.Info($"The model makes the column '{names[best]}' from the label column '{label}', and its score predicts that: the "
                + $"layer is trained on '{names[best]}'.");
        }

        return names[best];
    }

    /// <summary>1 - var(y - s) / var(y): a shift of the target is no sign of another label.</summary>
    private static double ShareExplained(float[] scores, float[] labels)
    {
        var pairs = scores.Zip(labels, (s, y) => (Score: (double)s, Label: (double)y))
            .Where(p => double.IsFinite(p.Score) && double.IsFinite(p.Label)).ToArray();
        if (pairs.Length < 2)
        {
            return double.NegativeInfinity;
        }

        var (label, rest) = (pairs.Average(p => p.Label), pairs.Average(p => p.Label - p.Score));
        var spread = pairs.Sum(p => (p.Label - label) * (p.Label - label));
        return spread > 0 ? 1 - (pairs.Sum(p => (p.Label - p.Score - rest) * (p.Label - p.Score - rest)) / spread)
            : double.NegativeInfinity;
    }

    /// <summary>What the layer's kind of label is like, as its score tells.</summary>
    private static Func<DataViewSchema.Column, bool> LabelTypeOf(DataViewSchema scored)
        => scored.GetColumnOrNull("Score")?.Type is VectorDataViewType ? c => c.Type is KeyDataViewType
            : scored.GetColumnOrNull("PredictedLabel")?.Type is BooleanDataViewType ? c => c.Type is BooleanDataViewType
            : c => c.Type == NumberDataViewType.Single;

    /// <summary>The columns that a chain makes from this one alone.</summary>
    private static IEnumerable<DataViewSchema.Column> MadeFrom(string label, IRowToRowMapper mapper)
    {
        foreach (var column in mapper.OutputSchema)
        {
            if (!column.IsHidden && column.Name != label)
            {
                var from = mapper.GetDependencies([column]).Select(c => c.Name).Distinct().ToArray();
                if (from is [var one] && one == label)
                {
                    yield return column;
                }
            }
        }
    }

    private static string Quoted(string[] names) => string.Join(" and ", names.Select(n => $"'{n}'"));
}
