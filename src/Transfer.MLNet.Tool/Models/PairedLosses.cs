using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;

namespace Transfer.MLNet.Tool.Models;

/// <summary>What two models lose on the same rows, and the difference with its uncertainty.</summary>
/// <param name="Loss">What is lost: squared error, deviance of counts, log-loss, or errors.</param>
/// <param name="Rows">Rows that both models have a prediction for.</param>
/// <param name="Before">Mean loss of the one.</param>
/// <param name="After">Mean loss of the other.</param>
/// <param name="StandardError">Of the mean of the differences, row by row.</param>
internal sealed record PairedLosses(string Loss, long Rows, double Before, double After, double StandardError)
{
    // As ML.NET's evaluators: a class of probability zero costs 34.5 and not infinity.
    private const double LeastProbability = 1e-15;

    public double Difference => After - Before;

    public (double Lower, double Upper) Interval => (Difference - (1.96 * StandardError), Difference + (1.96 * StandardError));

    /// <param name="before">Scored rows.</param>
    /// <param name="labelBefore">Their label's column.</param>
    /// <param name="after">The same rows, in the same order, scored by another model.</param>
    /// <param name="labelAfter">Their label's column.</param>
    /// <param name="taskBefore">What the one model predicts.</param>
    /// <param name="taskAfter">What the other does: the same, with its classes perhaps in another order.</param>
    public static PairedLosses Of(IDataView before, string labelBefore, IDataView after, string labelAfter, ModelTask taskBefore,
        ModelTask taskAfter)
    {
        // Probabilities are compared with probabilities, or errors with errors.
        var both = taskBefore.HasProbability && taskAfter.HasProbability;
        (taskBefore, taskAfter) = (taskBefore with { HasProbability = both }, taskAfter with { HasProbability = both });
        using var one = before.GetRowCursor(Needed(before, labelBefore));
        using var other = after.GetRowCursor(Needed(after, labelAfter));
        var (lossOfOne, lossOfOther) = (Losses(one, labelBefore, taskBefore), Losses(other, labelAfter, taskAfter));
        long rows = 0;
        double sumOne = 0, sumOther = 0, mean = 0, squares = 0;
        while (one.MoveNext() && other.MoveNext())
        {
            var (a, b) = (lossOfOne(), lossOfOther());
            if (double.IsNaN(a) || double.IsNaN(b))
            {
                continue;
            }

            rows++;
            sumOne += a;
            sumOther += b;
            var delta = b - a - mean;
            mean += delta / rows;
            squares += delta * (b - a - mean);
        }

        var name = taskAfter.Kind == TaskKind.Regression ? "squared error" : taskAfter.Kind == TaskKind.Count ? "Poisson deviance"
            : !both ? "share of errors" : "log-loss";
        return new PairedLosses(name, rows, sumOne / rows, sumOther / rows, rows > 1 ? Math.Sqrt(squares / (rows - 1) / rows) : double.NaN);
    }

    /// <summary>The mean loss of one model: squared error, deviance of counts, log-loss in nats, or the share of errors.</summary>
    /// <param name="scored">Rows with the model's predictions.</param>
    /// <param name="label">The label's column.</param>
    /// <param name="task">What the model predicts.</param>
    public static (double Mean, long Rows) Of(IDataView scored, string label, ModelTask task)
    {
        using var row = scored.GetRowCursor(Needed(scored, label));
        var loss = Losses(row, label, task);
        long rows = 0;
        double sum = 0;
        while (row.MoveNext())
        {
            var one = loss();
            if (!double.IsNaN(one))
            {
                rows++;
                sum += one;
            }
        }

        return (sum / rows, rows);
    }

    private static IEnumerable<DataViewSchema.Column> Needed(IDataView view, string label) =>
        view.Schema.Where(c => !c.IsHidden && (c.Name == label || c.Name is "Score" or "Probability" or "PredictedLabel"));

    private static Func<double> Losses(DataViewRowCursor row, string label, ModelTask task)
    {
        ValueGetter<T> Get<T>(string column) => row.GetGetter<T>(row.Schema[column]);
        switch (task.Kind)
        {
            case TaskKind.Regression:
                {
                    var (truth, score) = (Get<float>(label), Get<float>("Score"));
                    float y = 0, f = 0;
                    return () =>
                    {
                        truth(ref y);
                        score(ref f);
                        return ((double)y - f) * ((double)y - f);
                    };
                }

            case TaskKind.Count:
                {
                    var (truth, score) = (Get<float>(label), Get<float>("Score"));
                    float y = 0, m = 0;
                    return () =>
                    {
                        // Of an expected count of nothing as of the smallest number that there is.
                        truth(ref y);
                        score(ref m);
                        var expected = Math.Max(m, float.Epsilon);
                        return float.IsNaN(m) ? double.NaN : 2 * ((y > 0 ? y * Math.Log((double)y / expected) : 0) - y + m);
                    };
                }

            case TaskKind.Binary when task.HasProbability:
                {
                    var (truth, probability) = (Get<bool>(label), Get<float>("Probability"));
                    var y = false;
                    float p = 0;
                    return () =>
                    {
                        truth(ref y);
                        probability(ref p);
                        return -Math.Log(Math.Max(y ? p : 1.0 - p, LeastProbability));
                    };
                }

            case TaskKind.Binary:
                {
                    var (truth, predicted) = (Get<bool>(label), Get<bool>("PredictedLabel"));
                    bool y = false, f = false;
                    return () =>
                    {
                        truth(ref y);
                        predicted(ref f);
                        return y == f ? 0 : 1;
                    };
                }

            case TaskKind.Multiclass when !task.HasProbability:
                {
                    var (truth, scores) = (Get<uint>(label), Get<VBuffer<float>>("Score"));
                    uint y = 0;
                    var s = default(VBuffer<float>);
                    return () =>
                    {
                        truth(ref y);
                        scores(ref s);
                        var all = s.DenseValues().ToArray();
                        return y == 0 ? double.NaN : Array.IndexOf(all, all.Max()) == (int)y - 1 ? 0 : 1;
                    };
                }

            default:
                {
                    var (truth, scores) = (Get<uint>(label), Get<VBuffer<float>>("Score"));
                    uint y = 0;
                    var p = default(VBuffer<float>);
                    return () =>
                    {
                        truth(ref y);
                        scores(ref p);
                        return y == 0 ? double.NaN : -Math.Log(Math.Max(p.GetItemOrDefault((int)y - 1), LeastProbability));
                    };
                }
        }
    }
}
