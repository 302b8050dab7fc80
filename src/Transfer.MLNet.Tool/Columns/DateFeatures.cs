using System.Globalization;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>
/// What is made of a date, as expressions that ML.NET computes from its ticks (units of 100 ns since the year 1): a trend, standardised,
/// and for each cycle that the dates go through sines and cosines. Each has a standard deviation near 1 and is 0 where the date is missing.
/// All numbers in them are whole: ML.NET reads a decimal point by the culture of the program that loads the model, in German as nothing.
/// </summary>
/// <param name="Parts">The name behind the column's, and the expression of ticks t.</param>
/// <param name="Listing">What was made, for people.</param>
internal sealed record DateFeatures(IReadOnlyList<(string Suffix, string Expression)> Parts, string Listing)
{
    // Of less than this share of a cycle its sine cannot be told from the trend.
    private const double LeastOfYear = 0.5;

    private const double DaysOfYear = 365.2425;

    // The seasons are smooth: two waves in a year and in a day. A week has seven days, which three waves tell apart.
    private const int WavesOfYear = 2;
    private const int WavesOfDay = 2;
    private const int WavesOfWeek = 3;

    // To the last bit: both numbers are exact, and a quotient is rounded once.
    private const string TwoPi = "double(6283185307179586l) / double(1000000000000000l)";

    public static DateFeatures Of(DateStatistics dates)
    {
        List<(string, string)> parts = [(" trend", string.Create(CultureInfo.InvariantCulture,
            $"(t) => t == 0l ? 0f : single(double(t - {dates.MeanTicks}l) / double({Math.Max(Ticks(dates.StandardDeviation), 1)}l))"))];
        List<string> made = ["trend"];
        void Cycle(string name, double days, int waves)
        {
            made.Add($"{name} as a cycle");
            for (var wave = 1; wave <= waves; wave++)
            {
                foreach (var function in new[] { "sin", "cos" })
                {
                    parts.Add(($" {name} {function}{(waves == 1 ? "" : $" {wave}")}", string.Create(CultureInfo.InvariantCulture,
                        $"(t) => t == 0l ? 0f : single(sqrt(double(2l)) * {function}(double({wave}l) * {TwoPi} * double(t) / "
                            + $"double({Ticks(days)}l)))")));
                }
            }
        }

        if (dates.DaysSpanned >= LeastOfYear * DaysOfYear)
        {
            Cycle("year", DaysOfYear, WavesOfYear);
        }

        if (dates.Weekdays > 1 && dates.MonthDays > 2 && dates.DaysSpanned >= 7)
        {
            Cycle("weekday", 7, WavesOfWeek);
        }

        if (dates.HasTimes && dates.Hours > 1)
        {
            Cycle("hour", 1, WavesOfDay);
        }

        return new DateFeatures(parts, string.Join(", ", made));
    }

    private static long Ticks(double days) => (long)Math.Round(days * TimeSpan.TicksPerDay);
}
