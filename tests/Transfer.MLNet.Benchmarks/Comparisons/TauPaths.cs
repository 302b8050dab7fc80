using System.Globalization;
using System.Text.Json.Nodes;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Row (l): the left-out losses of a classifier along ten taus in the same five folds, both from arrays in memory.</summary>
internal static class TauPaths
{
    private const int Folds = 5;
    private const double Share = 0.8;

    public static IEnumerable<Result> Run(Bench bench) =>
    [
        Compare(bench, bench.Effort.Choose(8_000, 4_000), bench.Effort.Choose(200, 50), 6),
        Compare(bench, bench.Effort.Choose(20_000, 10_000), bench.Effort.Choose(100, 50), 2),
    ];

    private static Result Compare(Bench bench, int n, int p, int classes)
    {
        var rows = Rows(n, p, classes, out var features);
        var fold = StratifiedFolds.Of(rows, Folds, 1);

        // scikit-learn's own grid, C from 1e-4 to 1e4: C = 1 / (tau rows of a fit).
        double[] strengths = [.. Enumerable.Range(0, 10).Select(i => Math.Pow(10, -4 + (8 * i / 9.0)))];
        double[] taus = [.. strengths.Select(c => 1 / (c * Share * n))];
        bench.Data.Write("x", features);
        bench.Data.Write("y", rows.Labels);
        bench.Data.Write("folds", Array.ConvertAll(fold, f => (double)f));
        bench.Data.Write("strengths", strengths);

        double[] Ours()
        {
            var leftOut = NewtonPath.LeftOutByFold(
                new NewtonTask(rows, null, InterceptRule.Free, Workers.All), new NewtonSettings(0), fold);
            return [.. taus.Select(tau => leftOut(tau).Average())];
        }

        return bench.Against(
            "l", FormattableString.Invariant($"10 taus of a classifier in 5 folds, n = {n:#,0}, p = {p}, {classes} classes"),
            "scikit-learn `LogisticRegressionCV` (lbfgs, tol 1e-4), from arrays", "scikit-learn", "logistic_path",
                new JsonObject { ["p"] = p }, Ours, 3,
            (ours, theirs) => string.Create(
                CultureInfo.InvariantCulture, $"left-out losses differ by at most "
                    + $"{ours.Zip(theirs, (a, b) => Math.Abs(a - b) / b).Max():0.0E0} of them"));
    }

    /// <summary>Each feature correlated by one half with the one before; classes drawn from softmax.</summary>
    private static ClassRows Rows(int n, int p, int classes, out double[] features)
    {
        var random = new Random(13);
        double[] truth = [.. Enumerable.Range(0, p * classes).Select(_ => 2 * DataFolder.Normal(random) / Math.Sqrt(p))];
        var (values, labels) = (new float[n * p], new int[n]);
        for (var i = 0; i < n; i++)
        {
            var (last, scores) = (0.0, new double[classes]);
            for (var j = 0; j < p; j++)
            {
                last = (0.5 * last) + (Math.Sqrt(0.75) * DataFolder.Normal(random));
                values[(i * p) + j] = (float)last;
                Product.AddScaled(last, truth.AsSpan(j * classes, classes), scores);
            }

            for (var c = 0; c < classes; c++)
            {
                scores[c] -= Math.Log(-Math.Log(1 - random.NextDouble()));
            }

            labels[i] = Array.IndexOf(scores, scores.Max());
        }

        features = Array.ConvertAll(values, v => (double)v);
        return new ClassRows(new DenseDesign(n, p, values), labels, classes);
    }
}
