using System.Globalization;
using Transfer.MLNet.Accumulation;

namespace Transfer.MLNet;

/// <summary>
/// The moments of each of many groups of rows (shops, schools, patients): what a source's own groups teach of how tasks differ. Can be
/// merged and saved; no rows are kept. Do not change once made.
/// </summary>
/// <remarks>
/// Made by <c>ml.Data.ComputeGroupedMoments</c> in one pass; 8 p^2 bytes a group (100,000 groups of 20 features: 320 MB). Several sources
/// are groups: those of different files are merged. Accumulated about moving means (Welford 1962).
/// </remarks>
public sealed class GroupedMoments
{
    private readonly string[] _names;
    private readonly MomentBlock[] _groups;
    private readonly string[] _featureNames;
    private readonly Lazy<MomentBlock> _total;

    internal GroupedMoments(
        string[] names, MomentBlock[] groups, string groupColumnName, string featureColumnName, string labelColumnName,
        IReadOnlyList<string> featureNames)
    {
        (_names, _groups, _featureNames) = (names, groups, [.. featureNames]);
        (GroupColumnName, FeatureColumnName, LabelColumnName) = (groupColumnName, featureColumnName, labelColumnName);
        _total = new(() => MomentBlock.Merge(groups, groups[0].FeatureCount));
    }

    /// <summary>The groups' names, in the order in which they came.</summary>
    public IReadOnlyList<string> GroupNames => _names.AsReadOnly();

    /// <summary>Rows of each group, in the order of <see cref="GroupNames"/>. Rows of weight zero and rows with missing values do not
    /// count.</summary>
    public IReadOnlyList<long> GroupCounts => [.. _groups.Select(g => g.Count)];

    /// <summary>Number of rows of all groups.</summary>
    public long Count => _groups.Sum(g => g.Count);

    /// <summary>Number of features p.</summary>
    public int FeatureCount => _groups[0].FeatureCount;

    /// <summary>Name of the column that says which group a row belongs to.</summary>
    public string GroupColumnName { get; }

    /// <summary>Name of the feature column that the moments were computed from.</summary>
    public string FeatureColumnName { get; }

    /// <summary>Name of the label column that the moments were computed from.</summary>
    public string LabelColumnName { get; }

    /// <summary>Names of the features (p), or an empty list where the column has no slot names.</summary>
    public IReadOnlyList<string> FeatureNames => _featureNames.AsReadOnly();

    /// <summary>The groups in the order of <see cref="GroupNames"/>.</summary>
    internal IReadOnlyList<MomentBlock> Groups => _groups;

    /// <summary>All groups as one.</summary>
    internal MomentBlock Total => _total.Value;

    /// <summary>The moments of all rows together, in one fold.</summary>
    public Moments ToMoments() => new([Total], FeatureColumnName, LabelColumnName, _featureNames);

    /// <summary>The moments of one group, in one fold.</summary>
    /// <param name="groupName">One of <see cref="GroupNames"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such group.</exception>
    public Moments ToMoments(string groupName)
    {
        ArgumentNullException.ThrowIfNull(groupName);
        var at = Array.IndexOf(_names, groupName);
        return at < 0
            ? throw new KeyNotFoundException(
            $"There is no group '{groupName}' in column '{GroupColumnName}'; there are {_names.Length}, the first of them '{_names[0]}'.")
            : new([_groups[at]], FeatureColumnName, LabelColumnName, _featureNames);
    }

    /// <summary>All groups but one: the source of a target that is itself one of the groups.</summary>
    /// <param name="groupName">One of <see cref="GroupNames"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such group.</exception>
    /// <exception cref="InvalidOperationException">It is the only one.</exception>
    public GroupedMoments Without(string groupName)
    {
        ArgumentNullException.ThrowIfNull(groupName);
        var at = Array.IndexOf(_names, groupName);
        if (at < 0)
        {
            throw new KeyNotFoundException($"There is no group '{groupName}' in column '{GroupColumnName}'; there are {_names.Length}, the "
                + $"first of them '{_names[0]}'.");
        }

        return _names.Length == 1
            ? throw new InvalidOperationException($"'{groupName}' is the only group: without it there is no source.")
            : new(
                [.. _names.Where((_, g) => g != at)], [.. _groups.Where((_, g) => g != at)], GroupColumnName, FeatureColumnName,
                LabelColumnName, _featureNames);
    }

