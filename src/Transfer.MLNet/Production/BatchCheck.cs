using System.Globalization;

namespace Transfer.MLNet.Production;

/// <summary>
/// A batch against what the champion was measured at: what looks like an error of whoever made the batch rather than like news. Each
/// threshold is far from what sampling does (5 standard errors and more), and what a gradual change reaches in a month.
/// </summary>
internal static class BatchCheck
{
    // A slope of labels on scores outside [1/3, 3] beside a correlation that is not small: square feet for square metres are 10.8, dollars
    // for thousands 1,000.
    private const double LargestSlope = 3;
    private const double FewestCorrelation = 0.3;

    // Of labels and of scores: how many of their earlier standard deviations a mean may move.
    private const double LargestShift = 4;

    // A feature whose mean moved by so many of its earlier standard deviations.
    private const double LargestFeatureShift = 2;

    // The loss on the batch over the loss before: an error a third larger is news, one beyond this an alarm.
    private const double LargestLossRatio = 2;

    // Agreement below a third of what it was, and the difference beyond so many standard errors.
    private const double LeastShareOfAgreement = 1.0 / 3;
    private const double StandardErrors = 4;

    // A class is missed where at least so many of it were to be expected: the chance of none is exp(-12), 6e-6.
    private const double ExpectedOfClass = 12;

    // Of labels: none of so many rows beyond the mean by a quarter of a standard deviation, where 4 in 10 of normal
    // labels are: 0.6^30 is 2e-7.
    private const int RowsOfBothSides = 30;
    private const double Side = 0.25;

    public static IEnumerable<GuardFinding> Of(BatchProfile before, BatchProfile batch)
    {
        GuardFinding[] found = [.. OfLabels(before, batch)];
        if (found.Length == 0 && before.Loss > 0 && batch.Loss > LargestLossRatio * before.Loss)
        {
            found = [Finding(GuardFindingKind.LossJumped,
                $"the model's mean loss on the batch is {batch.Loss:G4}, and was {before.Loss:G4}. Look at the batch, or set AcceptShift")];
        }

        return found.Concat(OfFeatures(before, batch));
    }

    private static IEnumerable<GuardFinding> OfFeatures(BatchProfile before, BatchProfile batch)
    {
        if (before.FeatureMeans.Count != batch.FeatureMeans.Count)
        {
            yield break;
        }

        int[] moved = [.. Enumerable.Range(0, before.FeatureMeans.Count).Where(j => before.FeatureDeviations[j] > 0
            && Math.Abs(batch.FeatureMeans[j] - before.FeatureMeans[j]) > LargestFeatureShift * before.FeatureDeviations[j])];
        if (moved.Length > 0)
        {
            var j = moved[0];
            yield return Finding(GuardFindingKind.FeaturesShifted,
                $"the mean of {moved.Length} of {before.FeatureMeans.Count} features moved by more than {LargestFeatureShift} of its ",
                    $"standard deviations; ",
                $"feature {j} was {before.FeatureMeans[j]:G4} +- {before.FeatureDeviations[j]:G3} and is {batch.FeatureMeans[j]:G4}. ",
                    $"Look at the batch, or set AcceptShift");
        }
    }

