using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>-log P(class of the row) for every row.</summary>
internal static class RowLosses
{
    public static double[] Of(ClassRows rows, LogisticStart model, Workers workers) => Of(rows, Scores(rows, model, workers));

    /// <summary>Scores of a model (n x outputs).</summary>
    public static double[] Scores(ClassRows rows, LogisticStart model, Workers workers)
    {
        model.RequireLength(rows.FeatureCount, rows.Outputs);
        var scores = rows.Design.Scores(Layout.ByFeature(model.Weights, rows.FeatureCount, rows.Outputs), rows.Outputs, workers);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] += model.Intercepts[i % rows.Outputs];
        }

        return scores;
    }

    /// <summary>The same from scores (n x outputs).</summary>
    public static double[] Of(ClassRows rows, double[] scores)
    {
        var losses = new double[rows.Rows];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = Of(scores.AsSpan(i * rows.Outputs, rows.Outputs), rows.Classes[i]);
        }

        return losses;
    }

    /// <summary>Of one row.</summary>
    public static double Of(ReadOnlySpan<double> scores, int y)
    {
        if (scores.Length == 1)
        {
            var margin = y == 1 ? scores[0] : -scores[0];
            return Math.Max(-margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
        }

        var largest = scores[y];
        foreach (var z in scores)
        {
            largest = Math.Max(largest, z);
        }

        var sum = 0.0;
        foreach (var z in scores)
        {
            sum += Math.Exp(z - largest);
        }

        return Math.Log(sum) + largest - scores[y];
    }
}
