using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Transfer.MLNet.Rows;

/// <summary>
/// Which rows came before, features and label alike, and whether that can be chance: where features take few values rows are equal without
/// being copies. The 128 bits of XXH3 of a row stand for it: of a million rows two different ones share them with a chance of 1.5e-27.
/// </summary>
/// <param name="featureCount">p.</param>
/// <param name="labelsRepeat">Whether labels take few values, as classes and counts do, so that equal ones say nothing: then features
/// must be too many-valued for chance, and at least two.</param>
internal sealed class SeenRows(int featureCount, bool labelsRepeat = false)
{
    /// <summary>More rows than this are not looked through: their prints would take more than 100 MB.</summary>
    public const int Most = 1 << 20;

    /// <summary>What <see cref="Add"/> gives of a row that did not come before.</summary>
    public const int Nobody = -1;

    // Of two labels: where more are equal, rows with equal features have equal labels too often to call them copies.
    private const double MostEqualLabels = 0.05;

    // Labels of equal features are alike, so that more of them are equal than of any two.
    private const double Alike = 10;

    // Rows that features are compared in, to know how often any two agree.
    private const int MostSampled = 2000;

    // Nearly all rows have features of their own: the first label that came with them lies beside, so that a row is looked up once.
    private readonly Dictionary<UInt128, FirstRow> _features = [];
    private readonly Dictionary<(UInt128 Features, double Label), (int Count, int Owner)> _otherLabels = [];

    // Of each different row.
    private readonly List<double> _labels = [];
    private readonly double[] _numbers = new double[featureCount];
    private readonly List<double[]> _sample = [];
    private double _pairs;
    private double _equal;

    /// <summary>Whether there is room for no further row.</summary>
    public bool IsFull => _labels.Count >= Most;

    /// <summary>
    /// Whether the rows that came before are copies. Of two rows with the same features the labels would be equal by chance as often as
    /// those of any two rows, or somewhat more often: ten times that share is not chance. Where labels repeat: ten times as many equal
    /// rows as pairs of different rows agree in the feature in which fewest do.
    /// </summary>
    public bool AreCopies
    {
        get
        {
            double rows = _labels.Count;
            if (labelsRepeat)
            {
                // Different rows with the same value of the feature in which fewest agree.
                var different = (double)_features.Count;
                return _equal > Alike * different * (different - 1) / 2 * LeastAgreement();
            }

            if (_equal == 0)
            {
                return false;
            }

            // Each label is equal to itself, which says nothing of two.
            var share = rows > 1 ? (_labels.CountBy(y => y).Sum(g => (double)g.Value * g.Value) - rows) / (rows * (rows - 1)) : 0;
            return share <= MostEqualLabels && _equal > Alike * (_pairs - _equal) * share;
        }
    }

    /// <summary>Adds a row.</summary>
    /// <param name="features">p.</param>
    /// <param name="label">y.</param>
    /// <param name="owner">Whose it is, from 0.</param>
    /// <returns>Whose row the same features and label were first; <see cref="Nobody"/> where they did not come before.</returns>
    public int Add(ReadOnlySpan<double> features, double label, int owner = 0)
    {
        for (var j = 0; j < _numbers.Length; j++)
        {
            // -0 is 0.
            _numbers[j] = features[j] + 0.0;
        }

        var ofFeatures = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(_numbers.AsSpan()));
        label += 0.0;
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_features, ofFeatures, out var known);
        _pairs += first.Rows++;
        if (!known)
        {
            (first.Label, first.Count, first.Owner) = (label, 1, owner);
            _labels.Add(label);
            if (labelsRepeat && _sample.Count < MostSampled)
            {
                _sample.Add((double[])_numbers.Clone());
            }

            return Nobody;
        }

        if (first.Label.Equals(label))
        {
            _equal += first.Count++;
            return first.Owner;
        }

        ref var other = ref CollectionsMarshal.GetValueRefOrAddDefault(_otherLabels, (ofFeatures, label), out known);
        if (known)
        {
            _equal += other.Count++;
            return other.Owner;
        }

        other = (1, owner);
        _labels.Add(label);
        return Nobody;
    }

    /// <summary>Of two different rows the share that agree in the feature in which fewest do.</summary>
    private double LeastAgreement()
    {
        double n = _sample.Count;
        if (n < 2 || featureCount < 2)
        {
            return 1;
        }

        var least = 1.0;
        for (var j = 0; j < featureCount; j++)
        {
            var agreeing = _sample.CountBy(row => row[j]).Sum(g => (double)g.Value * (g.Value - 1) / 2);
            least = Math.Min(least, agreeing / (n * (n - 1) / 2));
        }

        return least;
    }

    /// <summary>Rows with the same features: how many, and of those with the first one's label how many and whose the first was.</summary>
    private struct FirstRow
    {
        public int Rows;
        public int Count;
        public int Owner;
        public double Label;
    }
}
