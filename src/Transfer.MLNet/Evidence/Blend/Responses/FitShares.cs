using Transfer.MLNet.Losses;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>
/// Shares of several fits by the losses of left-out rows: prior times exp(-sum of losses / noise), averaged over drawn weights of the rows
/// (pseudo-BMA+, the Bayesian bootstrap: Yao and others 2018, Bayesian Analysis 13, 917), since one row that is sure and wrong would else
/// decide. Counts vary more than Poisson's: their losses are divided by how many times more.
/// </summary>
internal sealed class FitShares
{
    // What has a smaller share is not fitted.
    private const double Least = 0.005;

    // Of the Bayesian bootstrap: shares to a few hundredths.
    private const int Draws = 200;
    private const int Seed = 1;

    private readonly double[][] _losses;
    private readonly double[] _priors;
    private readonly double[] _weights;
    private readonly int[] _fold;
    private readonly bool _noiseIsKnown;

    /// <param name="losses">Of each fit, of each row (fits x n).</param>
    /// <param name="priors">Of each fit.</param>
    /// <param name="weights">Of the rows, of mean 1; zero: does not count.</param>
    /// <param name="fold">The fold of each row.</param>
    /// <param name="loss">Whether its noise is known.</param>
    public FitShares(double[][] losses, double[] priors, double[] weights, int[] fold, Loss loss) =>
        (_losses, _priors, _weights, _fold, _noiseIsKnown) = (losses, priors, weights, fold, loss.NoiseIsKnown);

    /// <summary>The shares, which add up to 1.</summary>
    /// <param name="without">A fold whose rows do not count; -1: all do.</param>
    public double[] Without(int without)
    {
        int[] rows = [.. Enumerable.Range(0, _fold.Length).Where(i => _fold[i] != without && _weights[i] > 0)];
        var random = new Random(Seed);
        var (shares, factors) = (new double[_losses.Length], new double[rows.Length]);
        for (var draw = 0; draw < Draws; draw++)
        {
            // Dirichlet(1, ..., 1) times n.
            for (var i = 0; i < factors.Length; i++)
            {
                factors[i] = -Math.Log(1 - random.NextDouble());
            }

            var unit = rows.Length / factors.Sum();
            var sums = Array.ConvertAll(_losses, own => Sum(own, rows, factors, unit));

            // Deviance is twice the loss, and about 1 a row of a right model with Poisson's noise.
            var least = sums.Min();
            var noise = _noiseIsKnown ? 1 : Math.Max(1, 2 * least / rows.Length);
            var own = new double[sums.Length];
            for (var j = 0; j < own.Length; j++)
            {
                own[j] = _priors[j] * Math.Exp((least - sums[j]) / noise);
            }

            Normalise(own);
            for (var j = 0; j < own.Length; j++)
            {
                shares[j] += own[j];
            }
        }

        Normalise(shares);
        for (var j = 0; j < shares.Length; j++)
        {
            shares[j] = shares[j] < Least ? 0 : shares[j];
        }

        Normalise(shares);
        return shares;
    }

    private double Sum(double[] own, int[] rows, double[] factors, double unit)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            sum += factors[i] * unit * _weights[rows[i]] * own[rows[i]];
        }

        return double.IsNaN(sum) ? double.PositiveInfinity : sum;
    }

    private static void Normalise(double[] shares)
    {
        var sum = shares.Sum();
        for (var j = 0; j < shares.Length; j++)
        {
            shares[j] /= sum;
        }
    }
}
