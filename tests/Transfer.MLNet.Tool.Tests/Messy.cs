using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Invented tables as people have them: each column written in its way, the label a sum of what the columns mean.</summary>
internal static class Messy
{
    /// <param name="rows">How many.</param>
    /// <param name="seed">What chance is drawn from.</param>
    /// <param name="day">How a day is written.</param>
    /// <param name="delimiter">What stands between cells.</param>
    /// <param name="label">How the label is written.</param>
    public static string Seasons(int rows, int seed, string day, char delimiter = ',', string label = "0.00")
    {
        var random = new Random(seed);
        var text = new StringBuilder($"day{delimiter}shop{delimiter}sold\n");
        for (var i = 0; i < rows; i++)
        {
            var date = new DateTime(2021, 1, 1).AddDays(random.Next(1000));
            var north = random.Next(2) == 0;
            var sold = 100 + (30 * Math.Sin(2 * Math.PI * date.DayOfYear / 365.25)) + (date.DayOfWeek == DayOfWeek.Saturday ? 25 : 0)
                + (north ? 10 : 0) + (4 * random.NextDouble());
            text.Append(CultureInfo.InvariantCulture, $"{date.ToString(day, CultureInfo.InvariantCulture)}{delimiter}{(north ? "North" : "South")}{delimiter}{sold.ToString(label, CultureInfo.InvariantCulture)}\n");
        }

        return text.ToString();
    }

    /// <summary>One feature, written as <paramref name="write"/> does, and a label that is twice it and some noise.</summary>
    public static string Numbers(Func<double, string> write, int rows = 60, char delimiter = ',', Func<double, string>? label = null)
    {
        var random = new Random(5);
        var text = new StringBuilder($"amount{delimiter}y\n");
        for (var i = 0; i < rows; i++)
        {
            var amount = Math.Round((random.NextDouble() - 0.3) * 5000, 2);
            var y = Math.Round((2 * amount) + random.NextDouble(), 2);
            text.Append(CultureInfo.InvariantCulture,
                $"{write(amount)}{delimiter}{label?.Invoke(y) ?? y.ToString(CultureInfo.InvariantCulture)}\n");
        }

        return text.ToString();
    }
}
