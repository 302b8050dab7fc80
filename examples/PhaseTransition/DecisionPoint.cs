using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using PhaseTransition.Theory;
using Transfer.MLNet.Kernels;

namespace PhaseTransition;

/// <summary>
/// Does a source-optimal start help the target? log(risk of transfer / risk of scratch), each at its own best tau_1, for one n1, target
/// noise and alignment; isotropic features, |w0| = |w1| = 1. Theory: negative exactly for rho &gt; 1/2, whatever n1 and the noise.
/// </summary>
internal sealed record DecisionPoint(
    int TargetRows, double TargetDeviation, double Rho, double MeanLogRisk, double StandardError, double Low, double High)
{
    public static readonly int[] AllTargetRows = [20, 50, 200, 1000];
    public static readonly double[] AllTargetDeviations = [0.1, 1, 3];
    public static readonly double[] AllRhos = [.. Enumerable.Range(0, 21).Select(i => i / 20.0)];

    public const double Gamma = 2;

    private static readonly double[] s_targetTaus = Protocol.LogGrid(1e-6, 1e6, 361);

    /// <summary>One draw of w0, source and n1 target rows: the log risk ratios for each noise (rows) and rho (columns).</summary>
    public static double[,] Draw(Protocol protocol, int targetRows, int draw, Workers workers)
    {
        var p = protocol.Features;
        double[] ones = [.. Enumerable.Repeat(1.0, p)];
        // The same source for every n1: the stream is named by the draw alone.
        var sourceDraws = new NormalDraws(protocol.Seed, -1, draw);
        var w0 = sourceDraws.Direction(p);
        var across = Across(sourceDraws.Direction(p), w0);
        var limit = new IsotropicLimit((double)p / protocol.SourceRows(Gamma), snr: 1);
        var start = SourceTask.Draw(sourceDraws, w0, protocol.SourceRows(Gamma), ones, workers).Ridges([limit.SourceTau], workers).Row(0)
            .ToArray();

        var (d, rotated) = InEigenbasis(new NormalDraws(protocol.Seed, -2, targetRows, draw).Rows(targetRows, ones), [start, w0, across],
            workers);
        var logs = new double[AllTargetDeviations.Length, AllRhos.Length];
        for (var r = 0; r < AllRhos.Length; r++)
        {
            var rho = AllRhos[r];
            var other = Math.Sqrt(1 - (rho * rho));
            var missed = new double[p];
            var scratch = new double[p];
            for (var k = 0; k < p; k++)
            {
                var w1 = (rho * rotated[1][k]) + (other * rotated[2][k]);
                missed[k] = (rotated[0][k] - w1) * (rotated[0][k] - w1);
                scratch[k] = w1 * w1;
            }

            for (var s = 0; s < AllTargetDeviations.Length; s++)
            {
                var noise = AllTargetDeviations[s] * AllTargetDeviations[s] / targetRows;
                logs[s, r] = Math.Log(LeastRisk(missed, d, noise) / LeastRisk(scratch, d, noise));
            }
        }

        return logs;
    }

    public static DecisionPoint[] Of(int targetRows, IReadOnlyList<double[,]> draws)
    {
        var points = new List<DecisionPoint>();
        for (var s = 0; s < AllTargetDeviations.Length; s++)
        {
            for (var r = 0; r < AllRhos.Length; r++)
            {
                var logs = draws.Select(d => d[s, r]).ToArray();
                var (mean, error) = (logs.Mean(), logs.StandardDeviation() / Math.Sqrt(logs.Length));
                var half = StudentT.InvCDF(0, 1, logs.Length - 1, 0.975) * error;
                points.Add(new DecisionPoint(targetRows, AllTargetDeviations[s], AllRhos[r], mean, error, mean - half, mean + half));
            }
        }

        return [.. points];
    }

    // E over the target's noise, exact: sum_k (tau / (d + tau))^2 u_k^2 + (s^2 / n) d / (d + tau)^2, least over tau.
    private static double LeastRisk(double[] squares, double[] d, double noise)
    {
        var least = double.PositiveInfinity;
        foreach (var tau in s_targetTaus)
        {
            var risk = 0.0;
            for (var k = 0; k < squares.Length; k++)
            {
                var q = 1 / (d[k] + tau);
                risk += q * q * ((tau * tau * squares[k]) + (noise * d[k]));
            }

            least = Math.Min(least, risk);
        }

        return least;
    }

    private static double[] Across(double[] v, double[] w)
    {
        var across = (double[])v.Clone();
        Product.AddScaled(-Product.Dot(v, w), w, across);
        var norm = Math.Sqrt(Product.Dot(across, across));
        return Array.ConvertAll(across, x => x / norm);
    }

    // A1 = X'X / n with all p directions, those without rows included (d = 0).
    private static (double[] Eigenvalues, double[][] Rotated) InEigenbasis(Matrix rows, double[][] vectors, Workers workers)
    {
        var gram = Product.TransposedTimes(rows, rows, workers);
        for (var i = 0; i < gram.Values.Length; i++)
        {
            gram.Values[i] /= rows.Rows;
        }

        var eigen = SymmetricEigen.Of(gram, workers);
        return (Array.ConvertAll(eigen.Values, v => Math.Max(v, 0)),
            Array.ConvertAll(vectors, v => Product.TransposedTimes(eigen.Vectors, v)));
    }
}
