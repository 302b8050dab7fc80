namespace Transfer.MLNet.Tool.Columns;

/// <summary>Of a column's dates: how far they reach, and which parts of them vary.</summary>
internal sealed class DateStatistics
{
    private long _first;
    private double _sum;
    private double _squares;
    private int _weekdays;
    private int _hours;
    private int _monthDays;

    public long Count { get; private set; }

    public long Least { get; private set; } = long.MaxValue;

    public long Most { get; private set; } = long.MinValue;

    public bool HasTimes { get; private set; }

    public int Weekdays => System.Numerics.BitOperations.PopCount((uint)_weekdays);

    public int Hours => System.Numerics.BitOperations.PopCount((uint)_hours);

    /// <summary>How many days of the month occur: one or two where there is one date a month.</summary>
    public int MonthDays => System.Numerics.BitOperations.PopCount((uint)_monthDays);

    public double DaysSpanned => Count == 0 ? 0 : (double)(Most - Least) / TimeSpan.TicksPerDay;

    public long MeanTicks => _first + (long)(_sum / Count * TimeSpan.TicksPerDay);

    /// <summary>In days.</summary>
    public double StandardDeviation => Math.Sqrt(Math.Max(0, (_squares - (_sum * _sum / Count)) / Count));

    public void Add(long ticks, long times)
    {
        if (Count == 0)
        {
            _first = ticks;
        }

        Count += times;
        Least = Math.Min(Least, ticks);
        Most = Math.Max(Most, ticks);
        var delta = (double)(ticks - _first) / TimeSpan.TicksPerDay;
        _sum += times * delta;
        _squares += times * delta * delta;
        var date = new DateTime(ticks);
        HasTimes |= date.TimeOfDay != default;
        _weekdays |= 1 << (int)date.DayOfWeek;
        _hours |= 1 << date.Hour;
        _monthDays |= 1 << date.Day;
    }
}
