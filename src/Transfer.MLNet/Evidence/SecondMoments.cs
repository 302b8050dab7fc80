namespace Transfer.MLNet.Evidence;

/// <summary>What is expected of the coefficients given the data and the hyperparameters.</summary>
/// <param name="Signal">E|w0|^2.</param>
/// <param name="Cross">E w0'w1.</param>
/// <param name="TargetSignal">E|w1|^2.</param>
/// <param name="TargetMean">E w1 (p).</param>
internal sealed record SecondMoments(double Signal, double Cross, double TargetSignal, double[] TargetMean);
