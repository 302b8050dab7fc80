using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>Of a column's numbers: how far they reach, and whether they go up row by row.</summary>
internal sealed class NumberStatistics
{
    // Single has 24 binary digits. Where its steps are more than a thousandth of the spread, digits are lost that tell values apart.
    private const double MostStep = 1e-3;

    private double _first = double.NaN;
    private double _last = double.NaN;
    private double _sum;
    private double _squares;
    private bool _up = true;
    private bool _down = true;

    public long Count { get; private set; }

    public double Least { get; private set; } = double.PositiveInfinity;

    public double Most { get; private set; } = double.NegativeInfinity;

    public bool AllWhole { get; private set; } = true;

    /// <summary>Whether each number is above the one before it, or each below.</summary>
    public bool IsMonotone => Count > 2 && (_up || _down);

    public double Mean => _first + (_sum / Count);

    public double StandardDeviation => Count < 2 ? 0 : Math.Sqrt(Math.Max(0, (_squares - (_sum * _sum / Count)) / Count));

    /// <summary>Whether Single cannot tell the numbers apart as they are, though it could if the mean were subtracted first.</summary>
    public bool LosesDigitsInSingle => Count > 1 && Most > Least && float.IsFinite((float)Most) && float.IsFinite((float)Least)
        && Math.Max(Math.Abs(Most), Math.Abs(Least)) * Math.ScaleB(1, -23) > MostStep * StandardDeviation;

    public void Add(double number, long times = 1)
    {
        if (Count == 0)
        {
            _first = number;
        }

        Count += times;
        Least = Math.Min(Least, number);
        Most = Math.Max(Most, number);
        AllWhole = AllWhole && number == Math.Floor(number);
        var delta = number - _first;
        _sum += times * delta;
        _squares += times * delta * delta;
        if (_up | _down)
        {
            _up &= times == 1 && !(number <= _last);
            _down &= times == 1 && !(number >= _last);
            _last = number;
        }
    }

    /// <summary>Numbers one after the other, as <see cref="Add"/> takes them one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddAll(ReadOnlySpan<double> numbers)
    {
        // While their order may still tell something, and the first number, which the sums are relative to.
        var at = 0;
        for (; at < numbers.Length && (Count == 0 || _up | _down); at++)
        {
            Add(numbers[at]);
        }

        var (first, least, most, sum, squares, whole) = (_first, Least, Most, _sum, _squares, AllWhole);
        Count += numbers.Length - at;
        for (; at < numbers.Length; at++)
        {
            var number = numbers[at];
            least = number < least ? number : least;
            most = number > most ? number : most;
            whole = whole && number == Math.Floor(number);
            var delta = number - first;
            sum += delta;
            squares += delta * delta;
        }

        (Least, Most, _sum, _squares, AllWhole) = (least, most, sum, squares, whole);
    }

    /// <summary>The next file begins: what was the last number is not compared with its first.</summary>
    public void EndFile() => _last = double.NaN;
}
