using Microsoft.ML.Data;

namespace Transfer.MLNet.Validation.Guard;

/// <summary>
/// A linear relation of six features, a model of 1,000 rows of it, and batches of 200 rows of a month in which it has moved a little: of
/// numbers with noise, or of truths with that log odds.
/// </summary>
internal sealed class GuardWorld
{
    private const int Features = 6;
    private const int BatchRows = 200;

    private readonly Random _random;
    private readonly double[] _weights;
    private readonly double[] _moved;

    /// <param name="seed">The world.</param>
    /// <param name="drift">Standard deviation of each weight's move, where weights have 1 and the noise has 1.</param>
    public GuardWorld(int seed, double drift)
    {
        _random = new Random(seed);
        _weights = [.. Enumerable.Range(0, Features).Select(_ => Normal())];
        _moved = [.. _weights.Select(w => w + (drift * Normal()))];
    }

    public static IReadOnlyDictionary<string, Action<GuardWorld, List<Row>>> Wrongs { get; } =
        new Dictionary<string, Action<GuardWorld, List<Row>>>
        {
            ["labels in thousands"] = (_, rows) => rows.ForEach(r => r.Label /= 1000),
            ["labels in another unit, 10.8 times"] = (_, rows) => rows.ForEach(r => r.Label *= 10.8f),
            ["labels with another zero, + 32"] = (_, rows) => rows.ForEach(r => r.Label += 32),
            ["labels permuted"] = (world, rows) => world.Permute(rows, rows.Count),
            ["half of the labels permuted"] = (world, rows) => world.Permute(rows, rows.Count / 2),
            ["a fifth of the labels permuted"] = (world, rows) => world.Permute(rows, rows.Count / 5),
            ["features moved by 3 standard deviations"] = (_, rows) => rows.ForEach(r => r.Features = [.. r.Features.Select(v => v + 3)]),
            ["one feature times 100"] = (_, rows) => rows.ForEach(r => r.Features[0] *= 100),
            ["40 rows five times each"] = (_, rows) =>
                { rows.RemoveRange(40, rows.Count - 40); rows.AddRange([.. rows, .. rows, .. rows, .. rows]); },
            ["100 rows twice"] = (_, rows) => { rows.RemoveRange(100, rows.Count - 100); rows.AddRange([.. rows]); },
            ["only labels above the mean"] = (_, rows) => rows.RemoveAll(r => r.Label < 10),
        };

    public static IReadOnlyDictionary<string, Action<GuardWorld, List<Row>>> WrongTruths { get; } =
        new Dictionary<string, Action<GuardWorld, List<Row>>>
        {
            ["labels the other way round"] = (_, rows) => rows.ForEach(r => r.Truth = !r.Truth),
            ["labels permuted"] = (world, rows) => world.Permute(rows, rows.Count),
            ["half of the labels permuted"] = (world, rows) => world.Permute(rows, rows.Count / 2),
            ["a fifth of the labels permuted"] = (world, rows) => world.Permute(rows, rows.Count / 5),
            ["one class gone"] = (_, rows) => rows.RemoveAll(r => !r.Truth),
            ["features moved by 3 standard deviations"] = (_, rows) => rows.ForEach(r => r.Features = [.. r.Features.Select(v => v + 3)]),
            ["one feature times 100"] = (_, rows) => rows.ForEach(r => r.Features[0] *= 100),
            ["40 rows five times each"] = (_, rows) =>
                { rows.RemoveRange(40, rows.Count - 40); rows.AddRange([.. rows, .. rows, .. rows, .. rows]); },
            ["100 rows twice"] = (_, rows) => { rows.RemoveRange(100, rows.Count - 100); rows.AddRange([.. rows]); },
        };

    public List<Row> Source(int count) => Rows(count, _weights);

    public List<Row> Batch() => Rows(BatchRows, _moved);

    public List<Row> Later(int count) => Rows(count, _moved);

    private void Permute(List<Row> rows, int count)
    {
        var labels = rows.Take(count).Select(r => (r.Label, r.Truth)).ToArray();
        _random.Shuffle(labels);
        for (var i = 0; i < count; i++)
        {
            (rows[i].Label, rows[i].Truth) = labels[i];
        }
    }

    private List<Row> Rows(int count, double[] weights) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var x = Enumerable.Range(0, Features).Select(_ => (float)Normal()).ToArray();
        var signal = x.Zip(weights, (a, b) => a * b).Sum();
        var noise = Normal();

        // The truth from the same draw: its quantile under the logistic distribution, so that the log odds are the signal.
        var share = MathNet.Numerics.Distributions.Normal.CDF(0, 1, noise);
        return new Row { Features = x, Label = (float)(10 + signal + noise), Truth = signal + Math.Log(share / (1 - share)) > 0 };
    })];

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    internal sealed class Row
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool Truth { get; set; }
    }
}
