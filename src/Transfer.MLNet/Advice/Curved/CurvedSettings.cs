using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Advice;

/// <summary>What is compared for a loss that is no square.</summary>
/// <param name="Measure">What the risks are.</param>
/// <param name="Unit">How many times the loss a risk is: 2 where the loss is half the deviance.</param>
/// <param name="SourceTaus">How many tau_0.</param>
/// <param name="TargetTaus">How many tau_1.</param>
/// <param name="Folds">By which rows are left out.</param>
/// <param name="Seed">What rows are dealt to the folds by.</param>
/// <param name="HeldBytes">More than so many bytes of dense numbers are not made of a task's rows.</param>
/// <param name="Intercept">Whether the models have an intercept.</param>
internal sealed record CurvedSettings(
    RiskMeasure Measure, double Unit, int SourceTaus, int TargetTaus, int Folds, int Seed, long HeldBytes, bool Intercept = true)
{
    // Weights to five digits: what they are the start of is known to two.
    private const double Tolerance = 1e-5;

    /// <summary>Of the fits whose losses are compared.</summary>
    public NewtonSettings Fits => new(0, Intercept ? InterceptRule.Free : InterceptRule.None, Tolerance);

    public static CurvedSettings Of(ClassifierAdviceOptions options) => new(
        RiskMeasure.LogLoss, 1, options.SourceTauCount, options.TargetTauCount, options.Folds, options.Seed, options.HeldBytes);

    /// <summary>Of the blend, its target alone at this tau.</summary>
    public ResponseSettings Blend(double scratchTau) => new(Intercept, Folds, Seed, scratchTau, HeldBytes);
}
