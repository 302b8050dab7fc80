namespace Transfer.MLNet.Advice;

/// <summary>Complaints about options of the advice, by their names.</summary>
/// <param name="options">The name of the options' class.</param>
internal sealed class OptionCheck(string options)
{
    public void Columns(string label, string features, string? weight)
    {
        Name(label, nameof(AdviceOptions.LabelColumnName));
        Name(features, nameof(AdviceOptions.FeatureColumnName));
        if (weight is not null)
        {
            Name(weight, nameof(AdviceOptions.ExampleWeightColumnName));
        }
    }

    public void Range(long value, long least, long most, string option)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(option, value, most == long.MaxValue
                ? $"{options}.{option} must be {least} or more."
                : $"{options}.{option} must be from {least} to {most}.");
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
