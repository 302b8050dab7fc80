using Microsoft.ML.Data;

namespace Transfer.MLNet.Tests.Production;

/// <summary>Rows of a linear relation that moves, and what can go wrong with a batch of them.</summary>
internal sealed class Batch
{
    public const int Width = 6;

    private readonly Random _random;
    private readonly double[] _weights;

    public Batch(int seed)
    {
        _random = new Random(seed);
        _weights = [.. Enumerable.Range(0, Width).Select(_ => Normal())];
    }

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    public Row[] Rows(int count, double moved = 0, int firstDay = 0) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var x = Enumerable.Range(0, Width).Select(_ => (float)Normal()).ToArray();
        var signal = x.Select((v, j) => v * (_weights[j] + (moved * (j % 2 == 0 ? 1 : -1)))).Sum();
        var label = 10 + signal + Normal();
        return new Row { Features = x, Label = (float)label, Price = (float)Math.Exp(label / 4), Big = signal + Normal() > 0, Day = firstDay
            + i };
    })];

    public void Permute(Row[] rows)
    {
        var labels = rows.Select(r => r.Label).ToArray();
        _random.Shuffle(labels);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Label = labels[i];
        }
    }

    public sealed class Row
    {
        [VectorType(Width)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Price { get; set; }

        public bool Big { get; set; }

        public float Day { get; set; }

        public float Weight { get; set; } = 1;
    }
}
