using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>The same rows in memory, in ML.NET's binary file and as text: how much of the time is reading.</summary>
internal static class Sources
{
    public static IEnumerable<SourceShare> Run(Bench bench)
    {
        const int Features = 64;
        var rows = bench.Effort.Choose(1_000_000, 50_000);
        var ml = new MLContext(seed: 1);
        var made = Views.Of(ml, Features, Streaming.Made(rows, Features));
        var (binary, text) = (Path.Combine(bench.Data.Path, "rows.idv"), Path.Combine(bench.Data.Path, "rows.tsv"));
        using (var file = File.Create(binary))
        {
            ml.Data.SaveAsBinary(made, file);
        }

        using (var file = File.Create(text))
        {
            ml.Data.SaveAsText(made, file, separatorChar: '\t', headerRow: false, schema: false, forceDense: true);
        }

        var loader = ml.Data.CreateTextLoader(
            [new("Features", DataKind.Single, 0, Features - 1), new("Label", DataKind.Single, Features)], separatorChar: '\t');
        var cached = ml.Data.Cache(made);
        Streaming.Read(cached);
        (string, IDataView)[] sources =
        [
            ("`ml.Data.Cache`, in memory", cached),
            ("binary file, `LoadFromBinary`", ml.Data.LoadFromBinary(binary)),
            ("text file, `TextLoader`", loader.Load(text)),
        ];
        foreach (var (name, view) in sources)
        {
            // The first pass compiles the loader.
            Streaming.Read(ml.Data.TakeRows(view, 1_000));
            double Median(Action run) => Timing.Quantile(
                [.. Enumerable.Range(0, bench.Effort.Choose(3, 2)).Select(_ => Timing.Of(run))], 0.5);
            yield return new(
                name, rows, Features, Median(() => ml.Regression.ComputeMoments(view, folds: 1)), Median(() => Streaming.Read(view)));
        }
    }
}
