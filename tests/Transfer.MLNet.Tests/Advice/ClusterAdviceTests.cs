using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Evidence;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Target rows that belong together are left out together, in all ways.</summary>
public class ClusterAdviceTests
{
    private const int P = 4;

    private static readonly MLContext Ml = new(1);

    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Left_out_residuals_are_those_of_fits_without_the_whole_cluster(bool intercept, bool weighted)
    {
        var random = new Random(1);
        var plain = SimulatedTask.Rows(random, 17, [1, 2, 0, -1], 0.8);
        var rows = weighted ? new HeldRows(plain.Features, plain.Labels, [.. Enumerable.Range(0, 17).Select(i => 1.0 + (i % 3))]) : plain;
        int[][] clusters = [[0, 5, 9], [1], [2, 3, 4, 6], [7, 16], [8, 10, 11, 12, 13, 14, 15]];
        var spectrum = TaskSpectrum.Of(rows, intercept, Two);
        double[] start = [0.8, 1.5, 0.3, -1];
        var starts = new Matrix(P, 2, [.. start.SelectMany(w => new[] { 0, w })]);
        double[] taus = [1e-6, 0.2, 30];
        var errors = LeftOutErrors.ByRows(spectrum, starts, taus, Two, clusters);
        for (var t = 0; t < taus.Length; t++)
        {
            for (var s = 0; s < 2; s++)
            {
                var losses = errors.Losses((t, s))!;
                foreach (var cluster in clusters)
                {
                    int[] others = [.. Enumerable.Range(0, 17).Except(cluster)];
                    var kept = rows.Only(others);
                    // n tau is held, n in units of mean weight.
                    var tau = taus[t] * rows.TotalWeight / kept.TotalWeight;
                    var fit = RidgeSolver.Solve(
                        kept, new Start(s == 0 ? new double[P] : start), tau, intercept ? InterceptRule.Free : InterceptRule.None, Two);
                    foreach (var i in cluster)
                    {
                        var e = rows.Labels[i] - fit.Intercept - Product.Dot(fit.Weights, rows.Features.Row(i));
                        // A ridge of 1e-12 beside rooms of 1e-4 at least.
                        Close.To(rows.Weights[i] * 17 / rows.TotalWeight * e * e, losses[i], 1e-6);
                    }
                }

                Close.To(losses.Average(), errors.Means[t, s], 1e-12);
            }
        }
    }

    [Fact]
    public void All_ways_are_measured_by_the_same_left_out_clusters()
    {
        var (source, target) = Tasks();
        var advice = Ml.Regression.AdviseTransfer(source, Clustered(target, i => i / 5), new AdviceOptions { ClusterColumnName = "House" });
        var alone = advice.Way(TransferWayKind.TargetAlone)!;
        Assert.Contains("left out together", advice.Reason, StringComparison.Ordinal);
        Assert.True(advice.Ways.Count >= 7);
        foreach (var way in advice.Ways.Where(w => w.Kind != TransferWayKind.TargetAlone))
        {
            // A gain is the difference of the errors in the table, whichever way it is.
            Close.To(alone.LeftOutRisk - way.LeftOutRisk, way.Gain!.Value, 1e-9);
        }

        // Rows of a house share most of their noise: their own rows promise what a new house does not keep.
        var byRows = Ml.Regression.AdviseTransfer(source, Clustered(target, i => i / 5));
        Assert.True(byRows.Way(TransferWayKind.TargetAlone)!.LeftOutRisk < 0.9 * alone.LeftOutRisk);
    }

    [Fact]
    public void One_cluster_alone_is_refused_with_its_column_and_value()
    {
        var (source, target) = Tasks();
        var options = new AdviceOptions { ClusterColumnName = "House" };
        var refused = Assert.Throws<InvalidOperationException>(
            () => Ml.Regression.AdviseTransfer(source, Clustered(target, _ => 77), options));
        Assert.Contains("All 40 rows have '77' in the cluster column 'House'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("finer column", refused.Message, StringComparison.Ordinal);
        var trainer = Ml.Regression.Trainers.L2SpBlend(
            new L2SpBlendTrainer.Options { Source = Ml.Regression.ComputeMoments(source), ClusterColumnName = "House" });
        refused = Assert.Throws<InvalidOperationException>(() => trainer.Fit(Clustered(target, _ => 77)));
        Assert.Contains("'House'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clusters_of_one_row_each_are_no_clusters()
    {
        var (source, target) = Tasks();
        var free = Ml.Regression.AdviseTransfer(source, Clustered(target, i => i));
        var clustered = Ml.Regression.AdviseTransfer(source, Clustered(target, i => 99 - i), new() { ClusterColumnName = "House" });
        Assert.Equal(free.Ways, clustered.Ways);
        Assert.Equal(free.Sources[0].Alignment, clustered.Sources[0].Alignment);
        Assert.Equal(free.ProbabilityOfHelp, clustered.ProbabilityOfHelp);
    }

    private static (IDataView Source, HeldRows Target) Tasks()
    {
        var random = new Random(2);
        var (w0, w1) = SimulatedTask.Truths(random, P, 0.8, 0.3);
        var source = SimulatedTask.Rows(random, 150, w0, 0.5);
        var houses = SimulatedTask.Rows(random, 8, w1, 1);
        var rows = houses.Only([.. Enumerable.Range(0, 40).Select(i => i / 5)]);
        for (var i = 0; i < 40; i++)
        {
            rows.Labels[i] += 0.3 * random.NextDouble();
        }

        return (View.Of(source), rows);
    }

    private static IDataView Clustered(HeldRows rows, Func<int, int> house) => Ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, rows.Rows).Select(i => new Sale
        {
            Features = [.. rows.Features.Row(i).ToArray().Select(v => (float)v)],
            Label = (float)rows.Labels[i],
            House = house(i),
        }));

    private sealed class Sale
    {
        [VectorType(P)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public int House { get; set; }
    }
}
