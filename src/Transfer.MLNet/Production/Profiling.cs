using MathNet.Numerics.Statistics;

namespace Transfer.MLNet.Production;

/// <summary>From scored rows to the profile of their batch.</summary>
internal static class Profiling
{
    public static BatchProfile Of(ScoredRows scored, TrainedOn trained, string print)
    {
        int[] known = [.. Enumerable.Range(0, scored.Losses.Length).Where(i => double.IsFinite(scored.Losses[i]))];
        var loss = known.Length == 0 ? 0 : known.Average(i => scored.Losses[i]);
        var error = known.Length < 2 ? 0 : Deviation([.. known.Select(i => scored.Losses[i])]) / Math.Sqrt(known.Length);
        if (scored.Classes > 0)
        {
            var shares = new double[scored.Classes];
            foreach (var i in known)
            {
                shares[(int)scored.Labels[i]] += 1.0 / known.Length;
            }

            var entropy = -shares.Where(s => s > 0).Sum(s => s * Math.Log(s));
            return new BatchProfile
            {
                Rows = known.Length,
                Agreement = entropy > 0 ? Math.Clamp(1 - (loss / entropy), -1, 1) : 0,
                Loss = loss,
                LossStandardError = error,
                ClassShares = shares,
                FeatureMeans = [.. trained.Features.Select(f => f.Mean)],
                FeatureDeviations = [.. trained.Features.Select(f => f.Deviation)],
                Print = print,
            };
        }

        double[] labels = [.. known.Select(i => scored.Labels[i])], scores = [.. known.Select(i => scored.Predictions[i])];
        var correlation = known.Length > 2 ? Correlation.Pearson(labels, scores) : 0;
        return new BatchProfile
        {
            Rows = known.Length,
            LabelMean = Mean(labels),
            LabelDeviation = Deviation(labels),
            LabelLeast = labels.DefaultIfEmpty(0).Min(),
            LabelMost = labels.DefaultIfEmpty(0).Max(),
            ScoreMean = Mean(scores),
            ScoreDeviation = Deviation(scores),
            Agreement = double.IsFinite(correlation) ? correlation : 0,
            Loss = loss,
            LossStandardError = error,
            FeatureMeans = [.. trained.Features.Select(f => f.Mean)],
            FeatureDeviations = [.. trained.Features.Select(f => f.Deviation)],
            Print = print,
        };
    }

    private static double Mean(double[] values) => values.Length == 0 ? 0 : ArrayStatistics.Mean(values);

    private static double Deviation(double[] values) => values.Length < 2 ? 0 : ArrayStatistics.StandardDeviation(values);
}
