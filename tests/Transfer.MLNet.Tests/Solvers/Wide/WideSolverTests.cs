using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Wide;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers.Wide;

public class WideSolverTests
{
    private static readonly MemoryBudget Plenty = new(1L << 30);

    public static TheoryData<int, int, double, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, double, string, bool>();
            foreach (var (n, p) in new[] { (40, 90), (90, 40) })
            {
                foreach (var rule in Enum.GetNames<InterceptRule>())
                {
                    cases.Add(n, p, 0.1, rule, true);
                    cases.Add(n, p, 1e-3, rule, false);
                }
            }

            cases.Add(40, 90, 0, nameof(InterceptRule.Free), true);
            cases.Add(40, 90, 0, nameof(InterceptRule.None), false);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_ways_give_the_dense_solution(int n, int p, double tau, string ruleName, bool weighted)
    {
        var rule = Enum.Parse<InterceptRule>(ruleName);
        var rows = Sparse(n, p, weighted);
        var start = new Start([.. Enumerable.Range(0, p).Select(j => 0.1 * (j % 5))], 0.7);
        var wide = Wide(rows); // rounds the rows too
        var expected = RidgeSolver.Solve(rows, start, tau, rule, Workers.All);
        foreach (var most in new[] { 0, 1_000 })
        {
            var found = WideSolver.Fit(wide, start, tau, rule, Workers.All, Plenty, most).Fit;

            // The iteration ends at 1e-11 of its gradient; without a penalty the smallest eigenvalues magnify what is left.
            Equal(expected.Weights, found.Weights, 1e-6);
            Assert.Equal(expected.Intercept, found.Intercept, 1e-6);
        }
    }

    [Theory]
    [InlineData("Free")]
    [InlineData("None")]
    [InlineData("TowardsStart")]
    public void With_few_rows_tau_is_that_of_exact_leave_one_out_on_dense_rows(string ruleName)
    {
        var rule = Enum.Parse<InterceptRule>(ruleName);
        var rows = Sparse(60, 150, weighted: true);
        var start = new Start([.. Enumerable.Range(0, 150).Select(j => 0.2 * (j % 3))], 0.3);
        var wide = Wide(rows);
        var expected = TunedFit.ByLeaveOneOut(rows, start, rule, Workers.All);
        var found = WideSolver.Fit(wide, start, null, rule, Workers.All, Plenty);

        Assert.False(found.ByFolds);
        Assert.Equal(TauEdge.Inside, expected.Choice.Edge);
        Assert.Equal(expected.Choice.Tau, found.Choice!.Tau, expected.Choice.Tau * 1e-6);
        Assert.Equal(expected.Choice.MeanSquaredError, found.Choice.MeanSquaredError, 1e-8);
        Equal(expected.Fit.Weights, found.Fit.Weights, 1e-7);
    }

    [Fact]
    public void With_many_rows_tau_has_the_least_error_of_refits_without_each_fold()
    {
        const int P = 50;
        var rows = Sparse(200, P, weighted: true);
        var start = Start.Zero(P);
        var found = WideSolver.Fit(Wide(rows), start, null, InterceptRule.Free, Workers.All, Plenty, mostDualRows: 0);

        Assert.True(found.ByFolds);
        Assert.Equal(TauEdge.Inside, found.Choice!.Edge);
        var folds = new Folds(5, seed: 0);
        int[] foldOf = [.. Enumerable.Range(0, rows.Rows).Select(i => folds.Of(i))];
        double Error(double tau) => Enumerable.Range(0, 5).Sum(k =>
        {
            var fit = RidgeSolver.Solve(Part(rows, i => foldOf[i] != k), start, tau, InterceptRule.Free, Workers.All);
            return Enumerable.Range(0, rows.Rows).Where(i => foldOf[i] == k)
                .Sum(i => rows.Weights[i] * Math.Pow(rows.Labels[i] - fit.Intercept - Product.Dot(rows.Features.Row(i), fit.Weights), 2));
        }) / rows.TotalWeight;
        foreach (var (tau, error) in found.Choice.Tried)
        {
            Assert.Equal(Error(tau), error, 1e-4 * error);
        }

        var least = Enumerable.Range(-60, 81).Min(i => Error(Math.Pow(10, i / 15.0)));
        Assert.True(Error(found.Choice.Tau) <= 1.002 * least, $"{Error(found.Choice.Tau)}, least {least}");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(400)]
    public void The_trainer_s_way_stays_sparse_where_the_Gram_matrix_does_not_fit_and_gives_the_same_as_where_it_does(int n)
    {
        const int P = 300;
        var rows = View.Rounded(Sparse(n, P, weighted: true));
        var view = View.Of(rows, sparse: true);

        // Neither the Gram matrix (720 kB) nor the dense rows of the second case (960 kB) fit; what the sparse rows take does.
        var budget = new MemoryBudget(700_000);
        var expected = TaskSolver.Fit(view, View.Weighted, null, 0.05, InterceptRule.Free, Workers.All);
        var found = TaskSolver.Fit(view, View.Weighted, null, 0.05, InterceptRule.Free, Workers.All, budget: budget);
        Equal(expected.Fit.Weights, found.Fit.Weights, 1e-7);
        Assert.Equal(expected.LabelDeviation, found.LabelDeviation, 1e-9);
        Equal(expected.FeatureMeans, found.FeatureMeans, 1e-9);
        Assert.Equal(n, found.Rows);
    }

