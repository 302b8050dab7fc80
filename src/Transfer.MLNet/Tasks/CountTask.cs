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
        var reader = new RowReader(data, settings.Columns, label);
        var store = new ClassRowsStore(reader.FeatureCount, reader.Columns.Features);
        var (labels, weights, offsets) = (new List<double>(), new List<double>(), new List<double>());
        reader.Read(
            (in features, count, weight, _) =>
            {
                store.Add(in features);
                labels.Add(count);
                weights.Add(weight);
                offsets.Add(Math.Log(label.Exposure));
            },
            warn,
            workers.Cancellation);
        return new LabelledRows(
            store.ToDesign(),
            [.. labels],
            reader.Columns.Weight is null ? null : [.. weights],
            reader.FeatureNames,
            settings.Exposure is null ? null : [.. offsets]);
    }

    protected override Problem Read(IDataView data, TaskSettings settings, Workers workers, StockLog log)
    {
        var rows = Rows(data, settings, workers, log.Warning);
        return new(rows, Loss, settings.StartFor(rows.FeatureCount, Unit, log), fit => new([fit.Weights], fit.Intercepts, Unit));
    }
}
