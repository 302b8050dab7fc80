using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Trainers;

/// <summary>One fit of the blend: reads, applies the rule, tells the log, and puts the weights into ML.NET's model.</summary>
internal sealed class BlendTraining
{
    private readonly IHostEnvironment _environment;
    private readonly StockLog _log;
    private readonly TaskColumns _columns;
    private readonly string? _clusterColumn;
    private readonly TransferSource _source;
    private readonly bool _intercept;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;

    public BlendTraining(IHostEnvironment environment, StockLog log, L2SpBlendTrainer.Options options)
    {
        var check = OptionCheck.Of(options);
        check.Columns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName);
        check.NameIfGiven(options.ClusterColumnName, nameof(options.ClusterColumnName));
        check.Threads(options.NumberOfThreads);
        _source = options.Source ?? throw new ArgumentException(
            "L2SpBlend needs a source: moments (ml.Regression.ComputeMoments), grouped moments (ml.Data.ComputeGroupedMoments) or a model. "
            + "Without one use L2SpRidge.",
            nameof(options));
        (_environment, _log) = (environment, log);
        _columns = new TaskColumns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName);
        (_clusterColumn, _intercept) = (options.ClusterColumnName, options.FitIntercept);
        (_threads, _cancellation) = (options.NumberOfThreads ?? Environment.ProcessorCount, options.CancellationToken);
    }

    public string FeatureColumn => _columns.Features;

    public (LinearRegressionModelParameters Model, L2SpBlendReport Report) OnRows(IDataView data)
    {
        using var cancellation = new StockCancellation(_environment, _cancellation);
        var workers = new Workers(_threads, cancellation.Token);
        var (rows, clusters) = ClusteredRowsReader.Read(data, _columns, _clusterColumn, workers, _log.Warning);
        var source = _source.Prepare(_columns, rows.FeatureNames, rows.FeatureCount, _intercept, workers);
        var spread = Spread.Of(rows);
        if (FeatureScales.Warning(spread.FeatureDeviations, rows.FeatureNames, _columns.Features) is { } scales)
        {
            _log.Warning(scales);
        }

        var result = BlendRule.Apply(source, rows, _intercept, ScratchTau(rows, workers), workers, clusters);
        var report = ReportOf(rows, result);
        _log.Info(report.ToString());
        Warn(result, rows);
        var scores = new LinearScores([result.Weights], [result.Intercept], ScoreUnit.Label);
        var rounded = RoundedScores.Of(_intercept ? scores.MendedFor(spread.FeatureMeans) : scores, _columns);
        return (StockModels.LinearRegression(_environment, rounded.Weights[0], rounded.Intercepts[0]), report);
    }

    private double ScratchTau(HeldRows rows, Workers workers) => rows.Rows < 2 ? 1
        : TunedFit.ByLeaveOneOut(rows, Start.Zero(rows.FeatureCount), _intercept ? InterceptRule.Free : InterceptRule.None, workers)
        .Choice.Tau;

    private void Warn(BlendResult result, HeldRows rows)
    {
        if (result.MetricWeights.Count == 0)
        {
            _log.Warning($"With {rows.Rows} row(s), or a label '{_columns.Label}' that is the same in all of them, nothing can be "
                + $"learnt: the model is the label's mean.");
        }
        else if (result.UnitsDiffer)
        {
            _log.Warning(
                "The best multiple of the source's weights lies outside of -1 to 3, where c is looked for: is the label of the "
                + "source in another unit than the target's? "
                + "Bring both to one unit.");
        }
    }

    private static L2SpBlendReport ReportOf(HeldRows rows, BlendResult result) => new()
    {
        Rows = rows.Rows,
        EffectiveRows = result.EffectiveRows,
        ProbabilityOfHelp = result.ProbabilityOfHelp,
        Alpha = result.Alpha,
        Scale = result.Scale,
        ScaleLower = result.ScaleInterval.Lower,
        ScaleUpper = result.ScaleInterval.Upper,
        MetricWeights = result.MetricWeights.ToDictionary(m => m.Metric.ToString(), m => m.Weight).AsReadOnly(),
        LeftOutError = Math.Sqrt(BlendResult.MeanSquare(result.LeftOutResiduals)),
        ScratchLeftOutError = Math.Sqrt(BlendResult.MeanSquare(result.ScratchResiduals)),
        Weights = Array.AsReadOnly(result.Weights),
        Intercept = result.Intercept,
    };
}
