using Transfer.MLNet.Advice;

namespace Transfer.MLNet.Validation;

/// <summary>The paper's route by itself: one start, taken where it is likely enough to be better than the target alone.</summary>
internal sealed class PaperRoute(SquaredParts parts)
{
    private const double Enough = 0.65;

    private readonly SquaredComparison _compared = parts.Pairs;

    /// <summary>The way of the best pair with a source.</summary>
    public TransferWay Retrained { get; } = new Advisor(parts).ToAdvice(
        [], new() { Task = AdvisedTask.Regression, LabelColumn = "", FeatureColumn = "" }, null!)
        .Way(TransferWayKind.FromTransferOptimal)!;

    /// <summary>Whether the best pair with a source is taken.</summary>
    public bool UsesSource => _compared.Best.Start != _compared.Starts.None && Likely(_compared.Weights(_compared.BestWithSource));

    /// <summary>The pair: the target alone where none is taken.</summary>
    public Setting Chosen => UsesSource ? _compared.BestWithSource : _compared.Scratch;

    /// <summary>The scaled start; a scale of zero where none is taken.</summary>
    public (int Tau, double Scale) Scaled => UsesSource && _compared.BestScale.Scale > 0
        && Likely(_compared.ScaledWeights(_compared.BestScale))
        ? _compared.BestScale : (_compared.Scratch.Tau, 0);

    private bool Likely(double[] weights) => parts.Result.ProbabilityBetter(weights) >= Enough;
}
