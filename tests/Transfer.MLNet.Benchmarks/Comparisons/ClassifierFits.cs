using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>
/// One fit of ridge logistic regression to sparse rows like those of a text, and to dense rows of 200 features, from a view in
/// memory, against the same loss and penalty elsewhere. scikit-learn is handed its arrays; reading the view is in our time and in ML.NET's.
/// </summary>
internal static class ClassifierFits
{
    public const double Tau = 1e-4;

    public static IEnumerable<Result> Run(Bench bench)
    {
        var (n, p) = (bench.Effort.Choose(20_000, 4_000), bench.Effort.Choose(100_000, 20_000));
        var text = Text(n, p);
        var tall = (Rows: bench.Effort.Choose(100_000, 10_000), Features: 200);
        return
        [
            .. Compare(bench, text, p, FormattableString.Invariant(
                $"logistic regression for one tau, n = {n:#,0}, p = {p:#,0} with 100 values a row"), 1),
            .. Compare(bench, Dense(tall.Rows, tall.Features), tall.Features,
                FormattableString.Invariant($"the same, dense, n = {tall.Rows:#,0}, p = {tall.Features}"), 3),
        ];
    }

    /// <summary>The dense rows.</summary>
    public static (MLContext Ml, IDataView View) DenseView(int n, int p) => View(Dense(n, p), p);

    private static (MLContext Ml, IDataView View) View(Row[] rows, int p)
    {
        var ml = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, p);
        return (ml, ml.Data.LoadFromEnumerable(rows, schema));
    }

    private static IEnumerable<Result> Compare(Bench bench, Row[] rows, int p, string what, double goal)
    {
        var (ml, view) = View(rows, p);
        Write(bench.Data, rows);

        double[] Fit(double tolerance = 1e-8)
        {
            var read = ClassRowsReader.Read(new RowReader(view, new TaskColumns(), LabelReader.Boolean), 2, Workers.All);
            var fit = NewtonFit.Of(read, null, new NewtonSettings(Tau, Tolerance: tolerance));
            return [.. fit.Weights, .. fit.Intercepts];
        }

        var held = ClassRowsReader.Read(new RowReader(view, new TaskColumns(), LabelReader.Boolean), 2, Workers.All);
        double Objective(double[] w) =>
            RowLosses.Of(held, new Start(w[..^1], [w[^1]]), Workers.All).Average()
                + (Tau / 2 * Product.Dot(w.AsSpan(0, p), w.AsSpan(0, p)));
        string Note(double[] ours, double[] theirs) => string.Create(
            CultureInfo.InvariantCulture, $"the peer's objective {(Objective(theirs) / Objective(ours)) - 1:0.0E0} above ours");

        yield return bench.Against(
            "t", what, "scikit-learn `LogisticRegression` (lbfgs, tol 1e-6), from arrays", "scikit-learn", "logistic_rows",
            new JsonObject { ["p"] = p, ["tau"] = Tau, ["tol"] = 1e-6 }, () => Fit(), 1, Note);

        double[] Stock()
        {
            var model = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                L1Regularization = 0,
                L2Regularization = (float)(rows.Length * Tau),
                NumberOfThreads = Environment.ProcessorCount,
            }).Fit(view).Model.SubModel;
            return [.. model.Weights.Select(w => (double)w), model.Bias];
        }

        yield return new(
            "t", what, "ML.NET `LbfgsLogisticRegression`, the same view",
            Timing.Alternate(() => Timing.Of(() => Fit()), () => Timing.Of(() => Stock()), bench.Effort), goal, Note(Fit(), Stock()));
        yield return new(
            "t", what, "the same, ours with a tolerance of 1E-4",
            Timing.Alternate(() => Timing.Of(() => Fit(1e-4)), () => Timing.Of(() => Stock()), bench.Effort), goal,
                Note(Fit(1e-4), Stock()));
    }

    /// <summary>Words by Zipf's law, rare ones with the larger values, rows of norm 1.</summary>
    private static Row[] Text(int n, int p)
    {
        var random = new Random(11);
        var shares = new double[p];
        var total = 0.0;
        for (var j = 0; j < p; j++)
        {
            total += Math.Pow(j + 10, -0.9);
            shares[j] = total;
        }

        double[] truth = [.. Enumerable.Range(0, p).Select(_ => DataFolder.Normal(random))];
        return [.. Enumerable.Range(0, n).Select(_ =>
        {
            var words = new SortedDictionary<int, float>();
            for (var length = 50 + random.Next(100); words.Count < length;)
            {
                var at = Array.BinarySearch(shares, total * random.NextDouble());
                var j = Math.Min(p - 1, at < 0 ? ~at : at);
                words[j] = (float)Math.Log(1 + ((j + 10) / 10.0));
            }

            var norm = (float)Math.Sqrt(words.Values.Sum(v => v * v));
            var values = words.Values.Select(v => v / norm).ToArray();
            var score = 4 * words.Keys.Zip(values, (j, v) => truth[j] * v).Sum();
            return new Row
            {
                Features = new VBuffer<float>(p, values.Length, values, [.. words.Keys]),
                Label = random.NextDouble() < 1 / (1 + Math.Exp(-score)),
            };
        })];
    }

    /// <summary>Each feature correlated by one half with the one before.</summary>
    private static Row[] Dense(int n, int p)
    {
        var random = new Random(12);
        double[] truth = [.. Enumerable.Range(0, p).Select(_ => 2 * DataFolder.Normal(random) / Math.Sqrt(p))];
        return [.. Enumerable.Range(0, n).Select(_ =>
        {
            var values = new float[p];
            var (last, score) = (0.0, 0.0);
            for (var j = 0; j < p; j++)
            {
                last = (0.5 * last) + (Math.Sqrt(0.75) * DataFolder.Normal(random));
                values[j] = (float)last;
                score += truth[j] * values[j];
            }

            return new Row { Features = new VBuffer<float>(p, values), Label = random.NextDouble() < 1 / (1 + Math.Exp(-score)) };
        })];
    }

    private static void Write(DataFolder data, Row[] rows)
    {
        var starts = new double[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = starts[i] + rows[i].Features.GetValues().Length;
        }

        data.Write("starts", starts);
        data.Write("columns", [.. rows.SelectMany(r => r.Features.Items().Select(i => (double)i.Key))]);
        data.Write("values", [.. rows.SelectMany(r => r.Features.Items().Select(i => (double)i.Value))]);
        data.Write("labels", [.. rows.Select(r => r.Label ? 1.0 : 0)]);
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public bool Label { get; set; }
    }
}
