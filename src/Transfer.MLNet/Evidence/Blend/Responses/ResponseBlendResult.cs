using Transfer.MLNet.Pull;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>The blend of a classifier or of counts, and what was learnt on the way.</summary>
internal sealed class ResponseBlendResult
{
    /// <summary>The answer, class by class: scratch + alpha (average - scratch).</summary>
    public required Start Fit { get; init; }

    /// <summary>The average before the guard, of the rule's and of the fits from one start.</summary>
    public required Start Average { get; init; }

    /// <summary>The rule's average alone, and what the rule says of the source.</summary>
    public required ResponseAverage Rule { get; init; }

    /// <summary>Its share in <see cref="Average"/>.</summary>
    public required double RuleShare { get; init; }

    /// <summary>The target alone.</summary>
    public required Start Scratch { get; init; }

    /// <summary>The tau of the target alone.</summary>
    public required double ScratchTau { get; init; }

    /// <summary>
    /// The loss of each row that is left out, by fits without its fold, times its weight (of mean 1) under <see cref="Fit"/>: the rule's
    /// average, the fits from one start, their shares and alpha are made without the fold's rows. The only row of a class is in every fit
    /// and has none; empty where no row can be left out.
    /// </summary>
    public required double[] LeftOutLosses { get; init; }

    /// <summary>The same of the target alone, its tau chosen without the fold.</summary>
    public required double[] ScratchLosses { get; init; }

    /// <summary>What the left-out scores of the same fit say of each row (n): <c>Loss.Predicted</c>.</summary>
    public required float[] LeftOutPredictions { get; init; }

    /// <summary>The weight of each row (n); zero where it is never left out.</summary>
    public required double[] LeftOutWeights { get; init; }

    /// <summary>How much of the average is used: 0 is the target alone, 1 the average.</summary>
    public required double Alpha { get; init; }

    /// <summary>n.</summary>
    public required double EffectiveRows { get; init; }

    /// <summary>What of the source could not be used and why; null where nothing was left out.</summary>
    public string? Told { get; init; }
}
