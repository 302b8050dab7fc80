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

    /// <summary>The tau of the fit, per row; null where the model was kept as it was.</summary>
    public double? Tau { get; internal init; }

    /// <summary>The root of the mean squared leave-one-out error at <see cref="Tau"/>, in the label's unit; null where tau was not chosen by it.</summary>
    public double? LeaveOneOutError { get; internal init; }

    /// <summary>Whether the target has the model that was given, unchanged.</summary>
    public bool IsUnchanged => ReasonUnchanged is not null;

    /// <summary>Why the model was kept as it was; null where it was retrained.</summary>
    public string? ReasonUnchanged { get; internal init; }

    /// <summary>One line for a log.</summary>
    public override string ToString() => ReasonUnchanged is { } reason
        ? $"{Key}: the model as it was, since {reason}."
        : string.Create(CultureInfo.InvariantCulture, $"{Key}: {Rows} rows, tau = {Tau:G6}")
            + (LeaveOneOutError is { } error ? string.Create(CultureInfo.InvariantCulture, $", root mean squared leave-one-out error {error:G6}.") : ".");
}
