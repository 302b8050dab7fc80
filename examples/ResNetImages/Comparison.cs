using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

namespace ResNetImages;

/// <summary>Few own images with and without a source: five draws of each size, judged by the later images.</summary>
internal static class Comparison
{
    private const int Draws = 5;

    public static void Run(MLContext ml, string folder, int[] sizes)
    {
        var features = new Features(ml);
        var (source, own, later) = (features.Of(Path.Combine(folder, "source")), features.All(Path.Combine(folder, "own")),
            features.Of(Path.Combine(folder, "later")));
        var trainers = ml.MulticlassClassification.Trainers;
        var asItIs = trainers.L2SpMaximumEntropy().Fit(source);
        Console.WriteLine("| images a class | way | accuracy | log-loss | seconds |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var perClass in sizes)
        {
            var draws = Enumerable.Range(0, Draws).Select(seed => ml.Data.Cache(features.WithKeys(Draw(own, perClass, seed)))).ToArray();
            Row(perClass, "own images alone", draws, rows => trainers.L2SpMaximumEntropy().Fit(rows));
            Row(perClass, "source as it is", draws, _ => asItIs);
            Row(perClass, "FineTune", draws, rows => ml.Model.FineTune(asItIs, rows));
            var advice = ml.MulticlassClassification.AdviseTransfer(source, draws[0], new() { SourceTauCount = 7 });
            Row(perClass, $"advised: {advice.Advised.Kind}", draws, rows => advice.Fit(advice.Advised, source, rows));
        }

        void Row(int perClass, string way, IDataView[] draws, Func<IDataView, ITransformer> fit)
        {
            var clock = Stopwatch.StartNew();
            var models = Array.ConvertAll(draws, d => fit(d));
            var seconds = clock.Elapsed.TotalSeconds / draws.Length;
            var judged = Array.ConvertAll(models, m => ml.MulticlassClassification.Evaluate(m.Transform(later)));
            Console.WriteLine($"| {perClass} | {way} | {Mean(judged, m => m.MicroAccuracy)} | {Mean(judged, m => m.LogLoss)} | "
                + $"{seconds:0.0} |");
        }
    }

    // A mean over the draws and its standard error.
    private static string Mean(MulticlassClassificationMetrics[] judged, Func<MulticlassClassificationMetrics, double> of)
    {
        var values = Array.ConvertAll(judged, m => of(m));
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length);
        return $"{mean:0.000} ± {error:0.000}";
    }

    private static Kept[] Draw(IReadOnlyList<Kept> all, int perClass, int seed)
    {
        Kept[] shuffled = [.. all];
        new Random(seed).Shuffle(shuffled);
        return [.. shuffled.GroupBy(k => k.Label).SelectMany(g => g.Take(perClass))];
    }
}
