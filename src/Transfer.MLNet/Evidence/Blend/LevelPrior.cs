namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// What a source's groups teach of the intercept of a target: at the target's own feature means, given c and the metric's mean m, it is
/// N(mean(y) + <paramref name="Offset"/> + c d'm, variance times the noise). Taken there and not at the source's means it says nothing of
/// the weights beyond c, however far away the target is.
/// </summary>
/// <param name="Offset">b0 - mean(y), b0 the mean intercept of the groups at the source's means.</param>
/// <param name="Away">d (p): the target's feature means less the source's.</param>
/// <param name="Variance">r, in units of the noise variance.</param>
internal sealed record LevelPrior(double Offset, double[] Away, double Variance);
