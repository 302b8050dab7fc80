using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Tasks;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers.Newton;

public class ManyClassesTests
{
    private static readonly Workers Two = new(2);

    /// <summary>The loss of many classes goes through vectors, that of few does not: the formula is the reference for both.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(37)]
    public void Softmax_agrees_with_its_formula(int classes)
    {
        const int Rows = 4;
        var random = new Random(classes);
        var loss = new SoftmaxLoss(classes);
        double[] labels = [0, classes - 1, 1, 2], shares = [0.1, 0.4, 0, 0.5];
        double[] z = [.. Enumerable.Range(0, Rows * classes).Select(_ => 3 * Sample.Normal(random))];
        double[] v = [.. Enumerable.Range(0, Rows * classes).Select(_ => Sample.Normal(random))];
        var (residuals, curvatures, curved) = (new double[z.Length], new double[z.Length], (double[])v.Clone());
        var actual = loss.Evaluate(labels, shares, z, residuals, curvatures);
        loss.Curve(shares, curvatures, curved);

        var expected = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            var (at, y) = (i * classes, (int)labels[i]);
            var total = Enumerable.Range(0, classes).Sum(k => Math.Exp(z[at + k]));
            double P(int k) => Math.Exp(z[at + k]) / total;
            expected += shares[i] * (Math.Log(total) - z[at + y]);
            var mean = Enumerable.Range(0, classes).Sum(k => P(k) * v[at + k]);
            for (var k = 0; k < classes; k++)
            {
                // Exponentials of the runtime's vectors are good to some units in the last place.
                Assert.Equal(P(k), curvatures[at + k], 1e-14);
                Assert.Equal(shares[i] * (P(k) - (k == y ? 1 : 0)), residuals[at + k], 1e-14);
                Assert.Equal(shares[i] * P(k) * (v[at + k] - mean), curved[at + k], 1e-13);
            }
        }

