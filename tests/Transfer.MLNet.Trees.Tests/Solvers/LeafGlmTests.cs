using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Solvers;

/// <summary>
/// The fit on products of rows against the fit on leaves, which shares nothing with it; left-out scores against fitting again.
/// </summary>
public sealed class LeafGlmTests
{
    public static TheoryData<bool, bool> Cases => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_solvers_come_to_the_same_minimum(bool logistic, bool freeScale)
    {
        var (rows, loss, penalty) = Task(logistic, freeScale, 80);
        var glm = new LeafGlm(rows, rows.Shared(0, Workers.All), loss, penalty, Workers.All);
        glm.LeftOutScores(0.03);
        var newton = new LeafNewton(rows, loss, penalty, null, Workers.All);
        newton.Solve(0.03, 1e-12);
        var (one, other) = (glm.Fit(), newton.Fit());

        // The first ends when a step gains less than 1e-9 of the loss: moves are off by the root of that.
        Assert.Equal(other.Intercepts[0], one.Intercepts[0], 1e-3);
        Assert.Equal(other.Scales[0], one.Scales[0], 1e-3);
        for (var l = 0; l < one.Moves![0].Length; l++)
        {
            Assert.Equal(other.Moves![0][l], one.Moves[0][l], 1e-3);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Approximate_left_out_scores_are_near_those_of_fitting_again(bool logistic)
    {
        var (rows, loss, penalty) = Task(logistic, freeScale: true, 60);
        var left = new LeafGlm(rows, rows.Shared(0, Workers.All), loss, penalty, Workers.All).LeftOutScores(0.1);
        var (approximate, exact, kept) = (0.0, 0.0, 0.0);
        for (var i = 0; i < rows.Rows; i++)
        {
            var newton = new LeafNewton(rows, loss, penalty, [.. Enumerable.Range(0, rows.Rows).Select(j => j == i)], Workers.All);

            // The summed penalty of n rows, of n - 1.
            var without = newton.Solve(0.1 * rows.Rows / (rows.Rows - 1), 1e-9)[i, 0];
            approximate += loss.Value(rows.Labels[i], left[i]);
            exact += loss.Value(rows.Labels[i], without);
        }

        var whole = new LeafNewton(rows, loss, penalty, null, Workers.All).Solve(0.1, 1e-9);
        kept = Enumerable.Range(0, rows.Rows).Sum(i => loss.Value(rows.Labels[i], whole[i, 0]));

        // What leaving out adds to the loss is foretold to a tenth (Rad and Maleki 2020: the error is of a smaller order in n).
        Assert.InRange((approximate - kept) / (exact - kept), 0.9, 1.1);
    }

    [Fact]
    public void The_multinomial_gradient_is_zero_at_its_fit()
    {
        var rows = LeafTask.Draw(90, 5, seed: 4, outputs: 3, label: (random, s) => Array.IndexOf(s, s.Max()) is var best
            && random.NextDouble() < 0.8 ? best : random.Next(3));
        var newton = new LeafNewton(rows, null, LeafPenalty.Free(true, rows.ScoresOf(0)), null, Workers.All);
        const double tau = 0.02;
        var scores = newton.Solve(tau, 1e-10);
        var fit = newton.Fit();
        for (var k = 0; k < 3; k++)
        {
            var residuals = new double[rows.Rows];
            for (var i = 0; i < residuals.Length; i++)
            {
                var p = new double[3];
                MultinomialLoss.Probabilities(scores.Row(i), p);
                residuals[i] = (p[k] - (rows.Labels[i] == k ? 1 : 0)) / rows.Rows;
            }

            var sums = rows.SumsByLeaf(k, residuals);
            for (var l = 0; l < sums.Length; l++)
            {
                Assert.Equal(0, sums[l] + (tau * fit.Moves![k][l]), 1e-9);
            }
        }
    }

    [Fact]
    public void Classes_that_the_source_separates_have_a_finite_scale()
    {
        var rows = LeafTask.Draw(40, 5, seed: 5, label: (_, s) => s[0] > 1 ? 1 : 0);
        var glm = new LeafGlm(rows, rows.Shared(0, Workers.All), RowLoss.Logistic, LeafPenalty.Free(true, rows.ScoresOf(0)), Workers.All);
        Assert.All(glm.LeftOutScores(double.PositiveInfinity), s => Assert.True(double.IsFinite(s)));
        Assert.InRange(glm.Fit().Scales[0], 1, 20);
    }

    private static (LeafRows Rows, RowLoss Loss, LeafPenalty Penalty) Task(bool logistic, bool freeScale, int rows)
    {
        var drawn = LeafTask.Draw(rows, 6, seed: 1, label: logistic
            ? (random, s) => random.NextDouble() < 1 / (1 + Math.Exp(1 - s[0])) ? 1 : 0
            : (random, s) => Math.Floor(Math.Exp(0.3 * s[0]) * 2 * random.NextDouble()));
        return (drawn, logistic ? RowLoss.Logistic : RowLoss.Poisson, freeScale ? LeafPenalty.Free(true, drawn.ScoresOf(0))
            : LeafPenalty.Structure);
    }
}
