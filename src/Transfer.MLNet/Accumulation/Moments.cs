using Transfer.MLNet.Accumulation;

namespace Transfer.MLNet;

/// <summary>
/// What linear regression needs to know of a data set: (weighted) count, means, and the centred products of features and label, in
/// double precision. Moments can be merged and saved, and stand in for the rows in training and in advice, so that these need not be
/// kept or shared. They do not change once made.
/// </summary>
/// <remarks>
/// Made by <c>ml.Regression.ComputeMoments</c> in one pass over the data; p x p numbers for each fold, however many rows there are.
/// Accumulated about moving means and merged by the formula of Chan, Golub and LeVeque (1983), so that large means do not cost
/// digits. Kept in folds, so that cross-validation needs no second pass.
/// </remarks>
public sealed class Moments
{
    private readonly MomentBlock[] _blocks;
    private readonly string[] _featureNames;
    private readonly Lazy<MomentBlock> _total;

    internal Moments(MomentBlock[] blocks, string featureColumnName, string labelColumnName, IReadOnlyList<string> featureNames)
    {
        _blocks = blocks;
        _featureNames = [.. featureNames];
        _total = new(() => blocks.Length == 1 ? blocks[0] : MomentBlock.Merge(blocks, blocks[0].FeatureCount));
        FeatureColumnName = featureColumnName;
        LabelColumnName = labelColumnName;
    }

    /// <summary>Number of rows n. Rows of weight zero and rows with missing values do not count.</summary>
    public long Count => _blocks.Sum(b => b.Count);

    /// <summary>Sum of the rows' weights; equal to <see cref="Count"/> where the data has no weights.</summary>
    public double TotalWeight => Total.Weight;

    /// <summary>Number of features p.</summary>
    public int FeatureCount => _blocks[0].FeatureCount;

    /// <summary>Number of folds that the rows were dealt to; 1 where the moments cannot be cross-validated.</summary>
    public int Folds => _blocks.Length;

    /// <summary>Name of the feature column that the moments were computed from.</summary>
    public string FeatureColumnName { get; }

    /// <summary>Name of the label column that the moments were computed from.</summary>
    public string LabelColumnName { get; }

    /// <summary>Names of the features (p), or an empty list where the column has no slot names.</summary>
    public IReadOnlyList<string> FeatureNames => _featureNames;

    /// <summary>Weighted means of the features (p).</summary>
    public IReadOnlyList<double> FeatureMeans => Total.FeatureMeans.AsReadOnly();

    /// <summary>Weighted mean of the label.</summary>
    public double LabelMean => Total.LabelMean;

    /// <summary>All folds together.</summary>
    internal MomentBlock Total => _total.Value;

    /// <summary>The folds, some of which may be empty.</summary>
    internal IReadOnlyList<MomentBlock> Blocks => _blocks;

    /// <summary>The moments of the rows of both. Fold k of the result holds fold k of each.</summary>
    /// <param name="other">Moments of other rows of the same columns, with as many folds.</param>
    /// <returns>New moments; neither of the two is changed.</returns>
    /// <exception cref="ArgumentException">Features, columns or folds differ; the message says in what.</exception>
    public Moments Merge(Moments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireSame(
            "feature column", FeatureColumnName, other.FeatureColumnName, "Rename one of the columns before computing the moments.");
        RequireSame("label column", LabelColumnName, other.LabelColumnName, "Rename one of the columns before computing the moments.");
        if (FeatureCount != other.FeatureCount)
        {
            throw new ArgumentException(
                $"Moments of {FeatureCount} and of {other.FeatureCount} features (column '{FeatureColumnName}') cannot be merged. "
                + "Compute both behind the same fitted featuriser.", nameof(other));
        }

        if (Folds != other.Folds)
        {
            throw new ArgumentException(
                $"Moments in {Folds} and in {other.Folds} folds cannot be merged. Compute both with the same number of folds.",
                nameof(other));
        }

        var named = _featureNames.Length > 0 && other._featureNames.Length > 0;
        for (var j = 0; named && j < FeatureCount; j++)
        {
            RequireSame($"feature {j}", _featureNames[j], other._featureNames[j], "Compute both behind the same fitted featuriser.");
        }

        var blocks = new MomentBlock[Folds];
        for (var k = 0; k < blocks.Length; k++)
        {
            blocks[k] = MomentBlock.Merge([_blocks[k], other._blocks[k]], FeatureCount);
        }

        return new Moments(blocks, FeatureColumnName, LabelColumnName, _featureNames.Length > 0 ? _featureNames : other._featureNames);
    }

    /// <summary>Writes the moments to a file: beside it first, then moved to its place, so that a failure leaves what was there.</summary>
    /// <param name="path">The file. One that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => MomentsFile.Save(this, path);

    /// <summary>Writes the moments to a stream, which stays open.</summary>
    /// <param name="stream">Where to.</param>
    public void Save(Stream stream) => MomentsFile.Write(this, stream);

    /// <summary>Reads moments that were saved.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The same numbers to the last bit.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is not one of moments, is damaged or cut off, or comes from a newer version.</exception>
    public static Moments Load(string path) => MomentsFile.Load(path);

    /// <summary>Reads moments that were saved, and leaves the stream behind them.</summary>
    /// <param name="stream">Where from.</param>
    /// <returns>The same numbers to the last bit.</returns>
    /// <exception cref="FormatException">The stream does not hold moments, is damaged or cut off, or comes from a newer
    /// version.</exception>
    public static Moments Load(Stream stream) => MomentsFile.Read(stream, "The stream");

    /// <summary>The moments with a feature that is always 1 after the others.</summary>
    internal Moments WithConstantFeature() =>
        new([.. _blocks.Select(b => b.WithConstantFeature())], FeatureColumnName, LabelColumnName, []);

    private static void RequireSame(string what, string mine, string theirs, string remedy)
    {
        if (mine != theirs)
        {
            throw new ArgumentException($"Moments with {what} '{mine}' and '{theirs}' cannot be merged. {remedy}");
        }
    }
}
