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
    private readonly TaskSettings _settings;
    private readonly string? _clusterColumn;
    private readonly TransferSource _source;

    public BlendTraining(IHostEnvironment environment, StockLog log, L2SpBlendTrainer.Options options)
    {
        _settings = TaskSettings.Common(options);
        OptionCheck.Of(options).NameIfGiven(options.ClusterColumnName, nameof(options.ClusterColumnName));
        _source = options.Source ?? throw new ArgumentException(
            "L2SpBlend needs a source: moments (ml.Regression.ComputeMoments), grouped moments (ml.Data.ComputeGroupedMoments) or a model. "
            + "Without one use L2SpRidge.",
            nameof(options));
        (_environment, _log, _clusterColumn) = (environment, log, options.ClusterColumnName);
    }

    public TaskColumns Columns => _settings.Columns;

    private bool Intercept => _settings.Intercept == InterceptRule.Free;

    public (LinearRegressionModelParameters Model, L2SpBlendReport Report) OnRows(IDataView data)
    {
        using var cancellation = new StockCancellation(_environment, _settings.Cancellation);
        var workers = new Workers(_settings.Threads, ShareDone.To(_settings.Progress), cancellation.Token);
        var (rows, clusters) = ClusteredRowsReader.Read(data, Columns, _clusterColumn, workers, _log.Warning);
        if (clusters is null && RowCopies.Once(rows) is var once && once.Rows < rows.Rows)
        {
            _log.Warning($"{rows.Rows - once.Rows} of {rows.Rows} rows are exact copies of rows before them, features and label alike, and "
                + $"count once.");
            rows = once;
        }

        var source = _source.Prepare(Columns, rows.FeatureNames, rows.FeatureCount, Intercept, workers);
        if (_source.Groups is { } groups && source.Groups is null)
        {
            _log.Warning($"Of {groups.Groups.Count} groups of the source (column '{groups.GroupColumnName}') "
                + $"{groups.Groups.Count(g => g.Count >= GroupPrior.FewestRows)} have {GroupPrior.FewestRows} rows or more: "
                + $"{GroupPrior.FewestGroups} at least are needed, so that the source is taken as one task.");
        }

        var spread = Spread.Of(rows);
        if (FeatureScales.Warning(spread.FeatureDeviations, rows.FeatureNames, Columns.Features) is { } scales)
        {
            _log.Warning(scales);
        }

        var scratchTau = ScratchTau(rows, workers);
        var result = BlendRule.Apply(source, rows, Intercept, scratchTau, workers, clusters);
        var report = ReportOf(rows, result, scratchTau);
        _log.Info(report.ToString());
        Warn(result, rows);
        var scores = new LinearScores([result.Weights], [result.Intercept], ScoreUnit.Label);
        if (RoundedScores.Lost(scores, spread.LabelDeviation, Columns) is { } lost)
        {
            _log.Warning(lost);
        }

        var rounded = RoundedScores.Of(Intercept ? scores.MendedFor(spread.FeatureMeans) : scores, Columns);
        return (StockModels.LinearRegression(_environment, rounded.Weights[0], rounded.Intercepts[0]), report);
    }

    private double ScratchTau(HeldRows rows, Workers workers) => rows.Rows < 2 ? 1
        : TunedFit.ByLeaveOneOut(rows, Start.Zero(rows.FeatureCount), _settings.Intercept, workers)
        .Choice.Tau;

    private void Warn(BlendResult result, HeldRows rows)
    {
        if (result.MetricWeights.Count == 0)
        {
            _log.Warning($"With {rows.Rows} row(s), or a label '{Columns.Label}' that is the same in all of them, nothing can be "
                + $"learnt: the model is the label's mean.");
        }
        else if (result.Units is { } doubt)
        {
            _log.Warning(doubt.Message);
        }
    }

    private static L2SpBlendReport ReportOf(HeldRows rows, BlendResult result, double scratchTau) => new(result.MetricWeights)
    {
        Rows = rows.Rows,
        EffectiveRows = result.EffectiveRows,
        Features = rows.FeatureCount,
        ScratchTau = scratchTau,
        ProbabilityOfHelp = result.ProbabilityOfHelp,
        Alpha = result.Alpha,
        Scale = result.Scale,
        ScaleLower = result.ScaleInterval.Lower,
        ScaleUpper = result.ScaleInterval.Upper,
        Measure = "root mean squared error",
        LeftOutError = Math.Sqrt(BlendResult.MeanSquare(result.LeftOutResiduals)),
        ScratchLeftOutError = Math.Sqrt(BlendResult.MeanSquare(result.ScratchResiduals)),
        Weights = Array.AsReadOnly(result.Weights),
        Intercepts = Array.AsReadOnly([result.Intercept]),
    };
}
