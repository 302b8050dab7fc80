using MathNet.Numerics.Distributions;

namespace Transfer.MLNet.Validation.Retraining;

/// <summary>Rows of the model's time and recent ones, with what makes tests err and with what has changed.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Weights">Standard deviation of what each weight moves by; weights have 1.</param>
/// <param name="Level">What is added to recent labels.</param>
/// <param name="Shift">What is added to the first feature of recent rows, in standard deviations.</param>
/// <param name="Kind">normal, heavy (noise of Student's t with 3 degrees), uneven (noise grows with the first feature), bent (a square that
/// the linear model misses), skewed (log-normal features), two (classes).</param>
/// <param name="Recent">Recent rows.</param>
internal sealed record DriftWorld(string Name, double Weights, double Level, double Shift, string Kind = "normal", int Recent = 200)
{
    private const int Features = RetrainingWorld.Features;

    public static IReadOnlyList<DriftWorld> All { get; } =
    [
        new("nothing", 0, 0, 0),
        new("nothing, 40 recent rows", 0, 0, 0, Recent: 40),
        new("nothing, 2,000 recent rows", 0, 0, 0, Recent: 2000),
        new("nothing, heavy-tailed noise", 0, 0, 0, "heavy"),
        new("nothing, noise that grows with a feature", 0, 0, 0, "uneven"),
        new("nothing, a relation that is not linear", 0, 0, 0, "bent"),
        new("nothing, skewed features", 0, 0, 0, "skewed"),
        new("nothing, two classes", 0, 0, 0, "two"),
        new("weights by 0.1", 0.1, 0, 0),
        new("weights by 0.2", 0.2, 0, 0),
        new("weights by 0.4", 0.4, 0, 0),
        new("weights by 0.4, 40 recent rows", 0.4, 0, 0, Recent: 40),
        new("weights by 0.5, two classes", 0.5, 0, 0, "two"),
        new("labels by 0.25 of the noise", 0, 0.25, 0),
        new("labels by 0.5 of the noise", 0, 0.5, 0),
        new("one feature by 0.25 deviations", 0, 0, 0.25),
        new("one feature by 0.5 deviations", 0, 0, 0.5),
        new("one feature by 0.5, a relation that is not linear", 0, 0, 0.5, "bent"),
    ];

    public (Month[] Source, Month[] Reference, Month[] Recents) Draw(int seed)
    {
        var random = new Random(seed);
        double[] weights = [.. Enumerable.Range(0, Features).Select(_ => Normal.Sample(random, 0, 1))];
        double[] moved = [.. weights.Select(w => w + (Weights * Normal.Sample(random, 0, 1)))];
        return (Rows(random, 1000, weights, 0, 0), Rows(random, 300, weights, 0, 0), Rows(random, Recent, moved, Level, Shift));
    }

    private Month[] Rows(Random random, int count, double[] weights, double level, double shift) =>
    [.. Enumerable.Range(0, count).Select(i =>
    {
        var x = weights.Select(_ => Kind == "skewed" ? LogNormal.Sample(random, 0, 1) : Normal.Sample(random, 0, 1)).ToArray();
        x[0] += shift;
        var noise = Kind == "heavy" ? StudentT.Sample(random, 0, 1, 3) : Normal.Sample(random, 0, 1);
        noise *= Kind == "uneven" ? 0.3 + Math.Abs(x[0]) : 1;
        var label = level + noise + x.Zip(weights, (a, b) => a * b).Sum() + (Kind == "bent" ? x[0] * x[0] : 0);
        return new Month { Features = Array.ConvertAll(x, v => (float)v), Label = (float)label, Time = i * 10 / count };
    })];
}
