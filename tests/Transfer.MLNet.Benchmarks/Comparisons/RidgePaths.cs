using System.Text.Json.Nodes;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Rows (a), (b) and (c): fifty taus of ridge regression, and their exact leave-one-out errors.</summary>
internal static class RidgePaths
{
    private const int Taus = 50;

    public static IEnumerable<Result> Run(Bench bench)
    {
        foreach (var (row, n, p, goal) in new[] { ("a", 20_000, 512, 1.0), ("b", 500, 2_000, 1.0) })
        {
            var (rows, taus) = Data(bench, n, p);
            var what = FormattableString.Invariant($"ridge for {Taus} tau, n = {n:#,0}, p = {p:#,0}");
            JsonObject Arguments() => new() { ["p"] = p, ["taus"] = Bench.Json(taus) };
            yield return bench.Against(
                row, what, "scikit-learn `Ridge`, one fit a tau", "scikit-learn", "ridge_path_sklearn", Arguments(), () => Path(rows, taus),
                    goal);
            yield return bench.Against(
                row, what, "NumPy, one `eigh` for all", "NumPy", "ridge_path_eigh", Arguments(), () => Path(rows, taus), goal);
            yield return bench.Against(
                "c",
                FormattableString.Invariant($"exact leave-one-out errors of {Taus} tau, n = {n:#,0}, p = {p:#,0}"),
                "scikit-learn `RidgeCV`",
                "scikit-learn",
                "leave_one_out_ridgecv",
                Arguments(),
                () => LeaveOneOutErrors(rows, taus),
                2);
        }
    }

    /// <summary>The rows, and the taus.</summary>
    public static (HeldRows Rows, double[] Taus) Data(Bench bench, int n, int p)
    {
        bench.Data.WriteTask(string.Empty, n, p, seed: 1);
        return (bench.Data.Task(string.Empty, p), [.. Enumerable.Range(0, Taus).Select(i => Math.Pow(10, -3 + (5.0 * i / (Taus - 1))))]);
    }

    private static double[] Path(HeldRows rows, double[] taus)
    {
        var path = Spectrum(rows).Ridge(taus, Workers.All);
        return [.. Enumerable.Range(0, taus.Length).SelectMany(t => Enumerable.Range(0, path.Rows).Select(j => path[j, t]))];
    }

    private static double[] LeaveOneOutErrors(HeldRows rows, double[] taus)
    {
        var spectrum = Spectrum(rows);
        return rows.Rows > rows.FeatureCount
            ? new TallLeaveOneOut(rows.HandTo, spectrum, rows.TotalWeight, Start.Zero(rows.FeatureCount), InterceptRule.Free, Workers.All)
            .MeanSquaredErrors(taus)
            : new LeaveOneOut(spectrum, new Matrix(rows.Rows, 1), Workers.All).MeanSquaredErrors(taus).Values;
    }

    /// <summary>As the trainer does it: through moments with more rows than features, through the dual with fewer.</summary>
    private static TaskSpectrum Spectrum(HeldRows rows) => rows.Rows > rows.FeatureCount
        ? TaskSpectrum.Of(MomentsReader.Of(rows, folds: 1, seed: 0, Workers.All), intercept: true, Workers.All)
        : TaskSpectrum.Of(rows, intercept: true, Workers.All);
}
