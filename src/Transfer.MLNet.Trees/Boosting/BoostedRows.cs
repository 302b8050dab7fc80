using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Boosting;

/// <summary>Rows in memory as ML.NET's trainers of trees take them, and the loss of what such a trainer gave.</summary>
internal sealed class BoostedRows
{
    private const double LeastProbability = 1e-9;

    private readonly MLContext _ml;
    private readonly TreeTask _task;
    private readonly string _features;
    private readonly float[][] _x;
    private readonly double[] _labels;
    private readonly double[] _weights;
    private readonly int _classes;

    /// <param name="ml">Where views live.</param>
    /// <param name="task">What is predicted.</param>
    /// <param name="features">What the column of the features is called.</param>
    /// <param name="x">The features of each row (n x p).</param>
    /// <param name="labels">Numbers, rates, 0 or 1, or classes from 0 (n).</param>
    /// <param name="weights">How much each row counts in training (n).</param>
    /// <param name="classes">How many classes there are; of another task not looked at.</param>
    public BoostedRows(MLContext ml, TreeTask task, string features, float[][] x, double[] labels, double[] weights, int classes)
    {
        (_ml, _task, _features, _x, _labels, _weights, _classes) = (ml, task, features, x, labels, weights, classes);
    }

    /// <summary>The column that is predicted.</summary>
    public string Label => _task switch
    {
        TreeTask.Regression or TreeTask.Rate => nameof(Row.Number),
        TreeTask.Binary => nameof(Row.Flag),
        _ => nameof(Row.Class),
    };

    /// <summary>The column of the weights.</summary>
    public static string Weight => nameof(Row.Weight);

    public IDataView View(int[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _x[0].Length);
        schema[nameof(Row.Features)].ColumnName = _features;
        schema[nameof(Row.Class)].ColumnType = new KeyDataViewType(typeof(uint), Math.Max(2, _classes));
        return _ml.Data.LoadFromEnumerable(
            rows.Select(i => new Row
            {
                Features = _x[i],
                Number = (float)_labels[i],
                Flag = _labels[i] == 1,

                // Keys of a class in memory begin at zero; in the view at one.
                Class = (uint)Math.Max(0, _labels[i]),
                Weight = (float)_weights[i],
            }).ToArray(),
            schema);
    }

    /// <summary>The loss of each of these rows.</summary>
    public double[] Losses(ITransformer model, int[] rows) => Losses(_task, model.Transform(View(rows)), [.. rows.Select(i => _labels[i])]);

    /// <summary>
    /// The loss of each scored row (n): squared error, Poisson loss, or minus the logarithm of the label's probability.
    /// </summary>
    public static double[] Losses(TreeTask task, IDataView scored, double[] labels)
    {
        return task switch
        {
            TreeTask.Regression => Each("Score", (y, s) => (s - y) * (s - y)),
            TreeTask.Rate => Each("Score", (y, s) => RowLoss.Poisson.Value(y, Math.Log(Math.Max(s, LeastProbability)))),
            TreeTask.Binary => Each("Probability", (y, p) => RowLoss.Logistic.Value(y, LogOdds(p))),
            _ => [.. scored.GetColumn<float[]>("Score").Zip(labels, (s, y) =>
                -Math.Log(Math.Max((int)y < s.Length ? s[(int)y] : 0, LeastProbability)))],
        };

        double[] Each(string column, Func<double, double, double> loss) =>
            [.. scored.GetColumn<float>(column).Zip(labels, (s, y) => loss(y, s))];
    }

    private static double LogOdds(double p)
    {
        var inside = Math.Clamp(p, LeastProbability, 1 - LeastProbability);
        return Math.Log(inside / (1 - inside));
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool Flag { get; set; }

        public uint Class { get; set; }

        public float Weight { get; set; }
    }
}
