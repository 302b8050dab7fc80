using System.Globalization;
using System.Text.Json.Nodes;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Row (o): one fit of softmax regression with a thousand classes of two rows each, both from arrays in memory.</summary>
internal static class ManyClassFits
{
    private const int Features = 20;
    private const int RowsOfClass = 2;
    private const double Spread = 0.7;

    public static IEnumerable<Result> Run(Bench bench) =>
    [
        Compare(bench, bench.Effort.Choose(1_000, 200), 1e-2),
        Compare(bench, bench.Effort.Choose(1_000, 200), 1e-3),
    ];

    private static Result Compare(Bench bench, int classes, double tau)
    {
        var rows = Rows(classes, out var features);
        bench.Data.Write("x", features);
        bench.Data.Write("y", rows.Labels);
        double[] Fit()
        {
            var fit = NewtonFit.Of(rows, null, new NewtonSettings(tau));
            return [.. fit.Weights, .. fit.Intercepts];
        }

        double Objective(double[] w)
        {
            var weights = w[..(classes * Features)];
            return RowLosses.Of(rows, new Start(weights, w[weights.Length..]), Workers.All).Average()
                + (tau / 2 * Product.Dot(weights, weights));
        }

        return bench.Against(
            "o", FormattableString.Invariant(
                $"softmax regression for tau = {tau}, {classes:#,0} classes, n = {rows.Rows:#,0}, p = {Features}"),
            "scikit-learn `LogisticRegression` (lbfgs, tol 1e-6), from arrays", "scikit-learn", "softmax_sklearn",
            new JsonObject { ["p"] = Features, ["tau"] = tau, ["tol"] = 1e-6 }, Fit, 1,
            (ours, theirs) => string.Create(
                CultureInfo.InvariantCulture, $"the peer's objective {(Objective(theirs) / Objective(ours)) - 1:0.0E0} above ours"));
    }

    /// <summary>Rows about a normal centre for each class.</summary>
    private static ClassRows Rows(int classes, out double[] features)
    {
        var random = new Random(14);
        double[] centres = [.. Enumerable.Range(0, classes * Features).Select(_ => DataFolder.Normal(random))];
        var n = classes * RowsOfClass;
        var values = new float[n * Features];
        int[] labels = [.. Enumerable.Range(0, n).Select(i => i % classes)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(centres[(labels[i / Features] * Features) + (i % Features)] + (Spread * DataFolder.Normal(random)));
        }

        features = Array.ConvertAll(values, v => (double)v);
        return new ClassRows(new DenseDesign(n, Features, values), labels, classes);
    }
}
