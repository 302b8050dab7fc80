using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tasks;

/// <summary>
/// Several classes by L2-SP maximum entropy: classes are matched with those of the starting point by name, those that have rows are solved,
/// and the others follow.
/// </summary>
internal sealed class MulticlassTask : CurvedTask
{
    public override string Measure => "log-loss";

    public override ScoreUnit Unit => ScoreUnit.LogOdds;

    public override ITransformer Transformer(
        IHostEnvironment environment, RoundedScores scores, DataViewSchema schema, TaskColumns columns, ClassKeys? keys = null,
            LayerInChain? found = null)
    {
        var names = (keys ?? ClassKeys.Of(schema[columns.Label])).DistinctNames;
        var model = StockModels.MaximumEntropy(
            environment, scores.Weights, scores.Intercepts, scores.Weights[0].Length, names is null ? null : [.. names]);
        return StockModels.MulticlassTransformer(
            environment, model, keys?.Into(schema, columns.Label) ?? schema, columns.Features, columns.Label);
    }

    public override LabelReader Labels(TaskSettings settings) => LabelReader.Key;

    protected override Problem Read(IDataView data, TaskSettings settings, Workers workers, StockLog log)
    {
        var columns = settings.Columns;
        var reader = new RowReader(data, columns, Labels(settings));
        var label = ClassKeys.Of(data.Schema[columns.Label]);
        settings.StartingPoint?.RequireFeaturesOfEach(reader.FeatureCount, columns.Features);
        var plan = Plan(label, settings, log);
        var read = ClassRowsReader.Read(reader, Math.Max(2, label.Count), workers, log.Warning, softmax: true);
        var present = read.Present();
        if (present.Length < 2)
        {
            throw OneClassOnly.Complaint(data, columns, LabelReader.Key, label.Describe, present[0]);
        }

        MemoryBudget.OfProcess.RequireScores(read.Rows, present.Length, columns.Label);
        if (LongFit.Warning(read.Rows, present.Length, reader.FeatureCount, settings.Tau is not null, columns.Label) is { } warning)
        {
            log.Warning(warning);
        }

        var start = new ClassStarts(settings, settings.NewClasses, plan, reader.FeatureCount);
        var rows = read.Only(present);
        int[] trained = [.. present.Select(k => plan.OutputOf[k])];
        return new(
            rows,
            Loss.Of(rows),
            start.For(trained),
            fit => new RestOfClasses(settings, start, label, plan, log).Add(rows, fit, trained, present, workers),
            ReferenceEquals(plan.Classes, label) ? null : plan.Classes);
    }

    private ClassPlan Plan(ClassKeys label, TaskSettings settings, StockLog log)
    {
        if (settings.StartingPoint is not { } start)
        {
            return ClassPlan.Of(label);
        }

        StartUnit.Tell(start, Unit, log);
        return settings.StartFirst
            ? ClassPlan.StartFirst(label, start, settings.Columns.Label, log)
            : ClassPlan.LabelFirst(label, start, settings.Missing, settings.Columns.Label, log);
    }
}
