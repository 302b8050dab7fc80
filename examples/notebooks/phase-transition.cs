// phase-transition.ipynb as a program: dotnet run phase-transition.cs
// Made from source/phase-transition.md by the command in README.md: edit that one.
#:project ../../src/Transfer.MLNet/Transfer.MLNet.csproj
#:package ScottPlot
#:property TreatWarningsAsErrors=false
#:property NoWarn=$(NoWarn);CA1050;CA1812;CA1852
#:property PublishAot=false
using Microsoft.ML.Data;
using Microsoft.ML;
using Transfer.MLNet;

// Files are found from this folder, wherever the program is run from.
Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);
Directory.CreateDirectory("pictures");

// # What rho means: the phase transition
//
// Hedges, *Source-Optimal Training Is Transfer-Suboptimal* (TMLR 2026): a source model that is regularised as is best for itself is in general not
// the best starting point for another task. Which way to depart from it depends on one number, the alignment rho = <w0, w1> / |w0|²:
// below 1 the source should be regularised more, above 1 less, and at 0 or below it should not be used.
var ml = new MLContext(seed: 1);

// Two tasks with rho as we like: the target's weights are rho times the source's, and a part at right angles to them. Features are
// independent and of variance 1, as in the theorem.
const int P = 40;
double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
(double[] Source, double[] Target) Truths(double rho)
{
    var random = new Random(7);
    double[] w0 = Enumerable.Range(0, P).Select(_ => Normal(random)).ToArray();
    double length = Math.Sqrt(w0.Sum(x => x * x));
    w0 = w0.Select(x => x / length).ToArray();
    double[] other = Enumerable.Range(0, P).Select(_ => Normal(random)).ToArray();
    double along = other.Zip(w0, (a, b) => a * b).Sum();
    other = other.Zip(w0, (a, b) => a - along * b).ToArray();
    double rest = Math.Sqrt(other.Sum(x => x * x));
    return (w0, w0.Zip(other, (a, b) => rho * a + 0.3 * b / rest).ToArray());
}
IDataView Rows(double[] w, int count, int seed)
{
    var random = new Random(seed);
    var rows = Enumerable.Range(0, count).Select(_ =>
    {
        var x = Enumerable.Range(0, P).Select(_ => (float)Normal(random)).ToArray();
        return new Row { Features = x, Label = (float)(x.Zip(w, (a, b) => a * b).Sum() + Normal(random)) };
    }).ToArray();
    return ml.Data.LoadFromEnumerable(rows);
}

// ## The best source penalty for transfer against the source's own
//
// For each rho: the target's error over the source's penalty, on 20,000 new rows, averaged over ten draws of both tasks. The target's
// penalty is held fixed, as in the paper.
double[] rhos = [0.3, 0.6, 1, 1.5, 2];
double[] taus = Enumerable.Range(0, 13).Select(i => Math.Pow(10, -1.5 + i / 4.0)).ToArray();
double[] Mean(Func<int, double[]> draw) => Enumerable.Range(0, 10).Select(draw).Aggregate((a, b) => a.Zip(b, (x, y) => x + y).ToArray()).Select(x => x / 10).ToArray();
double[] Errors(double rho, Func<int, IDataView, double[], double[]> judge) => Mean(seed =>
{
    var (w0, w1) = Truths(rho);
    return judge(seed, Rows(w0, 120, 100 + seed), w1);
});
double Excess(IReadOnlyList<float> weights, double[] truth) => weights.Zip(truth, (a, b) => (a - b) * (a - b)).Sum();
double[] own = Mean(seed =>
{
    var (w0, _) = Truths(1);
    var rows = Rows(w0, 120, 100 + seed);
    return taus.Select(tau => Excess(ml.Regression.Trainers.L2SpRidge(tau: tau).Fit(rows).Model.Weights, w0)).ToArray();
});
double ownBest = taus[Array.IndexOf(own, own.Min())];
Console.WriteLine($"the source's own best tau: {ownBest:0.00}");
var best = new List<double>();
var curves = new List<double[]>();
foreach (double rho in rhos)
{
    double[] errors = Errors(rho, (seed, source, w1) =>
    {
        var target = Rows(w1, 40, 200 + seed);
        return taus.Select(tau =>
        {
            var start = ml.Regression.Trainers.L2SpRidge(tau: tau).Fit(source).Model;
            return Excess(ml.Regression.Trainers.L2SpRidge(startingPoint: start, tau: 1).Fit(target).Model.Weights, w1);
        }).ToArray();
    });
    curves.Add(errors);
    best.Add(taus[Array.IndexOf(errors, errors.Min())]);
    Console.WriteLine($"rho {rho}: best source tau for transfer {best[^1]:0.00}, error {errors.Min():0.000}; at the source's own best {errors[Array.IndexOf(taus, ownBest)]:0.000}");
}

// Below rho = 1 the best penalty is larger than the source's own, above it smaller:
var plot = new ScottPlot.Plot();
for (int i = 0; i < rhos.Length; i++)
{
    var line = plot.Add.ScatterLine(taus.Select(Math.Log10).ToArray(), curves[i].Select(e => e / curves[i].Min()).ToArray());
    line.LegendText = $"rho = {rhos[i]}";
}
plot.Add.VerticalLine(Math.Log10(ownBest));
plot.Axes.SetLimitsY(0.95, 2);
plot.XLabel("log10 of the source's tau (line: the source's own best)");
plot.YLabel("error on the target, relative to the least");
plot.ShowLegend();
plot.SavePng(Path.Combine("pictures", "phase.png"), 700, 400);

// ## rho is not known, but it can be estimated
//
// The advice estimates it from the rows, with an interval:
foreach (double rho in new[] { -0.5, 0.3, 1, 2 })
{
    var (w0, w1) = Truths(rho);
    TransferAdvice advice = ml.Regression.AdviseTransfer(Rows(w0, 1000, 1), Rows(w1, 100, 2));
    AlignmentEstimate found = advice.Sources[0].Alignment;
    Console.WriteLine($"rho {rho}: estimated {found.Estimate:0.00}, 95 % interval {found.Lower:0.00} to {found.Upper:0.00}; transfer: {advice.Verdict}");
}

class Row
{
    [VectorType(40)]
    public float[] Features { get; set; } = [];
    public float Label { get; set; }
}
