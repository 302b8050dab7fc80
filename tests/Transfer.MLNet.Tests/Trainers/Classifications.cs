using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>
/// Rows of a logistic truth of some classes, as numbers and as a data view; and the gradient of the objective written out naively.
/// </summary>
internal sealed class Classifications
{
    public required double[][] X { get; init; }

    /// <summary>0 .. K - 1.</summary>
    public required int[] Y { get; init; }

    public required double[] S { get; init; }

    public required string[] Names { get; init; }

    public int Rows => X.Length;

    public int Features => X[0].Length;

    public static Classifications Make(int rows, int features, string[] names, int seed = 1, double strength = 1, int truth = 7)
    {
        var (random, weights) = (new Random(seed), new Random(truth));
        var w = names.Select(_ => Enumerable.Range(0, features).Select(_ => strength * Normal(weights)).ToArray()).ToArray();
        var x = Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, features).Select(_ => (double)(float)Normal(random)).ToArray())
            .ToArray();
        var y = x.Select(r => names.Select((_, k) => (Class: k, Score: Dot(r, w[k]) - Math.Log(-Math.Log(1 - random.NextDouble()))))
            .MaxBy(c => c.Score).Class).ToArray();
        var s = x.Select(_ => (double)(float)(0.2 + (2 * random.NextDouble()))).ToArray();
        return new() { X = x, Y = y, S = s, Names = names };
    }

    /// <summary>Of two classes the second is true.</summary>
    public static Classifications Binary(int rows, int features, int seed = 1, double strength = 1) =>
        Make(rows, features, ["no", "yes"], seed, strength);

    public Classifications Only(Func<int, bool> row)
    {
        int[] kept = [.. Enumerable.Range(0, Rows).Where(row)];
        return new() { X = [.. kept.Select(i => X[i])], Y = [.. kept.Select(i => Y[i])], S = [.. kept.Select(i => S[i])], Names = Names };
    }

    /// <summary>
    /// The same rows, their labels keys of the names in this order (all of them, whether a row has them or not); by default that of
    /// <see cref="Names"/>.
    /// </summary>
    public IDataView View(MLContext ml, string[]? order = null, bool sparse = false)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        var rows = ml.Data.LoadFromEnumerable(
            X.Select((x, i) => new Row { Features = Vector(x, sparse), Positive = Y[i] == 1, Kind = Names[Y[i]], Weight = (float)S[i] })
                .ToArray(), schema);
        var keys = ml.Data.LoadFromEnumerable((order ?? Names).Select(n => new Name { Kind = n }));
        return ml.Transforms.Conversion.MapValueToKey("Label", "Kind", keyData: keys).Fit(rows).Transform(rows);
    }

    /// <summary>
    /// The gradient of (1/n) sum s log-loss + (tau/2)|w - start|^2 in (w, b), and of pulled intercepts; both one output and softmax.
    /// </summary>
    public double[] Gradient(
        IReadOnlyList<double> weights, IReadOnlyList<double> intercepts, double tau, double[]? start = null, bool weighted = false,
            double[]? pulledTo = null)
    {
        var (p, k, mean) = (Features, intercepts.Count, weighted ? S.Average() : 1);
        var gradient = new double[(k * p) + k];
        for (var i = 0; i < Rows; i++)
        {
            var scores = Enumerable.Range(0, k).Select(c => intercepts[c] + Enumerable.Range(0, p).Sum(j => X[i][j] * weights[(c * p) + j]))
                .ToArray();
            double[] chance = k == 1 ? [1 / (1 + Math.Exp(-scores[0]))] : [.. scores.Select(s => Math.Exp(s) / scores.Sum(Math.Exp))];
            for (var c = 0; c < k; c++)
            {
                var residual = (weighted ? S[i] / mean : 1) * (chance[c] - (k == 1 ? Y[i] : Y[i] == c ? 1 : 0)) / Rows;
                gradient[(k * p) + c] += residual;
                for (var j = 0; j < p; j++)
                {
                    gradient[(c * p) + j] += residual * X[i][j];
                }
            }
        }

        for (var j = 0; j < k * p; j++)
        {
            gradient[j] += tau * (weights[j] - (start?[j] ?? 0));
        }

        for (var c = 0; pulledTo is not null && c < k; c++)
        {
            gradient[(k * p) + c] += tau * (intercepts[c] - pulledTo[c]);
        }

        return gradient;
    }

    private static VBuffer<float> Vector(double[] row, bool sparse)
    {
        int[] indices = [.. Enumerable.Range(0, row.Length).Where(j => row[j] != 0)];
        return sparse
            ? new VBuffer<float>(row.Length, indices.Length, [.. indices.Select(j => (float)row[j])], indices)
            : new VBuffer<float>(row.Length, [.. row.Select(v => (float)v)]);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    internal sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public bool Positive { get; set; }

        public string Kind { get; set; } = string.Empty;

        public float Weight { get; set; }
    }

    private sealed class Name
    {
        public string Kind { get; set; } = string.Empty;
    }
}
