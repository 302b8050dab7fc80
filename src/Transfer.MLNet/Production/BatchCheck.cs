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

    // A feature whose standard deviation is so many times the earlier one, or one such part of it: what the unit of it does.
    private const double LargestSpread = 10;

    // The loss on the batch over the loss before: a relation that has moved triples it where each weight has moved by half of its size.
    private const double LargestLossRatio = 3;

    // What even a candidate leaves of rows that it has not seen over what the champion left of those of its time, and by how many standard
    // errors: a relation that has moved is learnt, labels that are not those of their rows are not.
    private const double LargestUnexplained = 1.2;
    private const double StandardErrorsOfUnexplained = 2.5;

    // Agreement below a third of what it was, and the difference beyond so many standard errors.
    private const double LeastShareOfAgreement = 1.0 / 3;
    private const double StandardErrors = 4;

    private const double LeastAgreement = 0.1;

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

    /// <summary>
    /// Whether the candidate cannot explain the batch as well as the champion did the rows of its time; null where it can.
    /// </summary>
    /// <param name="before">Rows that the champion has not seen, as it sees them.</param>
    /// <param name="batch">Rows that the candidate has not seen, as it sees them: for their classes.</param>
    /// <param name="losses">The candidate's, on all rows that the two are compared on.</param>
    public static GuardFinding? Unexplained(BatchProfile before, BatchProfile batch, IReadOnlyList<double> losses)
    {
        // Of classes relative to what there is to know, which is less where one of them is rare.
        var (unit, unitBefore) = (Entropy(batch), Entropy(before));
        var (mean, error) = MathNet.Numerics.Statistics.Statistics.MeanStandardDeviation(losses);
        var errorBefore = before.LossStandardError ?? before.Loss * Math.Sqrt(2.0 / Math.Max(1, before.Rows));
        var (now, then) = (mean / unit, before.Loss / unitBefore);
        var spread = Math.Sqrt((error * error / losses.Count / (unit * unit)) + Math.Pow(errorBefore / unitBefore, 2));
        return then > 0 && now > LargestUnexplained * then && now - then > StandardErrorsOfUnexplained * spread
            ? Finding(GuardFindingKind.Unexplained,
                $"on rows of the batch that it has not seen the candidate's loss is {mean:G4}, and the champion's was {before.Loss:G4} ",
                    $"on rows of its time: what has changed is not learnt from the batch. Look whether the labels belong to their rows, ",
                    $"or set AcceptShift")
            : null;
    }

    private static double Entropy(BatchProfile profile) => profile.ClassShares.Count == 0 ? 1
        : Math.Max(double.Epsilon, -profile.ClassShares.Where(s => s > 0).Sum(s => s * Math.Log(s)));

    private static IEnumerable<GuardFinding> OfFeatures(BatchProfile before, BatchProfile batch)
    {
        if (before.FeatureMeans.Count != batch.FeatureMeans.Count)
        {
            yield break;
        }

        int[] spread = [.. Enumerable.Range(0, before.FeatureDeviations.Count).Where(j => before.FeatureDeviations[j] > 0
            && batch.FeatureDeviations[j] > 0
            && Math.Abs(Math.Log(batch.FeatureDeviations[j] / before.FeatureDeviations[j])) > Math.Log(LargestSpread))];
        if (spread.Length > 0)
        {
            var j = spread[0];
            yield return Finding(GuardFindingKind.FeaturesShifted,
                $"the standard deviation of {spread.Length} of {before.FeatureMeans.Count} features is over {LargestSpread} times what it ",
                    $"was, or under 1/{LargestSpread} of it; feature {j} had {before.FeatureDeviations[j]:G3} and has ",
                    $"{batch.FeatureDeviations[j]:G3}: another unit? Look at the batch, or set AcceptShift");
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

            // The spread of a log-loss is about its size; the agreement is 1 - loss / entropy. Of a model that tells next to nothing a
            // third less is no sign; that it is further off than the shares of the classes alone is one.
            if ((before.Agreement > LeastAgreement || batch.Agreement < 0) && batch.Agreement < before.Agreement * LeastShareOfAgreement
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
