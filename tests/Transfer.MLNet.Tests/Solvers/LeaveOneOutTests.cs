using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

public class LeaveOneOutTests
{
    private static readonly Workers Two = new(2);

    public static MatrixTheoryData<(int N, int P), bool, bool, double> Tasks =>
        new([(30, 8), (12, 12), (9, 25), (2, 3)], [true, false], [true, false], [1e-4, 0.3, 20.0]);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Residuals_are_those_of_fitting_again_without_each_row((int N, int P) size, bool weighted, bool intercept, double tau)
    {
        var rows = Sample.Rows(size.N, size.P, 1, weighted);
        var rule = intercept ? InterceptRule.Free : InterceptRule.None;
        Start[] starts = [Start.Zero(size.P), Sample.Start(size.P, 2), Sample.Start(size.P, 3)];
        var expected = starts.Select(s => Dense.LeaveOneOut(rows, tau, s, rule)).ToArray();
        var spectrum = TaskSpectrum.Of(rows, intercept, Two);

        var leaveOneOut = new LeaveOneOut(spectrum, spectrum.CentredPredictions(Columns(starts), Two), Two);

        leaveOneOut.ForEach([tau], (_, residuals) =>
        {
            for (var j = 0; j < starts.Length; j++)
            {
                var roots = rows.RootWeights();
                var actual = Enumerable.Range(0, rows.Rows).Select(i => residuals[i, j] / roots[i]).ToArray();
                Close.To(expected[j], actual, 1e-8);
            }
        });
        var error = Enumerable.Range(0, rows.Rows).Sum(i => rows.Weights[i] * expected[1][i] * expected[1][i]) / rows.TotalWeight;
        Close.To(error, leaveOneOut.MeanSquaredErrors([tau])[0, 1], 1e-8);
    }

    [Fact]
    public void Many_taus_at_once_are_handed_on_in_order_each_with_its_own_residuals()
    {
        var rows = Sample.Rows(14, 5, 1);
        var spectrum = TaskSpectrum.Of(rows, true, Two);
        double[] taus = [.. Enumerable.Range(0, 90).Select(t => 0.01 * (t + 1))];
        foreach (var starts in new[] { 1, 3, 70 })
        {
            var columns = Columns([.. Enumerable.Range(0, starts).Select(s => Sample.Start(5, s))]);
            var loo = new LeaveOneOut(spectrum, spectrum.CentredPredictions(columns, Two), Two);
            var next = 0;

            loo.ForEach(taus, (t, all) =>
            {
                Assert.Equal(next++, t);
                if (t % 20 == 5)
                {
                    Close.To(Dense.LeaveOneOut(rows, taus[t], Sample.Start(5, starts - 1), InterceptRule.Free), Column(all, starts - 1),
                        1e-8);
                }
            });

            Assert.Equal(90, next);
        }
    }

    [Fact]
    public void An_intercept_pulled_to_the_starts_is_left_out_exactly_too()
    {
        foreach (var rows in new[] { Sample.Rows(20, 5, 1, weighted: true), Sample.Rows(6, 11, 1, weighted: true) })
        {
            var start = Sample.Start(rows.FeatureCount, 4);
            var expected = Dense.LeaveOneOut(rows, 0.4, start, InterceptRule.TowardsStart);
            var spectrum = TaskSpectrum.Of(rows.WithConstantFeature(), intercept: false, Two);
            var column = new Matrix(rows.FeatureCount + 1, 1, start.For(InterceptRule.TowardsStart));

            new LeaveOneOut(spectrum, spectrum.CentredPredictions(column, Two), Two).ForEach([0.4], (_, residuals) =>
                Close.To(expected, [.. residuals.Values.Zip(rows.RootWeights(), (e, r) => e / r)], 1e-8));
        }
    }

    [Fact]
    public void The_best_multiple_of_the_start_is_no_worse_than_any_other()
    {
        var rows = Sample.Rows(15, 20, 5);
        var start = new Start(RidgeSolver.Solve(Sample.Rows(300, 20, 5), Start.Zero(20), 0.1, InterceptRule.Free, Two).Weights);
        var spectrum = TaskSpectrum.Of(rows, true, Two);
        double[] multiples = [0, 1, 0.3, 0.7, 2];
        var loo = new LeaveOneOut(spectrum, spectrum.CentredPredictions(Columns([.. multiples.Select(start.ScaledBy)]), Two), Two);

        loo.ForEach([0.2], (_, e) =>
        {
            var columns = Enumerable.Range(0, multiples.Length).Select(j => Column(e, j)).ToArray();
            Close.To(columns[2], StartScale.Residuals(columns[0], columns[1], 0.3), 1e-12);
            Close.To(columns[4], StartScale.Residuals(columns[0], columns[1], 2), 1e-12);
            var best = StartScale.Best(columns[0], columns[1]);
            var power = StartScale.Residuals(columns[0], columns[1], best).Sum(v => v * v);
            Assert.InRange(best, 0.02, 5);
            foreach (var c in new[] { 0, best - 0.01, best + 0.01, 1 })
            {
                Assert.True(StartScale.Residuals(columns[0], columns[1], c).Sum(v => v * v) > power);
            }

            var opposite = StartScale.Residuals(columns[0], columns[1], -1);
            Assert.Equal(0, StartScale.Best(columns[0], opposite));
            Assert.Equal(1, StartScale.Best(columns[0], columns[0]));
        });
    }

    [Fact]
    public void The_result_is_the_same_to_the_last_bit_on_any_number_of_threads()
    {
        var rows = Sample.Rows(300, 260, 7, weighted: true);
        var starts = Columns([.. Enumerable.Range(0, 40).Select(s => Sample.Start(260, s))]);
        double[] Errors(int threads)
        {
            var workers = new Workers(threads);
            var spectrum = TaskSpectrum.Of(rows, true, workers);
            return new LeaveOneOut(spectrum, spectrum.CentredPredictions(starts, workers), workers).MeanSquaredErrors([0.01, 0.1, 1])
                .Values;
        }

        Assert.Equal(Errors(1), Errors(2));
        Assert.Equal(Errors(1), Errors(5));
    }

    [Fact]
    public void One_row_is_refused()
    {
        var spectrum = TaskSpectrum.Of(Sample.Rows(1, 3, 1), true, Two);
        var error = Assert.Throws<InvalidOperationException>(() => new LeaveOneOut(spectrum, new Matrix(1, 1), Two));
        Assert.Contains("at least two rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spectrum_made_from_moments_is_refused()
    {
        var spectrum = TaskSpectrum.Of(MomentsReader.Of(Sample.Rows(9, 3, 1), 1, 0, Two), true, Two);
        Assert.Throws<ArgumentException>(() => new LeaveOneOut(spectrum, new Matrix(9, 1), Two));
        Assert.Throws<InvalidOperationException>(() => spectrum.CentredPredictions(new Matrix(3, 1), Two));
    }

    private static Matrix Columns(Start[] starts)
    {
        var columns = new Matrix(starts[0].Weights.Length, starts.Length);
        for (var j = 0; j < starts.Length; j++)
        {
            for (var k = 0; k < columns.Rows; k++)
            {
                columns[k, j] = starts[j].Weights[k];
            }
        }

        return columns;
    }

    private static double[] Column(Matrix matrix, int j) => [.. Enumerable.Range(0, matrix.Rows).Select(i => matrix[i, j])];
}
