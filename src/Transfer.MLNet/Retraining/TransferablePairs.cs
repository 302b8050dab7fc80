using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// PairwiseCoupling over linear models: a binary model for each pair of classes, a class with itself among them, that says whether a row is
/// of one of the two. Each is moved by itself, by L2-SP logistic regression from its old log odds; coupled they are again the stock model.
/// </summary>
internal sealed class TransferablePairs : TransferableModel
{
    /// <summary>Whether it is such a model, every binary model of it linear.</summary>
    public static bool IsOf(ITransformer transformer) =>
        transformer is IPredictionTransformer<object> { Model: PairwiseCouplingModelParameters pairs }
        && StockModels.SubModels(pairs) is { Length: > 0 } models && models.All(m => LinearScores.FeatureCountOf(m) is not null);

    public override (ITransformer Transformer, FineTuneReport Report) Move(
        IHostEnvironment environment, StockLog log, PlaceInChain place, IDataView rows, FineTuneOptions options)
    {
        var transformer = (ISingleFeaturePredictionTransformer<object>)place.Transformer;
        var old = StockModels.SubModels((PairwiseCouplingModelParameters)transformer.Model);
        var starts = Array.ConvertAll(old, m => new StartingPoint(LinearScores.Of(m), "a pair of PairwiseCoupling"));
        var settings = RetrainingOptions.Of(options, starts[0], transformer.FeatureColumnName);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var workers = new Workers(settings.Threads, cancellation.Token);
        var reader = new RowReader(rows, settings.Columns, LabelReader.Key);
        var column = rows.Schema[settings.Columns.Label];
        var label = ClassKeys.Of(column);
        var read = ClassRowsReader.Read(reader, Math.Max(2, label.Count), workers, log.Warning, softmax: true);
        var placeOf = KnownClasses.Of(label, OwnClasses(transformer), Classes(old), settings.Columns.Label, "pairs");
        int[] classes = [.. read.Classes.Select(placeOf)];
        var (means, deviations) = FeatureScales.Of(read, workers);
        if (FeatureScales.Warning(deviations, read.FeatureNames, settings.Columns.Features) is { } warning)
        {
            log.Warning(warning);
        }

        var (models, fits) = ((object[])old.Clone(), new CurvedFit?[old.Length]);
        var beside = new List<StartErrors>();
        for (var i = 0; i < Classes(old); i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var at = (i * (i + 1) / 2) + j;
                var of = Array.ConvertAll(classes, c => c == i || c == j ? 1 : 0);
                if (of.Distinct().Count() == 2)
                {
                    var pair = new ClassRows(read.Design, of, 2, read.Weights, read.FeatureNames);
                    var start = (settings with { StartingPoint = starts[at] }).StartFor(reader.FeatureCount, ScoreUnit.LogOdds, log: null);
                    fits[at] = CurvedFit.Of(pair, Loss.Logistic, start, settings, workers);
                    models[at] = Model(environment, fits[at]!, means, settings);
                    if (fits[at]!.Choice is { Edge: not Choosing.TauEdge.NoEffect } choice && settings.StartingPointScale == 1)
                    {
                        beside.Add(StartErrors.Of(pair, Loss.Logistic, start, choice.LeftOut, workers));
                    }
                }
            }
        }

        if (fits.All(f => f is null))
        {
            throw OneClassOnly.Complaint(rows, settings.Columns, LabelReader.Key, label.Describe, read.Present()[0]);
        }

        var moved = StockModels.MulticlassTransformer(
            environment,
            StockModels.PairwiseCoupling(environment, models),
            SchemaOf(transformer, rows.Schema, settings.Columns),
            transformer.FeatureColumnName,
            settings.Columns.Label);
        return (moved, Report(read, fits, beside, log));
    }

    private static int Classes(object[] pairs) => (int)((Math.Sqrt((8 * pairs.Length) + 1) - 1) / 2);

    private static ClassKeys? OwnClasses(ISingleFeaturePredictionTransformer<object> transformer) =>
        LinearLayer.ClassesOf((ITransformer)transformer, transformer.FeatureColumnName, transformer.FeatureColumnType);

    /// <summary>The columns of the rows, with the label's keys as the model has its classes.</summary>
    private static DataViewSchema SchemaOf(
        ISingleFeaturePredictionTransformer<object> transformer, DataViewSchema schema, TaskColumns columns) =>
        OwnClasses(transformer) is { Names: not null } own ? own.Into(schema, columns.Label) : schema;

    private static CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> Model(
        IHostEnvironment environment, CurvedFit fit, double[] means, TaskSettings settings)
    {
        var scores = new LinearScores([fit.Fit.Weights], fit.Fit.Intercepts, ScoreUnit.LogOdds);
        return BinaryTask.Calibrated(
            environment, RoundedScores.Of(settings.Intercept == InterceptRule.Free ? scores.MendedFor(means) : scores, settings.Columns));
    }

    private static FineTuneReport Report(ClassRows rows, CurvedFit?[] fits, List<StartErrors> beside, StockLog log)
    {
        CurvedFit[] moved = [.. fits.OfType<CurvedFit>()];
        var kept = fits.Length - moved.Length;
        var text = string.Create(CultureInfo.InvariantCulture, $"{fits.Length} pairs of classes: {moved.Length} moved.");
        if (kept > 0)
        {
            text += string.Create(CultureInfo.InvariantCulture, $" {kept} stay as they are: all rows are of the pair, or none is.");
        }

        (kept > 0 ? (Action<string>)log.Warning : log.Info)(text);
        double[] losses = [.. moved.Select(f => f.Choice?.Loss).OfType<double>()];
        return RetrainingOptions.Report(
            "log-loss, the mean over pairs of classes,", rows.Rows, moved.Max(f => f.Tau), losses.Length == moved.Length ? losses.Average()
                : null, beside.Count == moved.Length ? Mean(beside) : null, kept > 0 ? text : null);
    }

    // Pairs share rows: the standard error is told as if they all had the same, which is the most that it can be. What share of the
    // rows the pairs have right says nothing of the classes.
    private static StartErrors Mean(List<StartErrors> pairs) =>
        new(pairs.Average(p => p.Before), pairs.Average(p => p.After), pairs.Average(p => p.StandardError), null, null);

    public override IReadOnlyList<(FineTunedTarget Report, ITransformer? Moved)> MoveMany(
        IHostEnvironment environment, StockLog log, PlaceInChain place, IDataView rows, string keyColumn, FineTuneManyOptions options) =>
        throw new NotSupportedException(
            $"The model ends in {LayerInChain.Describe(place.Transformer)}, which FineTuneMany does not move. "
            + "Call ml.Model.FineTune with the rows of one target at a time.");
}
