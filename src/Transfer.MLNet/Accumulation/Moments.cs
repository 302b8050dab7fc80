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

    internal Moments(
        MomentBlock[] blocks, string featureColumnName, string labelColumnName, IReadOnlyList<string> featureNames,
        IReadOnlyDictionary<string, string>? featurisation = null)
    {
        Featurisation = Accumulation.Featurisation.Of(featurisation);
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

    /// <summary>How the features were made, as whoever computed the moments told it; empty where he did not. Saved with the
    /// moments.</summary>
    public IReadOnlyDictionary<string, string> Featurisation { get; }

    /// <summary>SHA-256, in hexadecimal, of all that moments must have in common to be merged: columns, number and names of the features,
    /// folds and <see cref="Featurisation"/>.</summary>
    public string Fingerprint => Accumulation.Featurisation.Fingerprint(this);

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
    /// <exception cref="ArgumentException">Features, columns, folds or featurisation differ; the message says in what. Of moments whose
    /// featurisation was not told it is not compared, and that of the result is not told either.</exception>
    public Moments Merge(Moments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return MergeAll([this, other]);
    }

    /// <summary>The moments of the rows of all: what merging them one after the other gives, to the last bit, in the memory of two of
    /// them.</summary>
    /// <param name="moments">At least one, of the same columns and with as many folds. Each is asked for when the one before was added, so
    /// that they can be read from files one at a time.</param>
    /// <returns>New moments; none of those given is changed.</returns>
    /// <exception cref="ArgumentException">There are none, or features, columns, folds or featurisation differ; the message says in
    /// what.</exception>
    public static Moments MergeAll(IEnumerable<Moments> moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        MomentsSum? sum = null;
        foreach (var next in moments)
        {
            if (next is null)
            {
                throw new ArgumentException("One of the moments to be merged is null. Leave it out.", nameof(moments));
            }

            sum ??= new MomentsSum(next);
            sum.Add(next);
        }

        return sum?.ToMoments()
            ?? throw new ArgumentException("There are no moments to be merged. Give those of at least one part.", nameof(moments));
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
}
