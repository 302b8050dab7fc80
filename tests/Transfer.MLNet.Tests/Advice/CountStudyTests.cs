using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Whether who follows the advice on counts does better than with the target's rows alone: two hundred draws.</summary>
public sealed class CountStudyTests
{
    private const int Draws = 25;
    private const int SourceRows = 300;
    private const int FreshRows = 300;

    /// <summary>
    /// The mean over draws of ln(excess deviance as advised / of the target alone), the truth being known. With half of the counts varying
    /// three times as much as Poisson's, and a source that is alike, half as strong, unrelated, or against the target.
    /// </summary>
    [Fact]
    public void Following_the_advice_is_not_worse_than_the_target_alone_on_average()
    {
        double[] rhos = [1, 0.6, 0, -0.7];
        var all = new List<double>();
        foreach (var rho in rhos)
        {
            var logs = Enumerable.Range(0, 2 * Draws).AsParallel().AsOrdered().Select(draw => Draw(rho, draw)).ToArray();
            var (mean, error) = MeanOf(logs);

            // An unrelated source can only cost what the search for it costs: within three standard errors of nothing.
            Assert.True(mean <= 3 * error, $"rho {rho}: {mean:0.000} +/- {error:0.000}");
            all.AddRange(logs);
        }

        var (whole, spread) = MeanOf([.. all]);
        Assert.True(whole < -3 * spread, $"all: {whole:0.000} +/- {spread:0.000}");
    }

    private static double Draw(double rho, int draw)
    {
        var (random, ml) = (new Random((100 * draw) + (int)(10 * rho)), new MLContext(1));
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] w0 = [.. Enumerable.Range(0, CountRows.Width).Select(_ => 0.4 * Normal())];
        double[] w1 = [.. w0.Select(w => (rho * w) + (0.4 * (rho == 1 ? 0.1 : 0.4) * Normal()))];
        var level = 0.7 + (0.5 * Normal());
        double? shape = draw % 2 == 0 ? null : 2;
        var source = CountRows.Draw(SourceRows, w0, 0.7, (3 * draw) + 1, shape);
        var target = CountRows.Draw(draw % 4 < 2 ? 25 : 80, w1, level, (3 * draw) + 2, shape).View(ml);
        var fresh = CountRows.Draw(FreshRows, w1, level, (3 * draw) + 3).Rows;
        var advice = ml.Regression.AdviseTransfer(
            source.View(ml), target, new() { Task = AdvisedTask.Count, ExposureColumnName = "Exposure", NumberOfThreads = 1 });
        double Excess(ITransformer trained)
        {
            var model = ((RegressionPredictionTransformer<PoissonRegressionModelParameters>)trained).Model;
            return fresh.Average(row =>
            {
                var (mean, said) = (level + row.Features.Zip(w1, (x, w) => x * w).Sum(),
                    model.Bias + row.Features.Zip(model.Weights, (x, w) => x * (double)w).Sum());
                return row.Exposure * ((Math.Exp(mean) * (mean - said)) - Math.Exp(mean) + Math.Exp(said));
            });
        }

        return Math.Log(Excess(advice.Fit(target)) / Excess(advice.Fit(advice.TargetAlone, target)));
    }

    private static (double Mean, double Error) MeanOf(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length));
    }
}
