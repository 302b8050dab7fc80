using Transfer.MLNet.Models;

namespace Transfer.MLNet.Trainers;

/// <summary>Tells the log where a classifier's starting point is in another unit than log odds.</summary>
internal static class StartUnit
{
    public static void Tell(StartingPoint? start, StockLog log)
    {
        var what = start?.Unit switch
        {
            ScoreUnit.Margin => "is not calibrated: nothing says that its score is log odds, it may be a margin of another length. "
                + "Set StartingPointScale, or start from a calibrated model (ml.BinaryClassification.Calibrators.Platt)",
            ScoreUnit.Label => "predicts a label of a regression, and its weights are in that label's unit, not in log odds. "
                + "Only their direction carries over: set StartingPointScale, or start from a classifier",
            ScoreUnit.LogRate => "predicts the logarithm of a rate, not log odds. The two agree for rare events; otherwise set StartingPointScale, or start from a classifier",
            _ => null,
        };
        if (what is not null)
        {
            log.Warning($"The starting point ({start!.Origin}) {what}.");
        }
    }
}
