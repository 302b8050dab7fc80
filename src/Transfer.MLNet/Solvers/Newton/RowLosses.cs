using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>The loss of every row under a model; of classes -log P(class of the row).</summary>
internal static class RowLosses
{
    public static double[] Of(ClassRows rows, Start model, Workers workers) => Of(rows, Loss.Of(rows), model, workers);

    public static double[] Of(LabelledRows rows, Loss loss, Start model, Workers workers) => loss.Of(rows, Scores(rows, model, workers));

    /// <summary>Scores of a model (n x outputs).</summary>
    public static double[] Scores(LabelledRows rows, Start model, Workers workers)
    {
        var outputs = model.Intercepts.Length;
        model.RequireLength(rows.FeatureCount, outputs);
        var scores = rows.Design.Scores(Layout.ByFeature(model.Weights, rows.FeatureCount, outputs), outputs, workers);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] += model.Intercepts[i % outputs] + (rows.Offsets?[i / outputs] ?? 0);
        }

        return scores;
    }
}
