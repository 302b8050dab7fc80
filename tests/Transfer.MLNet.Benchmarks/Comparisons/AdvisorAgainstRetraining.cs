using System.Text.Json.Nodes;
using Microsoft.ML;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>
/// Row (d): the advisor, which has every pair of 50 source and 50 target taus by exact leave-one-out and by the error to be expected,
/// against training every pair anew: 50 source models, and for each of the 2,500 pairs ten fits of the target, one for each fold left out.
/// </summary>
/// <remarks>Of the brute force 50 cells spread over the grid are timed, and their seconds multiplied by 2,500 / 50; of the source models
/// all that these cells need, which is one for each of 50 taus. The quick run times five of each.</remarks>
internal static class AdvisorAgainstRetraining
{
    private const int Features = 200;
    private const int Folds = 10;
    private const int Grid = 50;

    public static IEnumerable<Result> Run(Bench bench)
    {
        var truth = bench.Data.WriteTask("0", 2_000, Features, seed: 2);
        bench.Data.WriteTask("1", 200, Features, seed: 3, truth);
        var (rows0, rows1) = (bench.Data.Task("0", Features), bench.Data.Task("1", Features));
        var ml = new MLContext(seed: 1);
        var (source, target) = (Views.Of(ml, rows0), Views.Of(ml, rows1));
        var step = bench.Effort.Choose(1, 10);
        var cells = Enumerable.Range(0, Grid / step).Select(i => (Tau0: Tau(i * step), Tau1: Tau(i * step * 7 % Grid))).ToArray();
        var what = $"advice over {Grid} x {Grid} tau, p = {Features}, n0 = 2,000, n1 = 200";
        var note = $"brute force of {cells.Length} cells x {Grid * Grid / cells.Length}, and of {cells.Length} source models x {step}";
        double Advise() => Timing.Of(() => ml.Regression.AdviseTransfer(source, target));

        // The source models are few beside the fits of the target; both are measured, only the latter multiplied.
        var ours = Timing.Alternate(Advise, () => (step * Sources(ml, source, cells))
            + (Grid * Grid / cells.Length * Targets(ml, rows1, cells)), bench.Effort);
        yield return new("d", what, "`L2SpRidge` for every pair, 10 folds", ours, 100, note);
        yield return AgainstScikitLearn(bench, what, note, cells, step, Advise);
    }

    private static double Tau(int i) => Math.Pow(10, -3 + (5.0 * i / (Grid - 1)));

    private static double Sources(MLContext ml, IDataView source, (double Tau0, double Tau1)[] cells) => Timing.Of(() =>
    {
        foreach (var (tau0, _) in cells)
        {
            ml.Regression.Trainers.L2SpRidge(tau: tau0).Fit(source);
        }
    });

    private static double Targets(MLContext ml, HeldRows rows, (double Tau0, double Tau1)[] cells)
    {
        var start = StartingPoint.From(new double[rows.FeatureCount]);
        var folds = Enumerable.Range(0, Folds)
            .Select(k => (Fit: Part(ml, rows, i => i % Folds != k), Held: Part(ml, rows, i => i % Folds == k))).ToArray();
        return Timing.Of(() =>
        {
            foreach (var (_, tau1) in cells)
            {
                foreach (var (fit, held) in folds)
                {
                    var model = ml.Regression.Trainers.L2SpRidge(startingPoint: start, tau: tau1).Fit(fit);
                    ml.Regression.Evaluate(model.Transform(held));
                }
            }
        });
    }

    private static IDataView Part(MLContext ml, HeldRows rows, Func<int, bool> take)
    {
        var chosen = Enumerable.Range(0, rows.Rows).Where(take).ToArray();
        var features = new Kernels.Matrix(chosen.Length, rows.FeatureCount);
        for (var i = 0; i < chosen.Length; i++)
        {
            rows.Features.Row(chosen[i]).CopyTo(features.Row(i));
        }

        return Views.Of(ml, new HeldRows(features, [.. chosen.Select(i => rows.Labels[i])]));
    }

    private static Result AgainstScikitLearn(
        Bench bench, string what, string note, (double Tau0, double Tau1)[] cells, int step, Func<double> advise)
    {
        const string Peer = "scikit-learn `Ridge` for every pair, 10 folds";
        if (bench.Peer is null || !bench.Peer.Has("scikit-learn"))
        {
            return Result.Absent("d", what, Peer, $"not run: {bench.Missing ?? "scikit-learn is not installed"}");
        }

        JsonObject Arguments(bool source) => new()
        {
            ["p"] = Features,
            ["folds"] = Folds,
            ["source"] = source,
            ["cells"] = new JsonArray([.. cells.Select(c => (JsonNode)Bench.Json([c.Tau0, c.Tau1]))]),
        };
        double BruteForce()
        {
            bench.Peer.SetUp("brute_force_sklearn", bench.Data.Path, Arguments(source: true));
            var both = bench.Peer.Run();
            bench.Peer.SetUp("brute_force_sklearn", bench.Data.Path, Arguments(source: false));
            var targets = bench.Peer.Run();
            return (step * Math.Max(0, both - targets)) + (Grid * Grid / cells.Length * targets);
        }

        return new("d", what, Peer, Timing.Alternate(advise, BruteForce, bench.Effort), 100, note);
    }
}
