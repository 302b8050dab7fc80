using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Row (g): one fit of ridge logistic regression on a view in memory, against the same loss and penalty elsewhere.</summary>
internal static class LogisticFits
{
    private const int Features = 50;
    private const double Tau = 1e-3;

    public static IEnumerable<Result> Run(Bench bench)
    {
        var n = bench.Effort.Choose(100_000, 20_000);
        bench.Data.WriteTask("g", n, Features, seed: 9);
        var held = bench.Data.Task("g", Features);
        var median = held.Labels.Order().ElementAt(n / 2);
        double[] labels = [.. held.Labels.Select(y => y > median ? 1.0 : 0)];
        bench.Data.Write("x", held.Features.Values);
        bench.Data.Write("y", labels);
        var ml = new MLContext(seed: 1);
        var rows = Enumerable.Range(0, n).Select(i => new Row
        {
            Features = new VBuffer<float>(Features, [.. held.Features.Row(i).ToArray().Select(v => (float)v)]),
            Label = labels[i] > 0,
        }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        var view = ml.Data.LoadFromEnumerable(rows, schema);
        double[] Fit() => [.. ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: Tau).Fit(view)
            .Model.SubModel.Weights.Select(w => (double)w)];
        double Objective(double[] w, double b) => Enumerable.Range(0, n).Average(
            i => Math.Log(1 + Math.Exp((labels[i] > 0 ? -1 : 1) * (b + Product.Dot(held.Features.Row(i), w))))) + (0.5 * Tau * Product.Dot(
                w, w));
        var what = FormattableString.Invariant(
            $"ridge logistic regression for one tau, n = {n:#,0}, p = {Features}, from an IDataView in memory");
        yield return bench.Against(
            "g", what, "scikit-learn `LogisticRegression` (lbfgs, tol 1e-6), from arrays", "scikit-learn", "logistic_sklearn",
            new JsonObject { ["p"] = Features, ["tau"] = Tau, ["tol"] = 1e-6 }, Fit, null,
            (ours, theirs) => string.Create(
                CultureInfo.InvariantCulture, $"weights differ by "
                    + $"{ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max() / theirs.Max(Math.Abs):0.0E0} (ours in single precision)"));

        var stock = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = (float)(n * Tau),
            NumberOfThreads = Environment.ProcessorCount,
        });
        var (mine, other) = (ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: Tau).Fit(view).Model.SubModel, stock.Fit(view)
            .Model.SubModel);
        var (best, theirs) = (Objective([.. mine.Weights.Select(w => (double)w)], mine.Bias),
            Objective([.. other.Weights.Select(w => (double)w)], other.Bias));
        yield return new(
            "g", what, "ML.NET `LbfgsLogisticRegression`, the same view",
            Timing.Alternate(() => Timing.Of(() => Fit()), () => Timing.Of(() => stock.Fit(view)), bench.Effort), null,
            string.Create(CultureInfo.InvariantCulture, $"the peer's objective {(theirs / best) - 1:0.0E0} above ours"));
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public bool Label { get; set; }
    }
}
