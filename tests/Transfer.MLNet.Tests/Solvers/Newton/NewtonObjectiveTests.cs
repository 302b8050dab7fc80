using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers.Newton;

public class NewtonObjectiveTests
{
    private const double H = 1e-5;

    private static readonly Workers Two = new(2);

    public static MatrixTheoryData<int, bool, bool> Tasks => new([1, 3, 6], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Gradient_and_hessian_are_the_differences_of_the_objective(int outputs, bool sparse, bool pulled)
    {
        var rows = ClassSample.Rows(70, 5, Math.Max(2, outputs), 1, sparse, weighted: true);
        var task = new NewtonTask(rows, ClassSample.Start(rows, 2), pulled ? InterceptRule.TowardsStart : InterceptRule.None, Two);
        var objective = new NewtonObjective(task, rows.Shares(), 0.3);
        var random = new Random(3);
        double[] u = [.. Enumerable.Range(0, task.Length).Select(_ => Sample.Normal(random))];
        objective.Project(u);
        var at = At(objective, u);
        var product = new double[u.Length];
        for (var j = 0; j < u.Length; j++)
        {
            var unit = new double[u.Length];
            unit[j] = 1;
            objective.Project(unit);
            if (unit[j] == 0)
            {
                continue;
            }

            var (up, down) = (At(objective, Moved(u, j, H)), At(objective, Moved(u, j, -H)));
            Close.To((up.Value - down.Value) / (2 * H), at.Gradient[j], 1e-8);

            objective.HessianTimes(at.Curvatures, unit, new double[at.Curvatures.Length], product);
            Close.To([.. up.Gradient.Zip(down.Gradient, (a, b) => (a - b) / (2 * H))], product, 1e-7);
            Close.To(product[j], objective.Diagonal(at.Curvatures)[j], 1e-12);
        }
    }

    [Fact]
    public void Probabilities_of_all_but_certain_rows_keep_their_digits()
    {
        foreach (var outputs in new[] { 1, 2 })
        {
            Loss loss = outputs == 1 ? Loss.Logistic : new SoftmaxLoss(outputs);
            double[] scores = outputs == 1 ? [40, -800] : [0, 40, 800, 0];
            var (residuals, curvatures) = (new double[scores.Length], new double[scores.Length]);

            var value = loss.Evaluate([1, 1], [0.5, 0.5], scores, residuals, curvatures);

            Close.To(400, value, 1e-14);
            Assert.Equal(1, residuals[outputs - 1] / (-0.5 * Math.Exp(-40)), 1e-12);
            Assert.Equal(-0.5, residuals[^1], 1e-15);
        }
    }

    /// <summary>Whole vectors of the processor and what is left over after them must agree with one row at a time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Many_rows_at_once_are_as_each_by_itself(int outputs)
    {
        var random = new Random(4);
        int[] classes = [.. Enumerable.Range(0, 13).Select(i => i % Math.Max(2, outputs))];
        double[] shares = [.. classes.Select(_ => random.NextDouble())];
        double[] scores = [.. Enumerable.Range(0, 13 * outputs).Select(_ => 4 * Sample.Normal(random))];
        var (residuals, curvatures) = (new double[scores.Length], new double[scores.Length]);

        Loss form = outputs == 1 ? Loss.Logistic : new SoftmaxLoss(outputs);
        var loss = form.Evaluate([.. classes.Select(c => (double)c)], shares, scores, residuals, curvatures);

        var expected = Enumerable.Range(0, 13).Sum(i => shares[i] * form.Of(scores.AsSpan(i * outputs, outputs), classes[i]));
        Close.To(expected, loss, 1e-13);
        for (var i = 0; i < 13; i++)
        {
            for (var k = 0; k < outputs; k++)
            {
                var z = scores.AsSpan(i * outputs, outputs).ToArray();
                var p = outputs == 1 ? 1 / (1 + Math.Exp(-z[0])) : Math.Exp(z[k]) / z.Sum(Math.Exp);
                var y = outputs == 1 ? classes[i] : classes[i] == k ? 1 : 0;
                Close.To(shares[i] * (p - y), residuals[(i * outputs) + k], 1e-13);
            }
        }
    }

    private static double[] Moved(double[] u, int j, double by)
    {
        var moved = (double[])u.Clone();
        moved[j] += by;
        return moved;
    }

    private static (double Value, double[] Gradient, double[] Curvatures) At(NewtonObjective objective, double[] u)
    {
        var scores = objective.Scores(u);
        var (to, residuals, curvatures) = (new double[scores.Length], new double[scores.Length], new double[scores.Length]);
        var loss = objective.Loss(scores, 0, scores, to, residuals, curvatures);
        var gradient = new double[u.Length];
        objective.Gradient(residuals, u, gradient);
        return (loss + objective.Penalty(u), gradient, curvatures);
    }
}
