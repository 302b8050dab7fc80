namespace Transfer.MLNet.Tasks;

/// <summary>Complaints about options, by their names: one way for all options of the library.</summary>
/// <param name="options">The name of the options' class, or of the method that has the option as an argument.</param>
internal sealed class OptionCheck(string options)
{
    /// <summary>Of options of this class; for a nested one 'L2SpRidgeTrainer.Options'.</summary>
    public static OptionCheck Of(object options) =>
        new(options.GetType() is { DeclaringType: { } outer } type ? $"{outer.Name}.{type.Name}" : options.GetType().Name);

    public void Columns(string label, string features, string? weight)
    {
        Name(label, nameof(L2SpOptions.LabelColumnName));
        Name(features, nameof(L2SpOptions.FeatureColumnName));
        NameIfGiven(weight, nameof(L2SpOptions.ExampleWeightColumnName));
    }

    public void NameIfGiven(string? name, string option)
    {
        if (name is not null)
        {
            Name(name, option);
        }
    }

    public void Range(long value, long least, long most, string option) => Require(
        value >= least && value <= most, value, option, most == long.MaxValue ? $"must be {least} or more."
            : $"must be from {least} to {most}.");

    public void Threads(int? threads) => Require(
        threads is null or >= 1, threads, nameof(L2SpOptions.NumberOfThreads),
            "must be 1 or more. Leave it out to use one thread for each processor.");

    public void Tau(double? tau) => Require(
        tau is null || (tau >= 0 && double.IsFinite(tau.Value)),
        tau,
        nameof(L2SpTrainerOptions.Tau),
        "must be a finite number, zero or above. " + (double.IsPositiveInfinity(tau ?? 0)
            ? "An infinite tau is the starting point itself (zero, where there is none): nothing is learnt from the rows."
            : "Leave it out to have it chosen by rows that are left out."));

    public void Scale(double scale) => Require(
        double.IsFinite(scale), scale, nameof(L2SpTrainerOptions.StartingPointScale),
            "must be a finite number; 1 leaves the starting point as it is.");

    public void Defined<T>(T value, string option)
        where T : struct, Enum => Require(Enum.IsDefined(value), value, option, $"must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    public void PullOfIntercept(bool pull, bool fit, bool hasStart, string option)
    {
        if (pull && !fit)
        {
            throw new ArgumentException($"{options}.{option} pulls an intercept that FitIntercept = false leaves out. Set one of the "
                + $"two the other way.", option);
        }

        if (pull && !hasStart)
        {
            throw new ArgumentException($"{options}.{option} pulls the intercept to that of the starting point, and there is none. Set "
                + $"StartingPoint.", option);
        }
    }

    public void Require(bool holds, object? value, string option, string must)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{options}.{option} {must}");
        }
    }

    private void Name(string name, string option)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new ArgumentException($"{options}.{option} must be the name of a column.", option);
        }
    }
}
