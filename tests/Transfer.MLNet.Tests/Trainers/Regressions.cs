using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>Rows of a linear truth, as numbers and as a data view; and the fit written out naively.</summary>
internal sealed class Regressions
{
    public required double[][] X { get; init; }

    public required double[] Y { get; init; }

    public required double[] S { get; init; }

    public int Rows => X.Length;

    public int Features => X[0].Length;

    public static Regressions Make(int rows, double[] truth, double noise = 0.5, double intercept = 3, int seed = 1, double[]? means = null)
    {
        var random = new Random(seed);
        var x = Enumerable.Range(0, rows).Select(_ => truth.Select((_, j) => (double)(float)((means?[j] ?? 0) + Normal(random))).ToArray())
            .ToArray();
        var y = x.Select(r => (double)(float)(intercept + r.Select((v, j) => v * truth[j]).Sum() + (noise * Normal(random)))).ToArray();
        var s = x.Select(_ => (double)(float)(0.2 + (2 * random.NextDouble()))).ToArray();
        return new() { X = x, Y = y, S = s };
    }

    public static double[] Truth(int features, int seed = 5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, features).Select(_ => Normal(random))];
    }

    public IDataView View(MLContext ml, string features = "Features", string label = "Label")
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        schema["Features"].ColumnName = features;
        schema["Label"].ColumnName = label;
        return ml.Data.LoadFromEnumerable(X.Select(
            (x, i) => new Row { Features = [.. x.Select(v => (float)v)], Label = (float)Y[i], Weight = (float)S[i] }), schema);
    }

    /// <summary>
    /// The minimum of (1/n) sum s (y - b - x'w)^2 + tau |w - start|^2 (+ tau (b - pulledTo)^2), by Gaussian elimination on (w, b).
    /// </summary>
    public (double[] Weights, double Intercept) Solve(
        double tau, double[]? start = null, bool weighted = false, bool intercept = true, double? pulledTo = null)
    {
        var (n, p) = (Rows, Features);
        var size = p + 1;
        var a = new double[size, size + 1];
        var mean = weighted ? S.Average() : 1;
        for (var i = 0; i < n; i++)
        {
            double[] row = [.. X[i], intercept ? 1 : 0];
            var s = weighted ? S[i] / mean : 1;
            for (var j = 0; j < size; j++)
            {
                for (var k = 0; k < size; k++)
                {
                    a[j, k] += s * row[j] * row[k] / n;
                }

                a[j, size] += s * row[j] * Y[i] / n;
            }
        }

        for (var j = 0; j < p; j++)
        {
            a[j, j] += tau;
            a[j, size] += tau * (start?[j] ?? 0);
        }

        if (!intercept)
        {
            a[p, p] = 1;
        }
        else if (pulledTo is { } b)
        {
            a[p, p] += tau;
            a[p, size] += tau * b;
        }

        var solution = Eliminate(a, size);
        return (solution[..p], intercept ? solution[p] : 0);
    }

    /// <summary>The root mean squared error of refitting without each row in turn, the summed penalty n tau kept.</summary>
    public double LeaveOneOutError(double tau, double[]? start = null)
    {
        var sum = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            var out1 = i;
            var rest = new Regressions
            {
                X = [.. X.Where((_, k) => k != out1)],
                Y = [.. Y.Where((_, k) => k != out1)],
                S = [.. S.Where((_, k) => k != out1)],
            };
            var (w, b) = rest.Solve(tau * Rows / (Rows - 1), start);
            var e = Y[i] - b - X[i].Select((v, j) => v * w[j]).Sum();
            sum += e * e;
        }

        return Math.Sqrt(sum / Rows);
    }

    private static double[] Eliminate(double[,] a, int size)
    {
        for (var k = 0; k < size; k++)
        {
            var pivot = Enumerable.Range(k, size - k).MaxBy(i => Math.Abs(a[i, k]));
            for (var j = 0; j <= size; j++)
            {
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            }

            for (var i = 0; i < size; i++)
            {
                if (i == k)
                {
                    continue;
                }

                var factor = a[i, k] / a[k, k];
                for (var j = k; j <= size; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }
            }
        }

        return [.. Enumerable.Range(0, size).Select(i => a[i, size] / a[i, i])];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Weight { get; set; }
    }
}
