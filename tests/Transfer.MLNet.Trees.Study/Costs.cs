using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Trees.Study;

/// <summary>What FineTune of 100 trees of 20 leaves costs, by the number of rows.</summary>
internal static class Costs
{
    private const int Features = 10;
    private static readonly int[] _rows = [300, 1_500, 100_000];

    public static void Print()
    {
        var ml = new MLContext(seed: 1);
        var source = Rows(ml, 5_000, seed: 1, shift: 0);
        ITransformer number = ml.Regression.Trainers.LightGbm("Number", numberOfIterations: 100, numberOfLeaves: 20).Fit(source);
        ITransformer flag = ml.BinaryClassification.Trainers.LightGbm("Flag", numberOfIterations: 100, numberOfLeaves: 20).Fit(source);

        // The first of all is the compiler's.
        Run(ml, number, "Number", Rows(ml, 100, seed: 9, shift: 1));
        Run(ml, flag, "Flag", Rows(ml, 100, seed: 9, shift: 1));
        Console.WriteLine("| rows | regression | two classes | processor time | most memory so far |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var count in _rows)
        {
            var target = Rows(ml, count, seed: 2, shift: 1);
            var (ofNumber, cpuOfNumber) = Run(ml, number, "Number", target);
            var (ofFlag, cpuOfFlag) = Run(ml, flag, "Flag", target);
            Console.WriteLine($"| {count:#,0} | {ofNumber:0.0} s | {ofFlag:0.0} s | {cpuOfNumber:0.0} s, {cpuOfFlag:0.0} s | "
                + $"{Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB |");
        }
    }

    private static (double Wall, double Processor) Run(MLContext ml, ITransformer model, string label, IDataView rows)
    {
        var process = Process.GetCurrentProcess();
        var (clock, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        ml.Model.FineTune(model, rows, new() { LabelColumnName = label });
        process.Refresh();
        return (clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - before).TotalSeconds);
    }

    // Steps, a product and noise; the target's are of another height.
    private static IDataView Rows(MLContext ml, int count, int seed, float shift)
    {
        var random = new Random(seed);
        var rows = new Row[count];
        for (var i = 0; i < count; i++)
        {
            float[] x = [.. Enumerable.Range(0, Features).Select(_ => random.NextSingle())];
            var y = ((3 + shift) * x[0]) - (2 * x[1] * x[2]) + (x[3] > 0.5 ? 1 + shift : 0) + (x[4] * x[5]) + random.NextSingle() + shift;
            rows[i] = new() { Features = x, Number = y, Flag = y + random.NextSingle() > 2.2 + (1.5 * shift) };
        }

        return ml.Data.LoadFromEnumerable(rows);
    }

    private sealed class Row
    {
        [VectorType(Costs.Features)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool Flag { get; set; }
    }
}
