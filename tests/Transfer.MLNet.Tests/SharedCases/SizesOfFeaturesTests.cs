using Microsoft.ML;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.SharedCases;

/// <summary>Features in farads or in inhabitants: their unit changes tau by its square, and nothing else.</summary>
public class SizesOfFeaturesTests
{
    private readonly MLContext _ml = new(1);

    /// <summary>The case 16 (1e-12), and as far as single precision holds the features and their weights.</summary>
    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e-20)]
    [InlineData(1e-12)]
    [InlineData(1e-11)]
    [InlineData(1e6)]
    [InlineData(1e12)]
    public void An_advice_and_its_fit_are_those_of_features_about_one(double size)
    {
        var plain = _ml.Regression.AdviseTransfer(Rows(200, 1, 1), Rows(60, 2, 1));
        var scaled = _ml.Regression.AdviseTransfer(Rows(200, 1, size), Rows(60, 2, size));

        Assert.Equal(plain.Verdict, scaled.Verdict);
        Assert.Equal(plain.Advised.Kind, scaled.Advised.Kind);
        Assert.All(plain.Ways, way =>
        {
            var same = scaled.Way(way.Kind)!;
            Assert.Equal(way.LeftOutRisk, same.LeftOutRisk, 1e-3 * way.LeftOutRisk);
            // The tau of pooling weighs the source's rows: its metric, their Gram matrix, has the features' unit already.
            if (way.Kind != TransferWayKind.Pooled && way.TargetTau is { } tau && double.IsFinite(tau))
            {
                Assert.Equal(1, same.TargetTau!.Value / tau / (size * size), 0.05);
            }
        });
        var (expected, found) = (Scores(plain, 1), Scores(scaled, size));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], 1e-2);
        }
    }

    private float[] Scores(TransferAdvice advice, double size) =>
        SmallRow.Scores(advice.Fit(Rows(60, 2, size)).Transform(Rows(20, 3, size)));

    private IDataView Rows(int count, int seed, double size)
    {
        var rows = SmallRow.Make(count, seed);
        foreach (var row in rows)
        {
            row.Features = [.. row.Features.Select(x => (float)(size * x))];
        }

        return _ml.Data.LoadFromEnumerable(rows);
    }
}
