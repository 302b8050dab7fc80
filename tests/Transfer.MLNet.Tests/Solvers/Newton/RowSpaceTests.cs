using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers.Newton;

public class RowSpaceTests
{
    [Theory]
    [InlineData(false, 2, InterceptRule.Free)]
    [InlineData(true, 2, InterceptRule.TowardsStart)]
    [InlineData(false, 4, InterceptRule.Free)]
    [InlineData(true, 3, InterceptRule.None)]
    internal void Every_tau_has_the_same_fit_there(bool sparse, int classes, InterceptRule rule)
    {
        var rows = Rows(40, 300, classes, sparse);
        var random = new Random(3);
        var start = new Start(
            [.. Enumerable.Range(0, rows.Outputs * 300).Select(_ => random.NextDouble() - 0.5)],
                [.. Enumerable.Range(0, rows.Outputs).Select(k => 0.3 * k)]);

        var (small, from) = RowSpace.Of(rows, start, Workers.All);

        Assert.Equal(40, small.FeatureCount);
        Assert.Equal(rows.Outputs, small.Outputs);
        foreach (var tau in new[] { 1, 0.01, 1e-4 })
        {
            var (expected, actual) = (Fit(rows, start), Fit(small, from));
            Assert.Equal(expected.Loss, actual.Loss, 1e-5 * expected.Loss);
            Assert.Equal(expected.Objective, actual.Objective, 1e-5 * expected.Objective);
            Assert.All(expected.Intercepts.Zip(actual.Intercepts), b => Assert.Equal(b.First, b.Second, 1e-4));

            NewtonFit Fit(ClassRows task, Start point) => NewtonFit.Of(task, point, new NewtonSettings(tau, rule));
        }

        var settings = new NewtonSettings(0, rule);
        var path = NewtonPath.ByCrossValidation(rows, start, [1, 0.1, 0.01], settings, 4, 7, Workers.All);
        var same = NewtonPath.ByCrossValidation(small, from, [1, 0.1, 0.01], settings, 4, 7, Workers.All);
        Assert.All(path.Path.Zip(same.Path), p => Assert.Equal(p.First.Loss, p.Second.Loss, 1e-4 * p.First.Loss));
    }

    [Fact]
    public void Rows_that_repeat_span_less()
    {
        var rows = Rows(20, 100, 2, sparse: false);
        var twice = rows.Take([.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 20)]);
        var (small, _) = RowSpace.Of(twice, Start.Zero(100, 1), Workers.All);
        Assert.Equal(20, small.FeatureCount);
    }

    [Fact]
    public void It_pays_with_few_rows_and_many_features_only()
    {
        Assert.True(RowSpace.Pays(Rows(40, 300, 2, sparse: false).Design));
        Assert.False(RowSpace.Pays(Rows(300, 40, 2, sparse: false).Design));
        Assert.False(RowSpace.Pays(Rows(1001, 1002, 2, sparse: false).Design));
    }

    private static ClassRows Rows(int n, int p, int classes, bool sparse)
    {
        var random = new Random(n + p);
        var values = Enumerable.Range(0, n * p).Select(_ => sparse && random.NextDouble() < 0.8 ? 0 : (float)(random.NextDouble() - 0.4))
            .ToArray();
        int[] labels = [.. Enumerable.Range(0, n).Select(i => values[i * p] > 0 ? 0 : random.Next(classes))];
        double[] weights = [.. Enumerable.Range(0, n).Select(_ => 0.5 + random.NextDouble())];
        Design design = new DenseDesign(n, p, values);
        if (sparse)
        {
            var starts = new List<long> { 0 };
            var (features, kept) = (new List<int>(), new List<float>());
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < p; j++)
                {
                    if (values[(i * p) + j] is not 0 and var v)
                    {
                        features.Add(j);
                        kept.Add(v);
                    }
                }

                starts.Add(features.Count);
            }

            design = new SparseDesign(p, [.. starts], [.. features], [.. kept]);
        }

        return new ClassRows(design, labels, classes, weights);
    }
}
