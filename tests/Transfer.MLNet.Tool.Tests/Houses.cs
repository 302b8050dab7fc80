using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>
/// Invented sales: a price from two numbers, a kind and a few words. In the target everything counts 0.6 times what it does in the source,
/// so that rho is near 0.6 and there is something to transfer.
/// </summary>
internal static class Houses
{
    private static readonly string[] s_kinds = ["house", "flat", "hut"];
    private static readonly string[] s_words = ["bright", "dark", "quiet", "noisy", "garden", "garage", "cellar", "view"];

    public static string Source(int rows = 400) => Csv(rows, seed: 1, strength: 1);

    public static string Target(int rows = 60) => Csv(rows, seed: 2, strength: 0.6);

    public static string Csv(int rows, int seed, double strength, char delimiter = ',',
        string header = "area,rooms,kind,words,price,dear,band")
    {
        var text = new StringBuilder(header.Replace(',', delimiter)).Append('\n');
        var random = new Random(seed);
        for (var i = 0; i < rows; i++)
        {
            double area = Math.Round(40 + (100 * random.NextDouble()), 1), rooms = random.Next(1, 7);
            var kind = s_kinds[random.Next(3)];
            string[] words = [.. Enumerable.Range(0, 5).Select(_ => s_words[random.Next(8)])];
            var price = (strength * ((2 * (area - 90)) + (10 * (rooms - 3.5)) + (kind == "house" ? 40 : kind == "hut" ? -40 : 0)
                + (words.Contains("garden") ? 15 : 0)))
                + (20 * ((random.NextDouble() * 2) - 1)) + 200;
            text.AppendJoin(delimiter, [
                area.ToString(CultureInfo.InvariantCulture), rooms.ToString(CultureInfo.InvariantCulture), kind,
                    $"\"{string.Join(' ', words)}\"",
                price.ToString("0.###", CultureInfo.InvariantCulture), price > 200 ? "yes" : "no", price > 230 ? "high" : price > 170
                    ? "middle" : "low"]);
            text.Append('\n');
        }

        return text.ToString();
    }
}
