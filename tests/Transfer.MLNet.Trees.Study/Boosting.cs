using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace Transfer.MLNet.Trees.Study;

/// <summary>LightGBM by ML.NET, for numbers and for two classes.</summary>
internal sealed class Boosting(MLContext ml, bool binary, int features)
{
    // Leaves, iterations and rows a leaf, of which folds choose where the target's rows are alone.
    private static readonly (int Leaves, int Iterations, int PerLeaf)[] _settings = [(4, 50, 3), (4, 150, 3), (12, 50, 5), (12, 150, 5)];

    public IDataView View(IReadOnlyList<(float[] X, float Y)> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return ml.Data.LoadFromEnumerable(rows.Select(r => new Row { Features = r.X, Label = r.Y, Flag = r.Y == 1 }).ToArray(), schema);
    }

    public ITransformer Train(IReadOnlyList<(float[] X, float Y)> rows, int leaves, int iterations, int perLeaf) => binary
        ? ml.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
        {
            LabelColumnName = "Flag",
            NumberOfLeaves = leaves,
            NumberOfIterations = iterations,
            MinimumExampleCountPerLeaf = perLeaf,
            LearningRate = 0.1,
            NumberOfThreads = 1,
        }).Fit(View(rows))
        : ml.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
        {
            NumberOfLeaves = leaves,
            NumberOfIterations = iterations,
            MinimumExampleCountPerLeaf = perLeaf,
            LearningRate = 0.1,
            NumberOfThreads = 1,
        }).Fit(View(rows));

    /// <summary>The best of four settings by three folds.</summary>
    public ITransformer Alone(IReadOnlyList<(float[] X, float Y)> rows)
    {
        const int folds = 3;
        var best = _settings.MinBy(s => Enumerable.Range(0, folds).Sum(f =>
        {
            var model = Train([.. rows.Where((_, i) => i % folds != f)], s.Leaves, s.Iterations, s.PerLeaf);
            (float[] X, float Y)[] left = [.. rows.Where((_, i) => i % folds == f)];
            return Loss(Scores(model, left), left) * left.Length;
        }));
        return Train(rows, best.Leaves, best.Iterations, best.PerLeaf);
    }

    /// <summary>The label, or log odds.</summary>
    public double[] Scores(ITransformer model, IReadOnlyList<(float[] X, float Y)> rows)
    {
        var scored = model.Transform(View(rows));
        return binary
            ? [.. scored.GetColumn<float>("Probability")
            .Select(p => Math.Log(Math.Clamp(p, 1e-9, 1 - 1e-7) / (1 - Math.Clamp(p, 1e-9, 1 - 1e-7))))]
            : [.. scored.GetColumn<float>("Score").Select(s => (double)s)];
    }

    /// <summary>The root of the mean squared error, or the log-loss.</summary>
    public double Loss(double[] scores, IReadOnlyList<(float[] X, float Y)> rows)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            sum += binary
                ? Math.Max(scores[i], 0) - (rows[i].Y * scores[i]) + double.LogP1(Math.Exp(-Math.Abs(scores[i])))
                : (scores[i] - rows[i].Y) * (scores[i] - rows[i].Y);
        }

        return binary ? sum / scores.Length : Math.Sqrt(sum / scores.Length);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool Flag { get; set; }
    }
}