    [Fact]
    public void Sparse_rows_that_do_not_fit_either_are_an_error_that_says_what_would()
    {
        var view = View.Of(Sparse(200, 300, weighted: false), sparse: true);
        var e = Assert.Throws<InvalidOperationException>(
            () => TaskSolver.Fit(view, new TaskColumns(), null, 0.05, InterceptRule.Free, Workers.All, budget: new MemoryBudget(20_000)));
        Assert.Contains("values other than zero in 300 features) do not fit in memory", e.Message, StringComparison.Ordinal);
        Assert.Contains("rows like these, or 50 features", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bits_are_the_same_on_any_number_of_threads()
    {
        var rows = Wide(Sparse(300, 500, weighted: true));
        foreach (var most in new[] { 0, 1_000 })
        {
            double[] On(int threads) => WideSolver.Fit(rows, Start.Zero(500), null, InterceptRule.Free, new Workers(threads), Plenty, most)
                .Fit.Weights;
            var alone = On(1);
            Assert.Equal(alone, On(2));
            Assert.Equal(alone, On(5));
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(6_000)]
    public void A_million_features_are_fitted_without_being_asked(int n)
    {
        const int P = 1_000_000;
        var random = new Random(4);
        var schema = SchemaDefinition.Create(typeof(View.Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, P);
        var ml = new MLContext(seed: 1);
        var rows = Enumerable.Range(0, n + 500).Select(_ =>
        {
            // Twenty frequent features carry the label; the others are rare words.
            int[] at = [.. Enumerable.Range(0, 20).Where(_ => random.Next(3) == 0)
                .Concat(Enumerable.Range(0, 10).Select(_ => random.Next(20, P))).Distinct().Order()];
            return new View.Row
            {
                Features = new VBuffer<float>(P, at.Length, [.. at.Select(_ => 1f)], at),
                Label = 2 + at.Where(j => j < 20).Sum(j => (j % 5) - 2f) + (0.1f * (float)random.NextDouble()),
            };
        }).ToArray();
        var model = ml.Regression.Trainers.L2SpRidge().Fit(ml.Data.LoadFromEnumerable(rows[..n], schema), out var report);

        Assert.Equal(n <= 5_000, report.LeaveOneOutError is not null);
        Assert.Equal(n > 5_000, report.CrossValidationError is not null);
        var error = ml.Regression.Evaluate(model.Transform(ml.Data.LoadFromEnumerable(rows[n..], schema))).RootMeanSquaredError;
        var spread = Math.Sqrt(rows.Average(r => r.Label * r.Label) - Math.Pow(rows.Average(r => r.Label), 2));
        Assert.True(error < 0.25 * spread, $"{error}, the label's spread {spread}");
    }

    private static HeldRows Sparse(int n, int p, bool weighted)
    {
        var random = new Random(n + p);
        var x = new Matrix(n, p);
        var y = new double[n];
        for (var i = 0; i < n; i++)
        {
            y[i] = 4 + (8 * random.NextDouble());
            for (var j = 0; j < p; j++)
            {
                if (random.Next(8) == 0 && j != 7)
                {
                    x[i, j] = random.NextDouble() * (1 + (j % 4));
                    y[i] += x[i, j] * ((j % 3) - 0.7);
                }
            }
        }

        return new HeldRows(x, y, weighted ? [.. Enumerable.Range(0, n).Select(_ => 0.2 + random.NextDouble())] : null);
    }

    private static HeldRows Part(HeldRows rows, Func<int, bool> take)
    {
        int[] chosen = [.. Enumerable.Range(0, rows.Rows).Where(take)];
        var x = new Matrix(chosen.Length, rows.FeatureCount);
        for (var i = 0; i < chosen.Length; i++)
        {
            rows.Features.Row(chosen[i]).CopyTo(x.Row(i));
        }

        return new HeldRows(x, [.. chosen.Select(i => rows.Labels[i])], [.. chosen.Select(i => rows.Weights[i])]);
    }

    /// <summary>The same rows, rounded to single precision in both.</summary>
    private static LabelledRows Wide(HeldRows rows)
    {
        for (var i = 0; i < rows.Features.Values.Length; i++)
        {
            rows.Features.Values[i] = (float)rows.Features.Values[i];
        }

        var (starts, features, values) = (new List<long> { 0 }, new List<int>(), new List<float>());
        for (var i = 0; i < rows.Rows; i++)
        {
            for (var j = 0; j < rows.FeatureCount; j++)
            {
                if (rows.Features[i, j] != 0)
                {
                    features.Add(j);
                    values.Add((float)rows.Features[i, j]);
                }
            }

            starts.Add(features.Count);
        }

        return new(new SparseDesign(rows.FeatureCount, [.. starts], [.. features], [.. values]), rows.Labels, rows.Weights);
    }

    private static void Equal(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
