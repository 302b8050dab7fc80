namespace Transfer.MLNet.Tool.Writing;

/// <summary>Which of the two comes first where both are numbers, as in 3/4/2026.</summary>
internal enum DateOrder
{
    DayFirst,
    MonthFirst,
}

/// <summary>A date, with a time of day or without, as people and programs write it.</summary>
/// <param name="Ticks">Of <see cref="DateTime"/>: units of 100 ns since the year 1; the clock's time as written, whatever its zone.</param>
/// <param name="Order">The order that the cell can only be read in; null where it says nothing of it.</param>
/// <param name="Either">Whether it can be read in both orders and means different days.</param>
internal readonly record struct WrittenDate(long Ticks, DateOrder? Order, bool Either)
{
    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] s_otherMonths = [
        "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"];
    private static readonly string[] s_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <param name="cell">As it stands in the file.</param>
    /// <param name="order">How 3/4/2026 is read; null where nobody knows, and it is read as month first.</param>
    /// <param name="date">What it is; undefined where false is given back.</param>
    public static bool TryParse(ReadOnlySpan<char> cell, DateOrder? order, out WrittenDate date)
    {
        date = default;
        var rest = cell.Trim();
        if (rest.Length is < 6 or > 48)
        {
            return false;
        }

        SkipWeekday(ref rest);
        if (!Day(ref rest, order, out var year, out var month, out var day, out var only, out var either)
            || year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || !Time(rest, out var time))
        {
            return false;
        }

        date = new WrittenDate(new DateTime(year, month, day).Ticks + time, only, either);
        return true;
    }

    private static void SkipWeekday(ref ReadOnlySpan<char> rest)
    {
        var letters = Letters(rest);
        if (letters >= 3 && s_days.Contains(rest[..3].ToString().ToLowerInvariant())
            && (letters == 3 || rest[..letters].EndsWith("day", StringComparison.OrdinalIgnoreCase)))
        {
            rest = rest[letters..].TrimStart([',', '.', ' ']);
        }
    }

    private static bool Day(ref ReadOnlySpan<char> rest, DateOrder? order, out int year, out int month, out int day, out DateOrder? only,
        out bool either)
    {
        (year, month, day, only, either) = (0, 0, 1, null, false);
        if (Letters(rest) > 0)
        {
            // Jun 12 1998, June 12, 1998, Jun 1998.
            if (!Month(ref rest, out month) || !Number(ref rest, out var second, out var length))
            {
                return false;
            }

            if (length == 4)
            {
                year = second;
                return true;
            }

            day = second;
            rest = rest.TrimStart([',', ' ', '-', '/']);
            return Number(ref rest, out year, out length) && FullYear(ref year, length);
        }

        if (!Number(ref rest, out var a, out var digits))
        {
            return false;
        }

        if (digits == 8)
        {
            (year, month, day) = (a / 10000, a / 100 % 100, a % 100);
            return year is >= 1800 and <= 2200;
        }

        if (rest.Length == 0 || rest[0] is not ('-' or '/' or '.' or ' '))
        {
            return false;
        }

        var separator = rest[0];
        rest = rest[1..].TrimStart();
        if (Letters(rest) > 0)
        {
            // 12 Jun 1998, 12-Jun-98, 12. Juni 1998.
            day = a;
            return digits <= 2 && Month(ref rest, out month) && Number(ref rest, out year, out digits) && FullYear(ref year, digits);
        }

        if (separator == ' ' || !Number(ref rest, out var b, out var digitsOfB) || digitsOfB > 2)
        {
            return false;
        }

        if (digits == 4)
        {
            (year, month) = (a, b);
            if (rest.Length == 0)
            {
                return separator != '.';
            }

            if (rest[0] != separator)
            {
                return false;
            }

            rest = rest[1..];
            return Number(ref rest, out day, out digits) && digits <= 2;
        }

        if (digits > 2 || rest.Length == 0 || rest[0] != separator)
        {
            return false;
        }

        rest = rest[1..];
        if (!Number(ref rest, out year, out digits) || !FullYear(ref year, digits))
        {
            return false;
        }

        if (separator == '.')
        {
            (day, month) = (a, b);
            return true;
        }

        only = a > 12 && b <= 12 ? DateOrder.DayFirst : b > 12 && a <= 12 ? DateOrder.MonthFirst : null;
        either = only is null && a != b;
        (day, month) = (only ?? order) == DateOrder.DayFirst ? (a, b) : (b, a);
        return true;
    }

    private static bool Month(ref ReadOnlySpan<char> rest, out int month)
    {
        var letters = Letters(rest);
        var word = rest[..letters].ToString().ToLowerInvariant();
        month = letters < 3 ? 0 : 1 + Math.Max(
            Array.FindIndex(s_months, m => word.StartsWith(m, StringComparison.Ordinal) && letters <= 9),
            Array.FindIndex(s_otherMonths, m => m.StartsWith(word, StringComparison.Ordinal)));
        rest = rest[letters..].TrimStart(['.', ' ', '-', '/', ',']);
        return month > 0;
    }

    // 98 and 26: as POSIX has it, from 69 on of the last century.
    private static bool FullYear(ref int year, int digits)
    {
        year += digits == 2 ? (year >= 69 ? 1900 : 2000) : 0;
        return digits is 2 or 4;
    }

    private static bool Time(ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.Length == 0)
        {
            return true;
        }

        if (rest[0] is not ('T' or 't' or ' ' or ',' or ':'))
        {
            return false;
        }

        rest = rest[1..].TrimStart();
        if (!Number(ref rest, out var hour, out var digits) || digits > 2 || rest.Length == 0 || rest[0] != ':')
        {
            return false;
        }

        rest = rest[1..];
        if (!Number(ref rest, out var minute, out digits) || digits > 2)
        {
            return false;
        }

        var second = 0;
        if (rest.Length > 0 && rest[0] == ':')
        {
            rest = rest[1..];
            if (!Number(ref rest, out second, out digits) || digits > 2)
            {
                return false;
            }

            if (rest.Length > 1 && rest[0] is '.' or ',')
            {
                rest = rest[1..];
                var unit = TimeSpan.TicksPerSecond;
                for (; rest.Length > 0 && char.IsAsciiDigit(rest[0]); rest = rest[1..])
                {
                    unit /= 10;
                    ticks += unit * (rest[0] - '0');
                }
            }
        }

        rest = rest.TrimStart();
        if (rest.StartsWith("AM", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("PM", StringComparison.OrdinalIgnoreCase))
        {
            hour = (hour % 12) + (rest[0] is 'p' or 'P' ? 12 : 0);
            rest = rest[2..].TrimStart();
        }

        // A second that was put in belongs to its day, and behind the last day of all there is none.
        ticks = Math.Min(TimeSpan.TicksPerDay - 1, ticks + (((hour * 3600L) + (minute * 60) + second) * TimeSpan.TicksPerSecond));
        return hour < 24 && minute < 60 && second < 61 && IsZone(rest);
    }

    private static bool IsZone(ReadOnlySpan<char> rest) =>
        rest.Length == 0 || (rest.Length <= 6
            && (rest[0] is '+' or '-' ? !rest[1..].ContainsAnyExceptInRange('0', ':') : !rest.ContainsAnyExceptInRange('A', 'Z')));

    private static int Letters(ReadOnlySpan<char> rest)
    {
        var count = 0;
        while (count < rest.Length && char.IsLetter(rest[count]))
        {
            count++;
        }

        return count;
    }

    private static bool Number(ref ReadOnlySpan<char> rest, out int number, out int digits)
    {
        number = digits = 0;
        while (digits < rest.Length && digits < 9 && char.IsAsciiDigit(rest[digits]))
        {
            number = (number * 10) + (rest[digits] - '0');
            digits++;
        }

        rest = rest[digits..];
        return digits > 0;
    }
}
