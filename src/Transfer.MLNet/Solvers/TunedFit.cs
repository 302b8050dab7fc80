namespace Transfer.MLNet.Solvers;

/// <summary>A fit at the tau that validation chose.</summary>
internal sealed record TunedFit(LinearFit Fit, TauChoice Choice);