    /// <summary>The groups of both; rows of a group that both have are put together.</summary>
    /// <param name="other">Moments of other rows of the same columns.</param>
    /// <returns>New moments; neither of the two is changed.</returns>
    /// <exception cref="ArgumentException">Features or columns differ; the message says in what.</exception>
    public GroupedMoments Merge(GroupedMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireSame("the group column", GroupColumnName, other.GroupColumnName);
        RequireSame("the feature column", FeatureColumnName, other.FeatureColumnName);
        RequireSame("the label column", LabelColumnName, other.LabelColumnName);
        if (FeatureCount != other.FeatureCount)
        {
            throw new ArgumentException(
                $"Moments of {FeatureCount} and of {other.FeatureCount} features (column '{FeatureColumnName}') cannot be merged. "
                + "Compute both behind the same fitted featuriser.", nameof(other));
        }

        for (var j = 0; j < Math.Min(_featureNames.Length, other._featureNames.Length); j++)
        {
            RequireSame($"feature {j}", _featureNames[j], other._featureNames[j]);
        }

        var (names, groups) = (_names.ToList(), _groups.ToList());
        var places = Enumerable.Range(0, names.Count).ToDictionary(g => names[g], g => g, StringComparer.Ordinal);
        for (var g = 0; g < other._names.Length; g++)
        {
            if (places.TryGetValue(other._names[g], out var at))
            {
                groups[at] = MomentBlock.Merge([groups[at], other._groups[g]], FeatureCount);
            }
            else
            {
                names.Add(other._names[g]);
                groups.Add(other._groups[g]);
            }
        }

        return new(
            [.. names], [.. groups], GroupColumnName, FeatureColumnName, LabelColumnName,
            _featureNames.Length > 0 ? _featureNames : other._featureNames);
    }

    /// <summary>Writes all groups to one file: beside it first, then moved to its place, so that a failure leaves what was there.</summary>
    /// <param name="path">The file. One that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => GroupedMomentsFile.Save(this, path);

    /// <summary>Writes all groups to a stream, which stays open.</summary>
    /// <param name="stream">Where to.</param>
    public void Save(Stream stream) => GroupedMomentsFile.Write(this, stream);

    /// <summary>Reads grouped moments that were saved.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The same numbers to the last bit.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is not one of grouped moments, is damaged or cut off, or comes from a newer
    /// version.</exception>
    public static GroupedMoments Load(string path) => GroupedMomentsFile.Load(path);

    /// <summary>Reads grouped moments that were saved, and leaves the stream behind them.</summary>
    /// <param name="stream">Where from.</param>
    /// <returns>The same numbers to the last bit.</returns>
    /// <exception cref="FormatException">The stream does not hold grouped moments, is damaged or cut off, or comes from a newer
    /// version.</exception>
    public static GroupedMoments Load(Stream stream) => GroupedMomentsFile.Read(stream, "The stream");

    /// <summary>One line for a log.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} rows in {_names.Length} groups of column '{GroupColumnName}', {FeatureCount} features: "
        + $"{8.0 * FeatureCount * FeatureCount * _names.Length / (1 << 20):0.0} MB.");

    private static void RequireSame(string what, string mine, string theirs)
    {
        if (mine != theirs)
        {
            throw new ArgumentException($"Moments in which {what} is '{mine}' and '{theirs}' cannot be merged. Compute both from the same "
                + $"columns, behind the same fitted featuriser.");
        }
    }
}
