using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Where the time of those operations goes whose goals are the farthest: what part of it no better solver could save.</summary>
internal static class Phases
{
    public static IEnumerable<Phase> Run(Bench bench) => [.. Tall(bench), .. Wide(bench), .. Pipeline(bench), .. Logistic(bench.Effort)];

    private static IEnumerable<Phase> Tall(Bench bench)
    {
        var (n, p) = (20_000, 512);
        var (rows, taus) = RidgePaths.Data(bench, n, p);
        var moments = MomentsReader.Of(rows, folds: 1, seed: 0, Workers.All);
        var spectrum = TaskSpectrum.Of(moments, intercept: true, Workers.All);
        var what = FormattableString.Invariant($"(a, c) {taus.Length} taus and their leave-one-out errors, n = {n:#,0}, p = {p}");
        yield return Of(what, "moments: centring, products, merging", () => MomentsReader.Of(rows, folds: 1, seed: 0, Workers.All),
            bench.Effort);
        yield return Of(what, "of that, the products X'X alone", () => Gram.Accumulate(rows.Features, n, new Matrix(p, p), Workers.All),
            bench.Effort);
        yield return Of(what, "eigenvalues and vectors", () => TaskSpectrum.Of(moments, intercept: true, Workers.All), bench.Effort);
        yield return Of(what, "weights of all taus", () => spectrum.Ridge(taus, Workers.All), bench.Effort);
        yield return Of(what, "leave-one-out errors of all taus", () => new TallLeaveOneOut(
            rows.HandTo, spectrum, rows.TotalWeight, Start.Zero(p), InterceptRule.Free, Workers.All).MeanSquaredErrors(taus), bench.Effort);
    }

    private static IEnumerable<Phase> Wide(Bench bench)
    {
        var (n, p) = (500, 2_000);
        var (rows, taus) = RidgePaths.Data(bench, n, p);
        var spectrum = TaskSpectrum.Of(rows, intercept: true, Workers.All);
        var products = Gram.OfRows(spectrum.ScaledRows!, Workers.All);
        var what = FormattableString.Invariant($"(b, c) {taus.Length} taus and their leave-one-out errors, n = {n}, p = {p:#,0}");
        yield return Of(what, "centring, and the products XX'", () =>
            Gram.OfRows(CentredRows.Of(rows, intercept: true, Workers.All).Features, Workers.All), bench.Effort);
        yield return Of(what, "eigenvalues and vectors", () => SymmetricEigen.Of(products, Workers.All), bench.Effort);
        yield return Of(what, "weights of all taus", () => spectrum.Ridge(taus, Workers.All), bench.Effort);
        yield return Of(what, "leave-one-out errors of all taus", () => new LeaveOneOut(spectrum, new Matrix(n, 1), Workers.All)
            .MeanSquaredErrors(taus), bench.Effort);
    }

    private static IEnumerable<Phase> Logistic(Effort effort)
    {
        var (n, p) = (effort.Choose(100_000, 10_000), 200);
        var (ml, view) = ClassifierFits.DenseView(n, p);
        var settings = new NewtonSettings(ClassifierFits.Tau, Tolerance: 1e-8);
        ClassRows Read() => ClassRowsReader.Read(new RowReader(view, new TaskColumns(), LabelReader.Boolean), 2, Workers.All);
        var rows = Read();
        var (task, shares) = (new NewtonTask(rows, null, settings.Intercept, Workers.All), rows.Shares());
        var shift = CoarseFit.Shift(task, settings);
        var fit = NewtonFit.Of(task, shares, settings, shift);
        var (weights, sum) = (new double[p], new double[p]);
        var what = FormattableString.Invariant($"(t) dense logistic regression, n = {n:#,0}, p = {p}");
        yield return Of(what, "reading the view into rows", () => Read(), effort);
        yield return Of(what, "a rough fit to one row in eight", () => CoarseFit.Shift(task, settings), effort);
        yield return Of(what, string.Create(
            CultureInfo.InvariantCulture, $"Newton's method from there: {fit.Iterations} steps, {fit.HessianProducts} products with the "
            + $"Hessian"),
            () => NewtonFit.Of(task, shares, settings, shift), effort);
        yield return Of(what, FormattableString.Invariant($"of that, each pass over the rows ({n * p * sizeof(float) / 1e6:0} MB)"),
            () => rows.Design.Sweep(weights, 1, (_, _, _) => { }, sum, Workers.All), effort);
        yield return Of(what, "all of ML.NET's `LbfgsLogisticRegression`, for comparison", () =>
            ml.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                L1Regularization = 0,
                L2Regularization = (float)(n * ClassifierFits.Tau),
                NumberOfThreads = Environment.ProcessorCount,
            }).Fit(view), effort);
    }

    private static IEnumerable<Phase> Pipeline(Bench bench)
    {
        var (n, p) = (bench.Effort.Choose(100_000, 20_000), 50);
        bench.Data.WriteTask("e", n, p, seed: 4);
        var ml = new MLContext(seed: 1);
        var train = ml.Data.Cache(Views.Of(ml, bench.Data.Task("e", p)));
        var normaliser = ml.Transforms.NormalizeMeanVariance("Features");
        var normalised = normaliser.Fit(train).Transform(train);
        var what = FormattableString.Invariant($"(e) fit in a pipeline, n = {n:#,0}, p = {p}");
        yield return Of(what, "fitting the normaliser, which either trainer waits for", () => normaliser.Fit(train), bench.Effort);
        yield return Of(what, "reading the normalised rows once, and nothing else", () => ReadAll(normalised), bench.Effort);
        yield return Of(what, "`L2SpRidge` with tau given: one pass", () => ml.Regression.Trainers.L2SpRidge(tau: 1).Fit(normalised),
            bench.Effort);
        yield return Of(what, "`L2SpRidge` with tau by leave-one-out", () => ml.Regression.Trainers.L2SpRidge().Fit(normalised),
            bench.Effort);
        yield return Of(what, "`OnlineGradientDescent`, one iteration", () =>
            ml.Regression.Trainers.OnlineGradientDescent(numberOfIterations: 1).Fit(normalised), bench.Effort);
    }

    private static void ReadAll(IDataView rows)
    {
        var column = rows.Schema["Features"];
        using var cursor = rows.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var row = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            getter(ref row);
        }
    }

    private static Phase Of(string operation, string part, Action action, Effort effort)
    {
        action();
        return new(operation, part, Timing.Quantile([.. Enumerable.Range(0, effort.Rounds).Select(_ => Timing.Of(action))], 0.5));
    }
}
