using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Theory;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>
/// The mean true risks of several ways to choose (tau_0, tau_1), by an independent simulation (Reference/selection_strategies.csv): p = 50,
/// n0 = 100, noise 1 in both tasks, |w0| = 1, w1 = rho w0 + v with v across w0 and |v| given; features of equal variance (alpha 0) or
/// variances proportional to 1/j (alpha 1), no intercept.
/// </summary>
public class SelectionStrategiesTests
{
    private const int Features = 50;
    private const int SourceRows = 100;
    private const int Draws = 40;
    private const int ReferenceDraws = 240;
    private const int Taus = 30;

    [Xunit.Theory]
    [InlineData(0, 20)]
    [InlineData(0, 60)]
    [InlineData(0, 200)]
    [InlineData(1, 20)]
    [InlineData(1, 60)]
    [InlineData(1, 200)]
    public void Scratch_the_source_at_its_own_best_and_leave_one_out_have_the_risks_of_the_reference_and_the_advice_is_as_good_as_the_gated_choice(int alpha, int targetRows)
    {
        var rows = ReferenceTable.Read("selection_strategies.csv").Rows.Where(r => r["alpha"] == alpha && r["n1"] == targetRows).ToList();
        Assert.Equal(4, rows.Count);
        foreach (var row in rows)
        {
            var draws = Enumerable.Range(0, Draws).AsParallel().AsOrdered()
                .Select(draw => Draw(alpha, targetRows, row["rho"], row["perp"], draw)).ToArray();
            void Near(string column, Func<Risks, double> risk)
            {
                var (mean, error) = MeanOf(draws.Select(risk));
                var tolerance = 4 * error * Math.Sqrt(1 + ((double)Draws / ReferenceDraws));
                Assert.True(
                    Math.Abs(mean - row[column]) <= tolerance,
                    $"{column} at alpha {alpha}, n1 {targetRows}, rho {row["rho"]}: {mean:0.0000}, the reference has {row[column]}, "
                        + $"tolerance {tolerance:0.0000}");
            }

            Near("scratch", r => r.Scratch);
            Near("tauS", r => r.SourceOptimal);
            Near("LOO", r => r.LeaveOneOut);
            Near("oracle_grid", r => r.Oracle);
            var (advised, spread) = MeanOf(draws.Select(r => r.Advised));
            Assert.True(
                advised <= row["gated"] + (3 * spread),
                $"as advised at alpha {alpha}, n1 {targetRows}, rho {row["rho"]}: {advised:0.0000} +/- {spread:0.0000}, the gated "
                    + $"choice of the reference {row["gated"]}");
        }
    }

    private static Risks Draw(double alpha, int targetRows, double rho, double across, int draw)
    {
        var random = new Xoshiro256StarStar((1000 * draw) + targetRows + (int)(10 * rho) + 7, threadSafe: false);
        var variances = Enumerable.Range(1, Features).Select(j => Math.Pow(j, -alpha)).ToArray();
        var mean = variances.Average();
        var deviations = Array.ConvertAll(variances, v => Math.Sqrt(v / mean));
        var w0 = Direction(random);
        var v = Direction(random);
        Product.AddScaled(-Product.Dot(v, w0), w0, v);
        var length = Math.Sqrt(Product.Dot(v, v));
        var w1 = new double[Features];
        Product.AddScaled(rho, w0, w1);
        Product.AddScaled(across / length, v, w1);

        var workers = new Workers(1);
        var source = Rows(random, SourceRows, deviations, w0);
        var target = Rows(random, targetRows, deviations, w1);
        var parts = SquaredParts.Of(
            TaskSpectrum.Of(source, intercept: false, workers), TargetData.Of(target, intercept: false, workers), Taus, Taus, workers);
        var compared = parts.Pairs;
        var none = compared.Starts.None;
        double Risk(Setting pair)
        {
            var weights = compared.Weights(pair);
            return weights.Select((w, j) => Math.Pow(deviations[j] * (w - w1[j]), 2)).Sum();
        }

        // The paper's route by itself: one start, taken where it is likely enough to be better than none.
        Setting Chosen() => compared.Best.Start != none
            && parts.Result.ProbabilityBetter(compared.Weights(compared.BestWithSource)) >= 0.65
            ? compared.BestWithSource : compared.Scratch;

        var pairs = (from t in Enumerable.Range(0, compared.Endless) from j in Enumerable.Range(0, none + 1) select new Setting(j, t))
            .ToArray();
        var one = compared.Starts.SourceOptimal;
        return new(
            Risk(compared.Scratch),
            Risk(new(one, Enumerable.Range(0, compared.Endless).MinBy(t => compared.Errors.Means[t, one]))),
            Risk(pairs.MinBy(p => compared.LeftOut(p))),
            Risk(Chosen()),
            pairs.Min(Risk));
    }

    private static HeldRows Rows(Xoshiro256StarStar random, int rows, double[] deviations, double[] weights)
    {
        var features = new Matrix(rows, Features);
        var labels = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < Features; j++)
            {
                features[i, j] = deviations[j] * Normal.Sample(random, 0, 1);
            }

            labels[i] = Product.Dot(features.Row(i), weights) + Normal.Sample(random, 0, 1);
        }

        return new HeldRows(features, labels);
    }

    private static double[] Direction(Xoshiro256StarStar random)
    {
        var direction = new double[Features];
        Normal.Samples(random, direction, 0, 1);
        var length = Math.Sqrt(Product.Dot(direction, direction));
        return Array.ConvertAll(direction, d => d / length);
    }

    private static (double Mean, double Error) MeanOf(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return (mean, Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1) / all.Length));
    }

    private sealed record Risks(double Scratch, double SourceOptimal, double LeaveOneOut, double Advised, double Oracle);
}
