using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Counts with a known truth: y ~ Poisson(e g exp(b + x'w)), x Gaussian, ln e ~ N(0, 0.25), g of mean 1.</summary>
internal sealed class CountRows
{
    public const int Width = 5;

    private readonly Row[] _rows;

    private CountRows(Row[] rows)
    {
        _rows = rows;
    }

    public IReadOnlyList<Row> Rows => _rows;

    /// <param name="count">n.</param>
    /// <param name="weights">w.</param>
    /// <param name="level">b.</param>
    /// <param name="seed">Of everything.</param>
    /// <param name="shape">g is a gamma variable of this shape: counts vary more than Poisson's; null: g = 1.</param>
    public static CountRows Draw(int count, double[] weights, double level, int seed, double? shape = null)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        return new([.. Enumerable.Range(0, count).Select(_ =>
        {
            var x = Enumerable.Range(0, Width).Select(_ => (float)Normal.Sample(random, 0, 1)).ToArray();
            var exposure = (float)Math.Exp(Normal.Sample(random, 0, 0.5));
            var mean = exposure * Math.Exp(level + x.Zip(weights, (a, b) => a * b).Sum());
            var label = Poisson.Sample(random, shape is { } s ? mean * Gamma.Sample(random, s, s) : mean);
            return new Row { Features = x, Exposure = exposure, Label = label };
        })]);
    }

    public CountRows Only(Func<int, bool> wanted) => new([.. _rows.Where((_, i) => wanted(i))]);

    public IDataView View(MLContext ml) => ml.Data.LoadFromEnumerable(_rows);

    public sealed class Row
    {
        public float Label { get; set; }

        public float Exposure { get; set; }

        [VectorType(Width)]
        public float[] Features { get; set; } = [];
    }
}
