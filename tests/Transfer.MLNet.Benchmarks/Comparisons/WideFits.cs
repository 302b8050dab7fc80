using System.Text.Json.Nodes;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Wide;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Far more features than rows, or than a Gram matrix could have: dense rows through the dual, sparse ones kept sparse.</summary>
internal static class WideFits
{
    private const double Tau = 0.1;

    public static IEnumerable<Result> Run(Bench bench)
    {
        var p = bench.Effort.Choose(50_000, 10_000);
        bench.Data.WriteTask(string.Empty, 500, p, seed: 10);
        bench.Data.Write("start", new double[p]);
        var rows = bench.Data.Task(string.Empty, p);
        yield return bench.Against(
            "w", FormattableString.Invariant($"ridge for one tau, dense, n = 500, p = {p:#,0}"), "NumPy and SciPy, the dual", "NumPy",
                "l2sp_closed_form",
            new JsonObject { ["p"] = p, ["tau"] = Tau },
            () => RidgeSolver.Solve(rows, Start.Zero(p), Tau, InterceptRule.Free, Workers.All).Weights, null);

        foreach (var n in new[] { 2_000, bench.Effort.Choose(50_000, 8_000) })
        {
            const int Features = 1_000_000;
            var wide = Write(bench.Data, n, Features);
            var how = n <= 5_000 ? "the dual" : "conjugate gradients";
            yield return bench.Against(
                "w", FormattableString.Invariant($"ridge for one tau, sparse, n = {n:#,0}, p = {Features:#,0}, 100 values a row: {how}"),
                "scikit-learn `Ridge(solver=\"sparse_cg\", tol=1e-9)`", "scikit-learn", "ridge_sparse_sklearn",
                    new JsonObject { ["p"] = Features, ["tau"] = Tau },
                () => WideSolver.Fit(wide, Start.Zero(Features), Tau, InterceptRule.Free, Workers.All, MemoryBudget.OfProcess).Fit.Weights,
                    null);
        }
    }

    private static LabelledRows Write(DataFolder data, int n, int p)
    {
        var draws = new Random(11);
        var (starts, features, values, labels) = (new List<long> { 0 }, new List<int>(), new List<float>(), new double[n]);
        for (var i = 0; i < n; i++)
        {
            // Words of a text: the k-th in about 1 / k of the places.
            var row = Enumerable.Range(0, 100).Select(_ => (int)(Math.Pow(p, draws.NextDouble()) - 1)).Distinct().Order().ToArray();
            foreach (var j in row)
            {
                features.Add(j);
                values.Add(1 + (float)draws.NextDouble());
                labels[i] += values[^1] * ((j * 7919L % 11) - 5) / 10;
            }

            labels[i] += DataFolder.Normal(draws);
            starts.Add(features.Count);
        }

        data.Write("starts", [.. starts.Select(v => (double)v)]);
        data.Write("features", [.. features.Select(v => (double)v)]);
        data.Write("values", [.. values.Select(v => (double)v)]);
        data.Write("y", labels);
        double[] ones = new double[n];
        Array.Fill(ones, 1);
        return new(new SparseDesign(p, [.. starts], [.. features], [.. values]), labels, ones);
    }
}
