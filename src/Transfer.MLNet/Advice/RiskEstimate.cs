namespace Transfer.MLNet;

/// <summary>
/// The expected squared error on a new target row, noise included, of one way to train; in units of the label squared. NaN where a
/// route has nothing to say.
/// </summary>
/// <param name="Theory">What the estimated model expects: the posterior mean of the risk under random effects.</param>
/// <param name="Empirical">The (weighted) mean squared error on target rows that were left out.</param>
/// <param name="StandardError">
/// The standard error of <paramref name="Empirical"/> less that of the target's rows alone, from the differences row by row: much
/// smaller than that of either.
/// </param>
public sealed record RiskEstimate(double Theory, double Empirical, double StandardError);
