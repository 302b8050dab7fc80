namespace Transfer.MLNet.Rows;

/// <summary>Whether features are those that something else was made for: as many, and of the same names where both have some.</summary>
internal static class FeatureMatch
{
    /// <summary>What to do where features of two tasks differ.</summary>
    public const string FeaturiseBoth = "Featurise both with what was fitted on the source.";

    /// <param name="rows">Whose features they are, for the message: "The feature column 'Features' of the target".</param>
    /// <param name="count">How many they are.</param>
    /// <param name="names">Their names, or none.</param>
    /// <param name="other">What they must fit: "the source's moments".</param>
    /// <param name="otherCount">How many it has.</param>
    /// <param name="otherNames">Their names, or none.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="unit">Of what it has so many, where that is not said before.</param>
    /// <exception cref="ArgumentException">They are others.</exception>
    public static void Require(
        string rows, int count, IReadOnlyList<string> names, string other, int otherCount, IReadOnlyList<string> otherNames, string remedy,
        string unit = "")
    {
        if (count != otherCount)
        {
            throw new ArgumentException($"{rows} has {count} features, but {other} {otherCount}{unit}. {remedy}");
        }

        for (var j = 0; j < Math.Min(names.Count, otherNames.Count); j++)
        {
            if (names[j] != otherNames[j])
            {
                throw new ArgumentException($"{rows} has '{names[j]}' as feature {j}, but {other} '{otherNames[j]}': they come from "
                    + $"different featurisers. {remedy}");
            }
        }
    }
}
