using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Trainers;

/// <summary>
/// One fit of L2-SP maximum entropy: reads, matches classes, solves among those that have rows, tells the log, and puts the weights
/// into ML.NET's transformer.
/// </summary>
internal sealed class MulticlassTraining(
    IHostEnvironment environment, StockLog log, ClassifierSettings settings, MissingClasses missing, NewClassStart newClasses, bool startFirst = false)
{
    public (MulticlassPredictionTransformer<MaximumEntropyModelParameters> Transformer, L2SpClassifierReport Report) OnRows(IDataView data)
    {
        var columns = settings.Columns;
        var reader = new RowReader(data, columns, LabelReader.Key);
        var label = ClassKeys.Of(data.Schema[columns.Label]);
        settings.StartingPoint?.RequireFeaturesOfEach(reader.FeatureCount, columns.Features);
        var plan = Plan(label);
        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var workers = new Workers(settings.Threads, cancellation.Token);
        var read = ClassRowsReader.Read(reader, Math.Max(2, label.Count), workers, log.Warning, softmax: true);
        var present = read.Present();
        if (present.Length < 2)
        {
            throw OneClassOnly.Complaint(data, columns, LabelReader.Key, label.Describe, present[0]);
        }

        var start = new ClassStarts(settings, newClasses, plan, reader.FeatureCount);
        var rows = read.Only(present);
        int[] trained = [.. present.Select(k => plan.OutputOf[k])];
        var solved = ClassifierFit.Of(rows, start.For(trained), settings, workers);
        var scores = new RestOfClasses(settings, start, label, plan, log).Add(rows, solved.Fit, trained, present, workers);
        var report = solved.Report(rows, settings, scores, log);
        var rounded = SinglePrecision.Of(solved.Mended(rows, settings, scores, workers, log), columns);
        var model = StockModels.MaximumEntropy(
            environment, rounded.Weights, rounded.Intercepts, reader.FeatureCount, plan.Classes.DistinctNames is { } names ? [.. names] : null);
        var schema = ReferenceEquals(plan.Classes, label) ? data.Schema : plan.Classes.Into(data.Schema, columns.Label);
        return (StockModels.MulticlassTransformer(environment, model, schema, columns.Features, columns.Label), report);
    }

    private ClassPlan Plan(ClassKeys label)
    {
        if (settings.StartingPoint is not { } start)
        {
            return ClassPlan.Of(label);
        }

        StartUnit.Tell(start, ScoreUnit.LogOdds, log);
        return startFirst
            ? ClassPlan.StartFirst(label, start, settings.Columns.Label, log)
            : ClassPlan.LabelFirst(label, start, missing, settings.Columns.Label, log);
    }
}
