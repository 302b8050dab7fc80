namespace Transfer.MLNet.Tool.Writing;

/// <summary>A date that is stored as a number: 20260314, or seconds, milliseconds, microseconds or nanoseconds since 1970.</summary>
internal static class NumberDate
{
    private static readonly long s_unix = DateTime.UnixEpoch.Ticks;

    // From each size on a number of seconds would lie beyond the year 5138, and the next smaller unit is meant.
    private const double MostSeconds = 1e11;

    /// <summary>Whether a number is a day of the years 1800 to 2200 written as eight digits.</summary>
    public static bool IsDay(double number, out long ticks)
    {
        ticks = 0;
        if (number is < 18000101 or > 22001231 || number != Math.Truncate(number))
        {
            return false;
        }

        var (year, month, day) = ((int)number / 10000, (int)number / 100 % 100, (int)number % 100);
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ticks = new DateTime(year, month, day).Ticks;
        return true;
    }

    /// <summary>False for a number that is no date of the years 1 to 9999.</summary>
    public static bool TryTicks(double number, out long ticks)
    {
        if (IsDay(number, out ticks))
        {
            return true;
        }

        var size = Math.Abs(number);
        var perSecond = size < MostSeconds ? 1 : size < 1000 * MostSeconds ? 1e3 : size < 1e6 * MostSeconds ? 1e6 : 1e9;
        var since = number / perSecond * TimeSpan.TicksPerSecond;
        if (!(since > -(double)s_unix && since < DateTime.MaxValue.Ticks - (double)s_unix))
        {
            return false;
        }

        ticks = s_unix + (long)since;
        return true;
    }
}
