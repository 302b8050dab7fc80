using Microsoft.ML;
using Transfer.MLNet.Tool.Columns;

namespace Transfer.MLNet.Tool.Models;

/// <summary>The metrics of ML.NET's own evaluators, by name.</summary>
internal static class Evaluation
{
    public static IReadOnlyList<(string Name, double Value)> Of(MLContext ml, IDataView scored, string label, ModelTask task)
    {
        switch (task.Kind)
        {
            case TaskKind.Regression:
                var r = ml.Regression.Evaluate(scored, label);
                return [("RootMeanSquaredError", r.RootMeanSquaredError), ("MeanAbsoluteError", r.MeanAbsoluteError), ("RSquared", r.RSquared)];
            case TaskKind.Binary when task.HasProbability:
                var c = ml.BinaryClassification.Evaluate(scored, label);
                return [("LogLoss", c.LogLoss), ("Accuracy", c.Accuracy), ("AreaUnderRocCurve", c.AreaUnderRocCurve), ("F1Score", c.F1Score)];
            case TaskKind.Binary:
                var b = ml.BinaryClassification.EvaluateNonCalibrated(scored, label);
                return [("Accuracy", b.Accuracy), ("AreaUnderRocCurve", b.AreaUnderRocCurve), ("F1Score", b.F1Score)];
            default:
                var m = ml.MulticlassClassification.Evaluate(scored, label);
                return [("LogLoss", m.LogLoss), ("MicroAccuracy", m.MicroAccuracy), ("MacroAccuracy", m.MacroAccuracy)];
        }
    }
}