        Assert.Equal(expected, actual, 1e-13);
    }

    /// <summary>Counted in taus, of which each costs the same: all of them would be up to 25.</summary>
    [Fact]
    public void With_many_classes_few_taus_are_looked_at_and_the_best_of_all_is_among_them()
    {
        var rows = Clusters(classes: 300, each: 3, p: 10);
        var tuned = NewtonPath.Tuned(rows, Loss.Of(rows), null, new NewtonSettings(0, Tolerance: 1e-4), 5, 1, Two);
        var path = tuned.Choice.Path;
        Assert.InRange(path.Count, 4, 12);
        Assert.Equal(path.OrderByDescending(p => p.Tau), path);
        Assert.Equal(path.Min(p => p.Loss), tuned.Choice.Loss);
        Assert.Equal(TauEdge.Inside, tuned.Choice.Edge);

        // The neighbours of the best on the fine grid were looked at: it is a minimum there too.
        var step = Math.Pow(10, 1 / 3.0);
        Assert.Contains(path, p => Math.Abs((p.Tau / tuned.Choice.Tau) - step) < 1e-6);
        Assert.Contains(path, p => Math.Abs((tuned.Choice.Tau / p.Tau) - step) < 1e-6);
    }

    /// <summary>The gradient of the mean loss and the penalty, by their formulas, vanishes.</summary>
    [Fact]
    public void A_fit_of_many_classes_is_the_minimum()
    {
        const int K = 120, P = 6;
        const double Tau = 1e-4;
        var rows = Clusters(K, each: 3, P);
        var fit = NewtonFit.Of(rows, null, new NewtonSettings(Tau), workers: Two);
        Assert.True(fit.Converged);
        var (gradient, x, parts) = (new double[K * (P + 1)], new double[P + 1], 0.0);
        for (var i = 0; i < rows.Rows; i++)
        {
            rows.Design.Write(i, 1, x, P);
            x[P] = 1;
            double[] z = [.. Enumerable.Range(0, K)
                .Select(k => Product.Dot(x.AsSpan(0, P), fit.Weights.AsSpan(k * P, P)) + fit.Intercepts[k])];
            var total = z.Sum(Math.Exp);
            for (var k = 0; k < K; k++)
            {
                var residual = ((Math.Exp(z[k]) / total) - (rows.Classes[i] == k ? 1 : 0)) / rows.Rows;
                Product.AddScaled(residual, x, gradient.AsSpan(k * (P + 1), P + 1));
                parts += residual * residual * Product.Dot(x, x);
            }
        }

        for (var k = 0; k < K; k++)
        {
            Product.AddScaled(Tau, fit.Weights.AsSpan(k * P, P), gradient.AsSpan(k * (P + 1), P));
        }

        // Rounding, against what the rows have in it: far below what the solver is asked for (1e-8).
        Assert.InRange(Math.Sqrt(Product.Dot(gradient, gradient) / parts), 0, 1e-8);
    }

    /// <summary>What stands for the Hessian is symmetric and positive, keeps sums over the classes of each copy at zero, and spares
    /// products with the rows where classes differ: counted, not timed.</summary>
    [Fact]
    public void The_Hessians_of_classes_stand_for_that_of_all()
    {
        const int K = 120, P = 6, Copies = 2;
        var rows = Clusters(K, each: 3, P);
        var task = new NewtonTask(rows, null, InterceptRule.Free, Two).Times(Copies);
        var random = new Random(2);
        double[] shares = [.. Enumerable.Range(0, rows.Rows * Copies).Select(i => i % Copies == 0 || i % 5 > 0 ? 1.0 / rows.Rows : 0)];
        var objective = new NewtonObjective(task, shares, 1e-5);
        var near = NewtonSolver.Minimise(objective, new double[task.Length], 1e-2, 30);
        var blocks = ClassHessians.TryFactor(objective, near.Curvatures)!;
        double[] Random()
        {
            var vector = Normals(random, task.Length, 1);
            foreach (var of in vector.Chunk(K).Select((c, at) => (Mean: c.Average(), At: at)))
            {
                for (var k = 0; k < K; k++)
                {
                    vector[(of.At * K) + k] -= of.Mean;
                }
            }

            return vector;
        }

        var (x, y) = (Random(), Random());
        var (ofX, ofY) = (new double[x.Length], new double[x.Length]);
        blocks.Solve(x, ofX);
        blocks.Solve(y, ofY);
        var scale = Math.Sqrt(Product.Dot(ofX, ofX) * Product.Dot(y, y));
        Assert.InRange(Math.Abs(Product.Dot(ofX, y) - Product.Dot(x, ofY)), 0, 1e-10 * scale);
        Assert.True(Product.Dot(x, ofX) > 0);
        Assert.All(ofX.Chunk(K), c => Assert.InRange(Math.Abs(c.Sum()), 0, 1e-9 * Math.Sqrt(Product.Dot(ofX, ofX))));

        var gradient = new double[task.Length];
        objective.Gradient(near.Residuals, near.Shift, gradient);
        int Products(Preconditioner by) => ConjugateGradients.Solve(objective, near.Curvatures, gradient, by, 0.01, 500).Products;
        Assert.InRange(Products(blocks), 1, Products(SampledHessian.TryFactor(objective, near.Curvatures)!) / 2);
    }

    /// <summary>What makes the time of a fit proportional to rows times classes, and no more: counted in passes over the rows.</summary>
    [Fact]
    public void Passes_over_the_rows_do_not_grow_with_the_classes()
    {
        NewtonFit Fit(int classes) => NewtonFit.Of(Clusters(classes, each: 2, p: 20), null, new NewtonSettings(1e-3), workers: Two);
        var (few, many) = (Fit(100), Fit(400));
        Assert.True(few.Converged && many.Converged);
        Assert.InRange(many.HessianProducts, 1, 60);
        Assert.InRange(many.HessianProducts, 1, 1.5 * few.HessianProducts);
    }

    [Fact]
    public void Few_classes_have_no_Hessians_of_their_own()
    {
        var task = new NewtonTask(Clusters(classes: 20, each: 5, p: 4), null, InterceptRule.Free, Two);
        var objective = new NewtonObjective(task, task.Rows.Shares(), 1e-3);
        var near = NewtonSolver.Minimise(objective, new double[task.Length], 1e-3, 30);
        Assert.Null(ClassHessians.TryFactor(objective, near.Curvatures));
    }

    [Fact]
    public void More_classes_than_memory_holds_are_refused_by_number_with_a_remedy()
    {
        var e = Assert.Throws<InvalidOperationException>(() => new MemoryBudget(1L << 28).RequireScores(200_000, 10_000, "Label"));
        Assert.Contains("10000 classes (column 'Label') with 200000 rows", e.Message, StringComparison.Ordinal);
        Assert.Contains("What fits: 55 classes", e.Message, StringComparison.Ordinal);
        Assert.Contains("put together classes that have few rows", e.Message, StringComparison.Ordinal);
        new MemoryBudget(1L << 28).RequireScores(2_000, 1_000, "Label");
    }

    [Fact]
    public void A_long_fit_is_told_with_its_time_and_what_would_be_shorter()
    {
        Assert.Null(LongFit.Warning(2_000, 1_000, 20, isTauGiven: false, "Label"));
        var chosen = LongFit.Warning(20_000, 10_000, 20, isTauGiven: false, "Label")!;
        Assert.Contains("10000 classes (column 'Label') with 20000 rows of 20 features are 2E+8 scores", chosen, StringComparison.Ordinal);
        Assert.Contains("some 13 minutes of processor time. With a tau that is given it would be 2 minutes", chosen,
            StringComparison.Ordinal);
        Assert.Contains("put together classes that have few rows", chosen, StringComparison.Ordinal);
        Assert.DoesNotContain("With a tau", LongFit.Warning(20_000, 10_000, 20, isTauGiven: true, "Label"), StringComparison.Ordinal);
    }

    private static ClassRows Clusters(int classes, int each, int p)
    {
        var random = new Random(1);
        double[][] centres = [.. Enumerable.Range(0, classes).Select(_ => Normals(random, p, 1))];
        var (values, labels) = (new float[classes * each * p], new int[classes * each]);
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = i % classes;
            for (var j = 0; j < p; j++)
            {
                values[(i * p) + j] = (float)(centres[labels[i]][j] + (0.7 * Sample.Normal(random)));
            }
        }

        return new ClassRows(new DenseDesign(labels.Length, p, values), labels, classes);
    }

    private static double[] Normals(Random random, int count, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => deviation * Sample.Normal(random))];
}
