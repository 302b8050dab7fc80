using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Production;

/// <summary>Rows in periods of time, those of one period together.</summary>
/// <param name="Of">Row by row: its period, from 0 in the order of time; -1 of a row that is left out.</param>
/// <param name="Names">What each period is called.</param>
internal sealed record TimePeriods(int[] Of, string[] Names)
{
    private const int Fewest = 4;
    private const int MostValues = 200;

    public static TimePeriods Divide(IDataView rows, double[] times, bool[] isKept, AdviseRetrainingOptions options)
    {
        var column = rows.Schema[options.TimeColumnName!];
        int[] kept = [.. Enumerable.Range(0, times.Length).Where(i => isKept[i])];
        if (kept.Any(i => double.IsInfinity(times[i])))
        {
            throw new InvalidOperationException(
                $"Row {Array.FindIndex(times, double.IsInfinity)} has an infinite time in column '{options.TimeColumnName}'. "
                + "Mend it, or "
                + "leave the row out.");
        }

        var (least, most) = (kept.Min(i => times[i]), kept.Max(i => times[i]));
        var (key, name) = column.Type is DateTimeDataViewType ? OfDates(least, most, options.PeriodLength)
            : OfNumbers(kept.Select(i => times[i]).Distinct().Count(), least, options);
        double[] keys = [.. kept.Select(i => key(times[i])).Distinct().Order()];
        if (keys.Length < Fewest)
        {
            throw new InvalidOperationException(
                $"The rows reach over {keys.Length} period(s) of column '{options.TimeColumnName}', and fewer than {Fewest} do not tell "
                    + $"what "
                + "retraining is worth. Give rows of a longer time, or a shorter PeriodLength.");
        }

        var place = keys.Index().ToDictionary(k => k.Item, k => k.Index);
        var of = new int[times.Length];
        Array.Fill(of, -1);
        foreach (var i in kept)
        {
            of[i] = place[key(times[i])];
        }

        return new TimePeriods(of, Array.ConvertAll(keys, k => name(k)));
    }

    /// <summary>The rows of the periods from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public bool[] Rows(int first, int last) => Array.ConvertAll(Of, p => p >= first && p <= last);

    private static (Func<double, double> Key, Func<double, string> Name) OfDates(double least, double most, double? length)
    {
        // Times are ticks, rounded to some microseconds.
        var days = (most - least) / TimeSpan.TicksPerDay;
        if (length is null && days > 4 * 31)
        {
            static double Month(double ticks)
            {
                var date = new DateTime((long)ticks);
                return (12 * date.Year) + date.Month - 1;
            }

            return (Month, m => string.Create(CultureInfo.InvariantCulture, $"{(int)m / 12:0000}-{((int)m % 12) + 1:00}"));
        }

        var step = (length ?? (days > 4 * 7 ? 7 : 1)) * TimeSpan.TicksPerDay;
        var first = Math.Floor(least / TimeSpan.TicksPerDay) * TimeSpan.TicksPerDay;
        return (t => Math.Floor((t - first) / step), k => new DateTime((long)(first + (k * step))).ToString("yyyy-MM-dd HH:mm",
            CultureInfo.InvariantCulture).Replace(" 00:00", "", StringComparison.Ordinal));
    }

    private static (Func<double, double> Key, Func<double, string> Name) OfNumbers(
        int values, double least, AdviseRetrainingOptions options)
    {
        static string Name(double number) => number.ToString("R", CultureInfo.InvariantCulture);
        if (options.PeriodLength is { } step)
        {
            return (t => Math.Floor((t - least) / step), k => Name(least + (k * step)));
        }

        return values <= MostValues ? (t => t, Name)
            : throw new ArgumentException(
                $"Column '{options.TimeColumnName}' has {values} values, too many for a period each: set PeriodLength, in its unit.",
                nameof(options));
    }
}
