using System.Globalization;
using System.Text.Json.Nodes;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Row (f): one L2-SP fit, against the normal equations in NumPy and against PyTorch's optimisers at the same objective.</summary>
internal static class L2SpFits
{
    private const double Tau = 0.1;

    public static IEnumerable<Result> Run(Bench bench)
    {
        const int N = 20_000;
        const int P = 512;
        var truth = bench.Data.WriteTask(string.Empty, N, P, seed: 6);
        double[] near = [.. truth.Select((w, j) => 0.8 * w + (0.01 * (j % 5)))];
        bench.Data.Write("start", near);
        var rows = bench.Data.Task(string.Empty, P);
        var start = new Start(near);
        double[] Fit() => RidgeSolver.Solve(rows, start, Tau, InterceptRule.Free, Workers.All).Weights;
        var what = FormattableString.Invariant($"L2-SP for one tau, n = {N:#,0}, p = {P}");
        JsonObject Arguments() => new() { ["p"] = P, ["tau"] = Tau, ["threads"] = Environment.ProcessorCount };
        yield return bench.Against("f", what, "NumPy and SciPy, normal equations", "NumPy", "l2sp_closed_form", Arguments(), Fit, 1);

        double Objective(double[] w)
        {
            var fit = rows.Labels.Zip(Product.Times(rows.Features, w), (y, s) => y - s).ToArray();
            var mean = fit.Average();
            return fit.Average(e => (e - mean) * (e - mean)) + (Tau * w.Zip(near, (a, b) => (a - b) * (a - b)).Sum());
        }

        var least = Objective(Fit());
        string Note(double[] _, double[] theirs) => string.Create(
            CultureInfo.InvariantCulture, $"the peer's objective {Objective(theirs) / least - 1:0.0E0} above ours");
        JsonObject Until(double share, string type)
        {
            var arguments = Arguments();
            arguments["goal"] = least * (1 + share);
            arguments["dtype"] = type;
            return arguments;
        }

        foreach (var (share, type) in new[] { (1e-4, "float32"), (1e-6, "float64") })
        {
            yield return bench.Against(
                "f", what, FormattableString.Invariant($"PyTorch L-BFGS, {type}, until the objective is within {share:0E0}"), "PyTorch",
                    "l2sp_torch_lbfgs",
                Until(share, type), Fit, null, Note);
        }

        // The best of some rates and decays for this problem. Closer than this SGD does not come in 200 passes.
        var descent = Until(1e-4, "float32");
        descent["batch"] = 256;
        descent["rate"] = 2e-3;
        descent["decay"] = 0.8;
        yield return bench.Against(
            "f", what, "PyTorch SGD with momentum, float32, until the objective is within 1E-4", "PyTorch", "l2sp_torch_sgd", descent, Fit,
                50, Note);
    }
}
