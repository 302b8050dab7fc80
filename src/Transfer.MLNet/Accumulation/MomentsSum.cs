namespace Transfer.MLNet.Accumulation;

/// <summary>Moments that are added to one another, fold by fold, once it is known that they are of the same features.</summary>
internal sealed class MomentsSum(Moments first)
{
    private readonly BlockSum[] _blocks = [.. first.Blocks.Select(_ => new BlockSum(first.FeatureCount))];
    private IReadOnlyList<string> _names = [];
    private IReadOnlyDictionary<string, string> _told = Featurisation.Untold;
    private bool _allTold = true;

    /// <exception cref="ArgumentException">Features, columns, folds or featurisation differ; the message says in what.</exception>
    public void Add(Moments other)
    {
        RequireSame("feature column", first.FeatureColumnName, other.FeatureColumnName, "Rename one of the columns before computing the "
            + "moments.");
        RequireSame("label column", first.LabelColumnName, other.LabelColumnName,
            "Rename one of the columns before computing the moments.");
        if (first.FeatureCount != other.FeatureCount)
        {
            throw new ArgumentException(
                $"Moments of {first.FeatureCount} and of {other.FeatureCount} features (column '{first.FeatureColumnName}') cannot be "
                + "merged. Compute both behind the same fitted featuriser.", nameof(other));
        }

        if (first.Folds != other.Folds)
        {
            throw new ArgumentException(
                $"Moments in {first.Folds} and in {other.Folds} folds cannot be merged. Compute both with the same number of folds.",
                nameof(other));
        }

        for (var j = 0; _names.Count > 0 && other.FeatureNames.Count > 0 && j < first.FeatureCount; j++)
        {
            RequireSame($"feature {j}", _names[j], other.FeatureNames[j], "Compute both behind the same fitted featuriser.");
        }

        if (Featurisation.Difference(_told, other.Featurisation) is { } difference)
        {
            throw new ArgumentException(
                $"Moments of different featurisations cannot be merged: {difference}. Compute both behind the same fitted featuriser, with "
                + "the same options.", nameof(other));
        }

        for (var k = 0; k < _blocks.Length; k++)
        {
            _blocks[k].Add(other.Blocks[k]);
        }

        _names = _names.Count > 0 ? _names : other.FeatureNames;
        _told = _told.Count > 0 ? _told : other.Featurisation;
        _allTold &= other.Featurisation.Count > 0;
    }

    /// <summary>The moments of all; the sum is not to be used afterwards.</summary>
    public Moments ToMoments() =>
        new([.. _blocks.Select(b => b.ToBlock())], first.FeatureColumnName, first.LabelColumnName, _names, _allTold ? _told : null);

    private static void RequireSame(string what, string mine, string theirs, string remedy)
    {
        if (mine != theirs)
        {
            throw new ArgumentException($"Moments with {what} '{mine}' and '{theirs}' cannot be merged. {remedy}");
        }
    }
}
