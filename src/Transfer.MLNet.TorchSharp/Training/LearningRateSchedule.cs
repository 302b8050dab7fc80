namespace Transfer.MLNet;

/// <summary>What the learning rate is multiplied by in each epoch. Immutable.</summary>
public sealed class LearningRateSchedule
{
    private readonly Func<int, int, double> _factor;
    private readonly string _name;

    private LearningRateSchedule(string name, bool dependsOnEpochs, Func<int, int, double> factor)
    {
        _name = name;
        DependsOnEpochs = dependsOnEpochs;
        _factor = factor;
    }

    /// <summary>1 in every epoch.</summary>
    public static LearningRateSchedule Constant { get; } = new("constant", false, (_, _) => 1);

    /// <summary>Whether it is another one where there are more epochs in all.</summary>
    internal bool DependsOnEpochs { get; }

    /// <summary>From 1 down to <paramref name="last"/> in the last epoch, along half a cosine (Loshchilov and Hutter 2017).</summary>
    /// <param name="last">From 0 to 1. With 0 the last epoch changes nothing: the rate is set by epochs, not by steps.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="last"/> is out of its range.</exception>
    public static LearningRateSchedule Cosine(double last = 0.01) => last is >= 0 and <= 1
        ? new(FormattableString.Invariant($"cosine to {last:R}"), true, (epoch, epochs) => last
        + ((1 - last) * (1 + Math.Cos(Math.PI * epoch / Math.Max(1, epochs - 1))) / 2))
        : throw new ArgumentOutOfRangeException(nameof(last), last, "The factor of the last epoch is from 0 to 1.");

    /// <summary>Multiplied by <paramref name="factor"/> after every so many epochs.</summary>
    /// <param name="every">Epochs between changes: at least 1.</param>
    /// <param name="factor">Above 0, up to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static LearningRateSchedule Step(int every, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return factor is > 0 and <= 1
            ? new(FormattableString.Invariant($"times {factor:R} every {every}"), false, (epoch, _) => Math.Pow(factor, epoch / every))
            : throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor is above 0 and at most 1.");
    }

    /// <summary>The same, after a number of epochs in which the rate grows in equal steps to its full size.</summary>
    /// <param name="epochs">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epochs"/> is below 1.</exception>
    public LearningRateSchedule WithWarmUp(int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        return new(
            $"{epochs} epochs of warming up, then {_name}",
            DependsOnEpochs,
            (epoch, all) => epoch < epochs ? (epoch + 1.0) / (epochs + 1) : _factor(epoch - epochs, all - epochs));
    }

    /// <summary>What it is.</summary>
    public override string ToString() => _name;

    /// <summary>What the learning rate of an epoch (from 0) is multiplied by.</summary>
    internal double Factor(int epoch, int epochs) => _factor(epoch, epochs);
}
