using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Transfer.MLNet.Rows;

/// <summary>
/// Which rows came before, features and label alike, and whether that can be chance: where features take few values rows are equal without
/// being copies. 16 bytes of SHA-256 a row stand for it.
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

    // How often, and whose row it was first.
    private readonly Dictionary<UInt128, (int Count, int Owner)> _rows = [];
    private readonly Dictionary<UInt128, int> _features = [];
    private readonly Dictionary<double, long> _labels = [];
    private readonly double[] _numbers = new double[featureCount];
    private readonly List<double[]> _sample = [];
    private double _pairs;
    private double _equal;

    /// <summary>Whether there is room for no further row.</summary>
    public bool IsFull => _rows.Count >= Most;

    /// <summary>
    /// Whether the rows that came before are copies. Of two rows with the same features the labels would be equal by chance as often as
    /// those of any two rows, or somewhat more often: ten times that share is not chance. Where labels repeat: ten times as many equal
    /// rows as pairs of different rows agree in the feature in which fewest do.
    /// </summary>
    public bool AreCopies
    {
        get
        {
            double rows = _rows.Count;
            if (labelsRepeat)
            {
                // Different rows with the same value of the feature in which fewest agree.
                var different = (double)_features.Count;
                return _equal > Alike * different * (different - 1) / 2 * LeastAgreement();
            }

            // Each label is equal to itself, which says nothing of two.
            var share = rows > 1 ? (_labels.Values.Sum(n => (double)n * n) - rows) / (rows * (rows - 1)) : 0;
            return _equal > 0 && share <= MostEqualLabels && _equal > Alike * (_pairs - _equal) * share;
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

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(_numbers.AsSpan()), hash);
        var ofFeatures = MemoryMarshal.Read<UInt128>(hash);
        Span<double> withLabel = [0, 0, label + 0.0];
        MemoryMarshal.Write(MemoryMarshal.AsBytes(withLabel), in ofFeatures);
        SHA256.HashData(MemoryMarshal.AsBytes(withLabel), hash);
        ref var same = ref CollectionsMarshal.GetValueRefOrAddDefault(_features, ofFeatures, out _);
        if (labelsRepeat && same == 0 && _sample.Count < MostSampled)
        {
            _sample.Add((double[])_numbers.Clone());
        }

        _pairs += same++;
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, MemoryMarshal.Read<UInt128>(hash), out var known);
        if (known)
        {
            _equal += row.Count++;
            return row.Owner;
        }

        row = (1, owner);
        CollectionsMarshal.GetValueRefOrAddDefault(_labels, label + 0.0, out _)++;
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
}
