using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tests.Solvers.Newton;

/// <summary>Small random classification tasks whose classes overlap; features are multiples of 1/16, exact in single precision.</summary>
internal static class ClassSample
{
    public static double[][] Features(int n, int p, int seed, double density = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ =>
        {
            var shared = Sample.Normal(random);
            return Enumerable.Range(0, p)
                .Select(_ => random.NextDouble() < density ? Math.Round(16 * (0.3 + (0.5 * shared) + Sample.Normal(random))) / 16 : 0)
                .ToArray();
        })];
    }

    public static int[] Labels(double[][] features, int classes, int seed)
    {
        var random = new Random(seed + 1000);
        var p = features[0].Length;
        var truth = Enumerable.Range(0, classes)
            .Select(_ => Enumerable.Range(0, p).Select(_ => Sample.Normal(random) / Math.Sqrt(p)).ToArray()).ToArray();
        return [.. features.Select((x, i) =>
        {
            var scores = truth.Select(w => w.Zip(x, (a, b) => a * b).Sum() - Math.Log(-Math.Log(random.NextDouble()))).ToArray();
            return i < classes ? i : Array.IndexOf(scores, scores.Max());
        })];
    }

    public static ClassRows Rows(
        int n, int p, int classes, int seed, bool sparse = false, bool weighted = false, double density = 1, bool softmax = false)
    {
        var features = Features(n, p, seed, density);
        var random = new Random(seed + 2000);
        return new ClassRows(
            Designs.Of(features, sparse),
            Labels(features, classes, seed),
            classes,
            weighted ? [.. features.Select(_ => 0.2 + (3 * random.NextDouble()))] : null,
            softmax: softmax);
    }

    public static Start Start(ClassRows rows, int seed)
    {
        var random = new Random(seed);
        return new(
            [.. Enumerable.Range(0, rows.FeatureCount * rows.Outputs).Select(_ => Sample.Normal(random) / Math.Sqrt(rows.FeatureCount))],
            [.. Enumerable.Range(0, rows.Outputs).Select(_ => Sample.Normal(random))]);
    }
}
