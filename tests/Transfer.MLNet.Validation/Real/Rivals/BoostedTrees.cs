using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Validation.Real.Rivals;

/// <summary>LightGBM on all rows together, with a feature that says which rows are the target's.</summary>
internal static class BoostedTrees
{
    public static Way Pooled { get; } = new("boosted trees, pooled", "trees", true, Answer);

    private static Answer Answer(RealDraw draw)
    {
        var ml = new MLContext(seed: 1);
        var (source, target) = (draw.Source.Rows, draw.Target);
        var all = Rows(source.Features, source.Labels, own: 0).Concat(Rows(target.Features, target.Labels, own: 1));
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, target.FeatureCount + 1);
        var trainer = ml.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
        {
            NumberOfIterations = 200,
            LearningRate = 0.05,
            NumberOfLeaves = 31,
            MinimumExampleCountPerLeaf = 20,
            NumberOfThreads = 1,
            Seed = 1,
            Silent = true,
        });
        var model = trainer.Fit(ml.Data.LoadFromEnumerable(all, schema));
        var unseen = ml.Data.LoadFromEnumerable(Rows(draw.Unseen, new double[draw.Unseen.Rows], own: 1), schema);
        return Real.Answer.Of([.. model.Transform(unseen).GetColumn<float>("Score").Select(s => (double)s)]);
    }

    private static IEnumerable<Row> Rows(Matrix features, double[] labels, float own) => Enumerable.Range(0, features.Rows)
        .Select(i => new Row
        {
            Features = [.. features.Row(i).ToArray().Select(v => (float)v), own],
            Label = (float)labels[i],
        });

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
