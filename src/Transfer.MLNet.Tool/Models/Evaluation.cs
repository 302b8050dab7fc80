using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;

namespace Transfer.MLNet.Tool.Models;

/// <summary>The metrics of ML.NET's own evaluators, by name. One that the rows do not define is NaN, and none is lost with it.</summary>
internal static class Evaluation
{
    public static IReadOnlyList<(string Name, double Value)> Of(MLContext ml, IDataView scored, string label, ModelTask task)
    {
        switch (task.Kind)
        {
            case TaskKind.Regression:
                var r = ml.Regression.Evaluate(scored, label);
                // Of one row, or of labels that are all the same, there is no variance to explain.
                return [("RootMeanSquaredError", r.RootMeanSquaredError), ("MeanAbsoluteError", r.MeanAbsoluteError),
                    ("RelativeError", r.RootMeanSquaredError / MeanSize(scored, label)),
                    ("RSquared", double.IsFinite(r.RSquared) ? r.RSquared : double.NaN)];
            case TaskKind.Count:
                var k = ml.Regression.Evaluate(scored, label);
                return [("MeanDeviance", PairedLosses.Of(scored, label, task).Mean), ("RootMeanSquaredError", k.RootMeanSquaredError),
                    ("MeanAbsoluteError", k.MeanAbsoluteError)];
            case TaskKind.Binary when !HasBothClasses(scored, label):
                return OneClass(scored, label, task.HasProbability);
            case TaskKind.Binary when task.HasProbability:
                var c = ml.BinaryClassification.Evaluate(scored, label);
                return [("LogLoss", c.LogLoss), ("LogLossNats", c.LogLoss * Math.Log(2)), ("Accuracy", c.Accuracy),
                    ("AreaUnderRocCurve", c.AreaUnderRocCurve), ("F1Score", c.F1Score)];
            case TaskKind.Binary:
                var b = ml.BinaryClassification.EvaluateNonCalibrated(scored, label);
                return [("Accuracy", b.Accuracy), ("AreaUnderRocCurve", b.AreaUnderRocCurve), ("F1Score", b.F1Score)];
            default:
                var m = ml.MulticlassClassification.Evaluate(scored, label);
                // ML.NET gives the log-loss of several classes in nats, and that of two in bits.
                return [.. task.HasProbability ? [("LogLossNats", m.LogLoss)] : Array.Empty<(string, double)>(),
                    ("MicroAccuracy", m.MicroAccuracy), ("MacroAccuracy", m.MacroAccuracy)];
        }
    }

    // An error relative to nothing is not defined.
    private static double MeanSize(IDataView scored, string label)
    {
        double sum = 0;
        long rows = 0;
        foreach (var y in scored.GetColumn<float>(label))
        {
            sum += Math.Abs(y);
            rows++;
        }

        return sum > 0 ? sum / rows : double.NaN;
    }

    private static bool HasBothClasses(IDataView scored, string label)
    {
        bool no = false, yes = false;
        using var row = scored.GetRowCursor([scored.Schema[label]]);
        var truth = row.GetGetter<bool>(scored.Schema[label]);
        var y = false;
        while ((!no || !yes) && row.MoveNext())
        {
            truth(ref y);
            yes |= y;
            no |= !y;
        }

        return no && yes;
    }

    // ML.NET refuses rows of one class, of which no area under a curve is defined. The others are: log-loss in bits, as ML.NET gives it.
    private static List<(string Name, double Value)> OneClass(IDataView scored, string label, bool hasProbability)
    {
        var losses = hasProbability ? PairedLosses.Of(scored, label, new ModelTask(TaskKind.Binary, [], true)).Mean / Math.Log(2)
            : double.NaN;
        var errors = PairedLosses.Of(scored, label, new ModelTask(TaskKind.Binary, [], false)).Mean;
        return [.. hasProbability ? [("LogLoss", losses), ("LogLossNats", losses * Math.Log(2))] : Array.Empty<(string, double)>(),
            ("Accuracy", 1 - errors), ("AreaUnderRocCurve", double.NaN), ("F1Score", double.NaN)];
    }
}