    private static IEnumerable<GuardFinding> OfLabels(BatchProfile before, BatchProfile batch)
    {
        if (batch.ClassShares.Count > 0)
        {
            for (var k = 0; k < Math.Min(before.ClassShares.Count, batch.ClassShares.Count); k++)
            {
                if (batch.ClassShares[k] == 0 && before.ClassShares[k] * batch.Rows >= ExpectedOfClass)
                {
                    yield return Finding(GuardFindingKind.ClassMissing,
                        $"no row of the batch has class {k}, which {before.ClassShares[k]:P1} of the rows before had. Complete the ",
                            $"batch, or set AcceptShift");
                }
            }

            // The spread of a log-loss is about its size; the agreement is 1 - loss / entropy.
            if (before.Agreement > 0.1 && batch.Agreement < before.Agreement * LeastShareOfAgreement
                && before.Agreement - batch.Agreement > StandardErrors * (1 - Math.Min(0, batch.Agreement)) / Math.Sqrt(batch.Rows))
            {
                yield return Finding(GuardFindingKind.LabelsUnrelated,
                    $"the model tells {batch.Agreement:G3} of what there is to know of the classes, and {before.Agreement:G3} before. ",
                        $"Look whether the labels belong to their rows, or set AcceptShift");
            }

            yield break;
        }

        var slope = batch.ScoreDeviation > 0 ? batch.Agreement * batch.LabelDeviation / batch.ScoreDeviation : 1;
        var slopeBefore = before.ScoreDeviation > 0 ? before.Agreement * before.LabelDeviation / before.ScoreDeviation : 1;
        var change = slopeBefore > 0 ? slope / slopeBefore : slope;
        if (batch.Agreement > FewestCorrelation && before.Agreement > FewestCorrelation
            && (change > LargestSlope || change < 1 / LargestSlope))
        {
            yield return Finding(GuardFindingKind.LabelUnit,
                $"labels change by {slope:G3} where the model's scores change by 1, and by {slopeBefore:G3} before: another unit? ",
                    $"Convert the labels, or set AcceptShift");
        }
        else if (before.LabelDeviation > 0 && Math.Abs(
            batch.LabelMean - batch.ScoreMean - (before.LabelMean - before.ScoreMean)) > LargestShift * before.LabelDeviation)
        {
            yield return Finding(GuardFindingKind.LabelUnit,
                $"the labels' mean {batch.LabelMean:G4} is {batch.LabelMean - batch.ScoreMean:G4} from that of the scores, ",
                    $"{before.LabelMean - before.ScoreMean:G4} before, and labels had a standard deviation of ",
                    $"{before.LabelDeviation:G3}: another unit or zero? Convert the labels, or set AcceptShift");
        }

        if (before.Agreement > FewestCorrelation && batch.Agreement < before.Agreement * LeastShareOfAgreement
            && Fisher(before.Agreement) - Fisher(batch.Agreement) > StandardErrors * Math.Sqrt(
            (1.0 / Math.Max(1, batch.Rows - 3)) + (1.0 / Math.Max(1, before.Rows - 3))))
        {
            yield return Finding(GuardFindingKind.LabelsUnrelated,
                $"labels and scores have a correlation of {batch.Agreement:G3}, and of {before.Agreement:G3} before. Look whether the ",
                    $"labels belong to their rows, or set AcceptShift");
        }

        var margin = Side * before.LabelDeviation;
        if (margin > 0 && batch.Rows >= RowsOfBothSides
            && (batch.LabelLeast > before.LabelMean - margin || batch.LabelMost < before.LabelMean + margin))
        {
            yield return Finding(GuardFindingKind.ClassMissing,
                $"the labels of the batch lie in {batch.LabelLeast:G4} to {batch.LabelMost:G4}, hardly any on one side of ",
                $"{before.LabelMean:G4}, the mean of those before. Look whether rows were left out, or set AcceptShift");
        }

        if (before.ScoreDeviation > 0 && (Math.Abs(batch.ScoreMean - before.ScoreMean) > LargestShift * before.ScoreDeviation
            || batch.ScoreDeviation > LargestShift * before.ScoreDeviation))
        {
            yield return Finding(GuardFindingKind.FeaturesShifted,
                $"the model's scores are {batch.ScoreMean:G4} +- {batch.ScoreDeviation:G3}, and were {before.ScoreMean:G4} +- ",
                    $"{before.ScoreDeviation:G3}: the features are others, or have other units. Look at the batch, or set AcceptShift");
        }
    }

    private static double Fisher(double correlation) => Math.Atanh(Math.Clamp(correlation, -0.999999, 0.999999));

    private static GuardFinding Finding(GuardFindingKind kind, params FormattableString[] message) =>
        new(kind, string.Concat(message.Select(m => m.ToString(CultureInfo.InvariantCulture))) + ".");
}
