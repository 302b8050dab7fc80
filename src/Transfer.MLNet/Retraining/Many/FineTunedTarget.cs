using System.Globalization;

namespace Transfer.MLNet;

/// <summary>How the retraining for one of many targets went. Immutable.</summary>
public sealed class FineTunedTarget
{
    internal FineTunedTarget()
    {
    }

    /// <summary>The value of the key column, as text.</summary>
    public string Key { get; internal init; } = string.Empty;

    /// <summary>The rows of the target that counted.</summary>
    public long Rows { get; internal init; }

    /// <summary>The tau of the fit, per row; null where the model was kept as it was, or <see cref="LearntPrior"/>.</summary>
    public double? Tau { get; internal init; }

    /// <summary>
    /// Whether the weights were drawn to what all targets together say (<see cref="FineTuneManyOptions.LearnPrior"/>), each by its own
    /// strength.
    /// </summary>
    public bool LearntPrior { get; internal init; }

    /// <summary>The mean error of rows that were left out, in <see cref="Measure"/>: at the tau that was chosen by it, or with a prior
    /// learnt from all targets, which is held; null where tau was given or shared, and where no row could be left out. By exact
    /// leave-one-out of a regression; of others by approximate leave-one-out with a prior, and by cross-validation where each target has
    /// its own tau.</summary>
    public double? LeaveOneOutError { get; internal init; }

    /// <summary>What the error is: 'root mean squared error' in the label's unit, 'log-loss' in nats, or 'Poisson deviance'.</summary>
    public string Measure { get; internal init; } = string.Empty;

    /// <summary>Whether the target has the model that was given, unchanged.</summary>
    public bool IsUnchanged => ReasonUnchanged is not null;

    /// <summary>Why the model was kept as it was; null where it was retrained.</summary>
    public string? ReasonUnchanged { get; internal init; }

    /// <summary>One line for a log.</summary>
    public override string ToString() => ReasonUnchanged is { } reason
        ? $"{Key}: the model as it was, since {reason}."
        : string.Create(CultureInfo.InvariantCulture, $"{Key}: {Rows} rows, ")
            + (LearntPrior ? "drawn to what all targets have in common" : Tau is { } tau
                ? string.Create(CultureInfo.InvariantCulture, $"tau = {tau:G6}") : "moved without a tau of its own")
            + (LeaveOneOutError is { } error ? string.Create(CultureInfo.InvariantCulture, $", left-out {Measure} {error:G6}.") : ".");
}
