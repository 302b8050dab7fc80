using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Networks.Training;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Networks.Advice;

/// <summary>The loss of every validation row under one model, and comparisons row by row.</summary>
/// <param name="Values">Losses, in the order of the rows; a row whose features cannot be used has none.</param>
/// <param name="Weights">Above zero, as many.</param>
internal sealed record RowLosses(double[] Values, double[] Weights)
{
    private const int Folds = 5;

    public double Mean => MeanDifference.Of(Values, Weights).Mean;

    public double StandardError => MeanDifference.Of(Values, Weights).StandardError;

    public static RowLosses Of(NetworkTask task, ITransformer model, IDataView rows, TaskColumns columns, CancellationToken cancellation)
    {
        var scored = model.Transform(rows);
        var label = scored.Schema[columns.Label];
        var weight = columns.Weight is null ? (DataViewSchema.Column?)null : scored.Schema[columns.Weight];
        var score = scored.Schema[task == NetworkTask.Binary ? "Probability" : "Score"];
        var wanted = new List<DataViewSchema.Column> { label, score };
        if (weight is { } w)
        {
            wanted.Add(w);
        }

        using var cursor = scored.GetRowCursor(wanted);
        var (readLabel, readLoss) = (task.Labels.Open(cursor, label), Loss(task, cursor, score));
        var readWeight = weight is { } column ? cursor.GetGetter<float>(column) : null;
        var (losses, weights) = (new List<double>(), new List<double>());
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            var (loss, counts) = (readLoss(readLabel()), 1f);
            readWeight?.Invoke(ref counts);
            if (double.IsFinite(loss) && counts > 0)
            {
                losses.Add(loss);
                weights.Add(counts);
            }
        }

        return new([.. losses], [.. weights]);
    }

    /// <summary>The mean of these losses less others of the same rows, and its standard error.</summary>
    public MeanDifference Less(RowLosses other) => MeanDifference.Of([.. Values.Zip(other.Values, (a, b) => a - b)], Weights);

    /// <summary>
    /// What choosing among candidates saves against these: for each fold the candidate that is best on the other folds, judged on that one.
    /// </summary>
    public MeanDifference SavedByChoosing(IReadOnlyList<RowLosses> candidates)
    {
        var gains = new double[Values.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var best = candidates.MinBy(c => Enumerable.Range(0, Values.Length).Where(i => i % Folds != fold)
                .Sum(i => Weights[i] * c.Values[i]))!;
            for (var i = fold; i < gains.Length; i += Folds)
            {
                gains[i] = Values[i] - best.Values[i];
            }
        }

        return MeanDifference.Of(gains, Weights);
    }

    private static Func<double, double> Loss(NetworkTask task, DataViewRow cursor, DataViewSchema.Column score)
    {
        if (task == NetworkTask.Multiclass)
        {
            var read = cursor.GetGetter<VBuffer<float>>(score);
            var buffer = default(VBuffer<float>);
            return label =>
            {
                read(ref buffer);
                return double.IsNaN(label) ? double.NaN : -Math.Log(Math.Max(buffer.GetItemOrDefault((int)label), float.Epsilon));
            };
        }

        var get = cursor.GetGetter<float>(score);
        var value = 0f;
        return label =>
        {
            get(ref value);
            return task == NetworkTask.Binary
                ? -Math.Log(Math.Max(label > 0 ? value : 1 - value, float.Epsilon))
                : 0.5 * (label - value) * (label - value);
        };
    }
}
