using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tasks;

/// <summary>Counts by L2-SP Poisson regression: the score is the logarithm of the expected count per unit of exposure.</summary>
internal sealed class CountTask : CurvedTask
{
    public static PoissonLoss Loss { get; } = new();

    public override string Measure => "Poisson deviance";

    public override ScoreUnit Unit => ScoreUnit.LogRate;

    /// <summary>The loss is half the deviance.</summary>
    public override double OfLoss(double loss) => 2 * loss;

    public override ITransformer Transformer(
        IHostEnvironment environment, RoundedScores scores, DataViewSchema schema, TaskColumns columns, ClassKeys? keys = null,
            LayerInChain? found = null)
        => StockModels.RegressionTransformer(
            environment, StockModels.Poisson(environment, scores.Weights[0], scores.Intercepts[0]), schema, columns.Features);

    public override CountLabel Labels(TaskSettings settings) => new(Loss.Refusal, settings.Exposure);

    /// <summary>The rows, the logarithms of their exposures as offsets.</summary>
    public LabelledRows Rows(IDataView data, TaskSettings settings, Workers workers, Action<string> warn)
    {
        var label = Labels(settings);
        return Rows(data, settings, label, workers, warn, settings.Exposure is null ? null : () => Math.Log(label.Exposure));
    }

    protected override Problem Read(IDataView data, TaskSettings settings, Workers workers, StockLog log) =>
        OneScore(Rows(data, settings, workers, log.Warning), Loss, settings, log);
}
