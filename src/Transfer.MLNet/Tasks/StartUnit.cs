using Transfer.MLNet.Models;

namespace Transfer.MLNet.Tasks;

/// <summary>Tells the log where a starting point cannot be what the trainer's task needs: scores in another unit, or no weights.</summary>
internal static class StartUnit
{
    /// <param name="start">The starting point; null has nothing to tell.</param>
    /// <param name="wanted">The unit of the task's scores.</param>
    /// <param name="log">What is told.</param>
    public static void Tell(StartingPoint? start, ScoreUnit wanted, StockLog log)
    {
        if (start is not null && Complaint(start, wanted) is { } complaint)
        {
            log.Warning(complaint);
        }
    }

    /// <summary>What is odd about it; null where nothing is.</summary>
    public static string? Complaint(StartingPoint start, ScoreUnit wanted) =>
        start.WeightsByClass.All(w => w.All(v => v == 0))
            ? $"All weights of the starting point ({start.Origin}) are zero: the fit is pulled to zero, as it would be without a "
                + "starting point."
        : start.Unit != wanted && start.Unit != ScoreUnit.AsGiven
            ? $"The starting point ({start.Origin}) "
                + $"{(wanted == ScoreUnit.LogOdds ? ForClassifier(start.Unit) : ForRegression(start.Unit, wanted))}."
        : null;

    private static string ForClassifier(ScoreUnit unit) => unit switch
    {
        ScoreUnit.Margin => "is not calibrated: nothing says that its score is log odds, it may be a margin of another length. "
            + "Set StartingPointScale, or start from a calibrated model (ml.BinaryClassification.Calibrators.Platt)",
        ScoreUnit.Label => "predicts a label of a regression, and its weights are in that label's unit, not in log odds. "
            + "Only their direction carries over: set StartingPointScale, or start from a classifier",
        _ => "predicts the logarithm of a rate, not log odds. The two agree for rare events; otherwise set StartingPointScale, or start "
            + "from a classifier",
    };

    private static string ForRegression(ScoreUnit unit, ScoreUnit wanted)
    {
        var what = unit switch
        {
            ScoreUnit.LogOdds => "log odds",
            ScoreUnit.Margin => "a margin that is not calibrated",
            ScoreUnit.LogRate => "the logarithm of a rate",
            _ => "a label of a regression",
        };
        return $"predicts {what}, and its weights are in that unit, not in "
            + $"{(wanted == ScoreUnit.LogRate ? "that of the logarithm of a rate" : "the label's")}. "
            + $"Only their direction carries over: set StartingPointScale, or start from a "
            + $"{(wanted == ScoreUnit.LogRate ? "Poisson regression" : "regression model")}";
    }
}
