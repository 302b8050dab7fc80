using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Production;

/// <summary>
/// What a model makes of rows: the loss of each, and what label and prediction were. Of a regression the loss is the squared error (of
/// counts with exposures that of rate times exposure); of a classifier with probabilities the log-loss in nats, of one without 0 or 1.
/// </summary>
/// <param name="Losses">Row by row; NaN where label or score is missing.</param>
/// <param name="Labels">The label; of classes their index from 0, of truths 0 or 1.</param>
/// <param name="Predictions">The score of a regression, of counts times the exposure; of a classifier the probability of the row's own
/// class.</param>
/// <param name="Classes">How many classes there are; 0 for a regression, 2 for truths.</param>
/// <param name="Errors">Of classes 0 or 1 for each row, NaN as in <paramref name="Losses"/>; of a regression the losses.</param>
/// <param name="HasProbabilities">Whether the losses are log-losses or squared errors: scores of several classes are probabilities where
/// they are in [0, 1] and have the sum 1.</param>
internal sealed record ScoredRows(
    double[] Losses, double[] Labels, double[] Predictions, int Classes, double[] Errors, bool HasProbabilities)
{
    private const double SumTolerance = 1e-3;

    // A probability of 0 for what happened costs no more than this: one row would decide over all others.
    private const double LeastProbability = 1e-7;

    /// <summary>The losses of one model beside those of another, in one unit: errors where one of them has no probabilities.</summary>
    public double[] LossesBeside(ScoredRows other) => HasProbabilities && other.HasProbabilities ? Losses : Errors;

    /// <param name="model">The model.</param>
    /// <param name="rows">Rows as it takes them.</param>
    /// <param name="columns">Label, and exposure where there is one.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static ScoredRows Of(ITransformer model, IDataView rows, MeasuredColumns columns, CancellationToken cancellation)
    {
        var (labelColumn, exposure) = columns;
        var scored = model.Transform(rows);
        var schema = scored.Schema;
        var score = schema.LastOrDefault(c => !c.IsHidden && c.Name.EndsWith("Score", StringComparison.Ordinal) && IsScore(c.Type));
        if (score.Name is null)
        {
            throw new ArgumentException("The model gives no column of scores (a Single or a vector of them, whose name ends in "
                + "'Score'), so it cannot be compared with another.");
        }

        var label = schema.GetColumnOrNull(labelColumn) ?? throw new ArgumentException(
            $"There is no label column '{labelColumn}' among the rows; there are: "
                + $"{string.Join(", ", rows.Schema.Select(c => $"'{c.Name}'"))}.");
        var probability = schema.GetColumnOrNull(score.Name[..^"Score".Length] + "Probability");
        if (score.Type is VectorDataViewType)
        {
            return Multiclass(scored, score, label, cancellation);
        }

        var binary = label.Type is BooleanDataViewType;
        DataViewSchema.Column?[] needed = [label, score, binary ? probability : null, CountLabel.Column(schema, exposure)];
        using var cursor = scored.GetRowCursor(needed.OfType<DataViewSchema.Column>());
        var (labels, scores) = (Number(cursor, label), Number(cursor, score));
        var among = CountLabel.OpenExposures(cursor, exposure);
        var probabilities = binary && probability is { } p ? Number(cursor, p) : null;
        var (losses, ys, predictions, errors) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            var (y, s) = (labels(), scores());
            ys.Add(y);
            if (!binary)
            {
                s *= among();
                predictions.Add(s);
                losses.Add((y - s) * (y - s));
                errors.Add(losses[^1]);
                continue;
            }

            var right = probabilities is null ? (s > 0 ? 1 : 0) : probabilities();
            var own = y > 0.5 ? right : 1 - right;
            predictions.Add(own);
            losses.Add(probabilities is null ? 1 - own : -Math.Log(Math.Max(own, LeastProbability)));
            errors.Add(double.IsNaN(own) ? double.NaN : own > 0.5 ? 0 : 1);
        }

        return new ScoredRows(
            [.. losses], [.. ys], [.. predictions], binary ? 2 : 0, [.. errors], !binary || probabilities is not null);
    }

    private static bool IsScore(DataViewType type) => type == NumberDataViewType.Single
        || (type is VectorDataViewType { ItemType: var item, IsKnownSize: true } && item == NumberDataViewType.Single);

    private static ScoredRows Multiclass(
        IDataView scored, DataViewSchema.Column score, DataViewSchema.Column label, CancellationToken cancellation)
    {
        if (label.Type is not KeyDataViewType { Count: var named })
        {
            throw new ArgumentException($"Column '{label.Name}' is of type {label.Type} behind the model; the label of classes has to "
                + $"be a key there. Name the column that the model makes the key of, or the key.");
        }

        var classes = ((VectorDataViewType)score.Type).Size;
        using var cursor = scored.GetRowCursor([label, score]);
        var (getLabel, getScores, key, scores) = (
            cursor.GetGetter<uint>(label), cursor.GetGetter<VBuffer<float>>(score), 0u, default(VBuffer<float>));
        var (losses, ys, predictions, errors) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var hasProbabilities = true;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getLabel(ref key);
            getScores(ref scores);
            float[] all = [.. scores.DenseValues()];
            hasProbabilities &= Array.TrueForAll(all, s => !float.IsFinite(s))
                || (Array.TrueForAll(all, s => s is >= 0 and <= 1) && Math.Abs(all.Sum(s => (double)s) - 1) < SumTolerance);

            // A class that the model does not know has no probability.
            var own = key == 0 ? double.NaN : key > classes ? 0 : all[key - 1];
            ys.Add(key == 0 ? double.NaN : key - 1.0);
            predictions.Add(own);
            losses.Add(-Math.Log(Math.Max(own, LeastProbability)));
            errors.Add(double.IsNaN(own) ? double.NaN : key <= classes && own == all.Max() ? 0 : 1);
        }

        var (held, wrong) = (losses.ToArray(), errors.ToArray());
        return new ScoredRows(
            hasProbabilities ? held : wrong, [.. ys], hasProbabilities ? [.. predictions] : Array.ConvertAll(wrong, e => 1 - e),
            Math.Max(classes, (int)named), wrong, hasProbabilities);
    }

    private static Func<double> Number(DataViewRowCursor cursor, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var t when t == typeof(float) => ColumnValues.Open<float, double>(cursor, column, v => v),
        var t when t == typeof(double) => ColumnValues.Open<double, double>(cursor, column, v => v),
        var t when t == typeof(bool) => ColumnValues.Open<bool, double>(cursor, column, v => v ? 1 : 0),
        _ => throw new ArgumentException($"Column '{column.Name}' is of type {column.Type}; a label is a Single, a Boolean or a key."),
    };
}
