using System.Text.Json;
using Transfer.MLNet.Networks.Training;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Training;

/// <summary>Steps against PyTorch's optimizers of the same names (Reference/optimizers.py), L2-SP and weight decay included.</summary>
public class UpdateRuleTests
{
    [Theory]
    [InlineData("sgd")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void Twenty_steps_end_where_PyTorchs_end(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Reference.Path("optimizers.json")));
        float[] Numbers(string key) => [.. file.RootElement.GetProperty(key).EnumerateArray().Select(e => e.GetSingle())];
        var (weights, a, b, start) = (Numbers("weights"), Numbers("a"), Numbers("b"), Numbers("start"));
        var rule = name switch
        {
            "sgd" => NetworkOptimizer.Sgd().Rule,
            "nesterov" => NetworkOptimizer.Sgd(nesterov: true).Rule,
            "adam" => NetworkOptimizer.Adam().Rule,
            _ => NetworkOptimizer.AdamW().Rule,
        };
        var (first, second) = (new float[weights.Length], new float[weights.Length]);

        for (var step = 1; step <= 20; step++)
        {
            var gradient = weights.Select((w, i) => (a[i] * (w - b[i])) + MathF.Cos(w)).ToArray();
            rule.Step(weights, gradient, start, new Penalty(0.3f, 0.01f), first, second, 0.05, step);
        }

        // Single precision here, double there; 19 numbers, so that whole vectors and the rest behind them are both seen.
        Assert.All(Numbers(name).Zip(weights), w => Assert.Equal(w.First, w.Second, 2e-5));
    }

    [Fact]
    public void Without_a_starting_point_nothing_is_pulled()
    {
        foreach (var rule in new[] { NetworkOptimizer.Sgd().Rule, NetworkOptimizer.Adam().Rule, NetworkOptimizer.AdamW().Rule })
        {
            var weights = Enumerable.Range(0, 19).Select(i => (float)i).ToArray();
            rule.Step(weights, new float[19], [], new Penalty(5, 0), new float[19], new float[19], 0.1, 1);
            Assert.Equal(Enumerable.Range(0, 19).Select(i => (float)i), weights);
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Fractions_out_of_their_range_are_refused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkOptimizer.Sgd(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkOptimizer.Adam(beta1: value));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkOptimizer.AdamW(beta2: value));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkOptimizer.Adam(epsilon: 0));
    }
}
