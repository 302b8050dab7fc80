using MathNet.Numerics.Distributions;

namespace Transfer.MLNet.Validation.Retraining;

/// <summary>A linear relation that stays, drifts or jumps through 24 months of 60 rows, after a source of 1,000.</summary>
internal sealed class RetrainingWorld
{
    public const int Features = 8;
    private const int Months = 24;
    private const int SourceRows = 1000;
    private const int MonthRows = 60;
    private const double Noise = 2;

    private RetrainingWorld(Month[] source, Month[] recent) => (Source, Recent) = (source, recent);

    public Month[] Source { get; }

    public Month[] Recent { get; }

    /// <summary>Names of the simulated worlds.</summary>
    public static IReadOnlyList<string> Names { get; } = ["slow drift", "a jump", "no drift"];

    public static RetrainingWorld Of(string name, int seed)
    {
        var random = new Random(seed);
        double Draw() => Normal.Sample(random, 0, 1);
        double[] weights = [.. Enumerable.Range(0, Features).Select(_ => Draw())];
        Month[] Rows(int count, float time) => [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [.. weights.Select(_ => (float)Draw())];
            return new Month { Features = x, Time = time, Label = (float)(10 + x.Zip(weights, (a, b) => a * b).Sum() + (Noise * Draw())) };
        })];
        var source = Rows(SourceRows, 0);
        var recent = new List<Month>();
        for (var month = 1; month <= Months; month++)
        {
            var step = name switch
            {
                "slow drift" => 0.2,
                "a jump" when month == Months / 2 => 1.2,
                _ => 0,
            };
            weights = [.. weights.Select(w => w + (step * Draw()))];
            recent.AddRange(Rows(MonthRows, month));
        }

        return new RetrainingWorld(source, [.. recent]);
    }

    /// <summary>
    /// House sales of Ames, Iowa: those of 2006 are the source, months from January 2007 on the recent rows. Label: $1,000.
    /// </summary>
    public static RetrainingWorld Ames(string csv)
    {
        string[] features = ["Lot_Area", "Year_Built", "Year_Remod_Add", "Total_Bsmt_SF", "Gr_Liv_Area", "Garage_Cars", "Full_Bath",
            "Fireplaces"];
        var lines = File.ReadLines(csv).Select(l => l.Split(','));
        var header = lines.First();
        int At(string name) => Array.IndexOf(header, name);
        int[] columns = [.. features.Select(At)];
        var (year, month, price) = (At("Year_Sold"), At("Mo_Sold"), At("Sale_Price"));
        static float Number(string cell) => float.Parse(cell, System.Globalization.CultureInfo.InvariantCulture);
        Month[] rows = [.. lines.Skip(1).Select(c => new Month
        {
            Features = [.. columns.Select(j => Number(c[j]))],
            Label = Number(c[price]) / 1000,
            Time = Math.Max(0, (12 * (Number(c[year]) - 2007)) + Number(c[month])),
        })];

        // In standard deviations, so that one tau is right for all.
        for (var j = 0; j < Features; j++)
        {
            var known = rows.Where(r => r.Time == 0).Select(r => (double)r.Features[j]).ToArray();
            var (mean, deviation) = MathNet.Numerics.Statistics.ArrayStatistics.MeanStandardDeviation(known);
            foreach (var row in rows)
            {
                row.Features[j] = (float)((row.Features[j] - mean) / deviation);
            }
        }

        return new RetrainingWorld([.. rows.Where(r => r.Time == 0)], [.. rows.Where(r => r.Time > 0).OrderBy(r => r.Time)]);
    }
}
