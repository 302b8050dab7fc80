using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>
/// Row (e): a fit in an ML.NET pipeline (normalisation and trainer) on the same view, against ML.NET's own trainers of the same loss. Each
/// of these gets the fewest iterations of a ladder with which its error on held-out rows is within one percent of ours; where none is
/// enough, those with which it is least.
/// </summary>
internal static class Pipelines
{
    private const double EqualError = 1.01;

    public static IEnumerable<Result> Run(Bench bench)
    {
        var (n, p) = (bench.Effort.Choose(100_000, 20_000), 50);
        var truth = bench.Data.WriteTask("e", n, p, seed: 4);
        bench.Data.WriteTask("h", 20_000, p, seed: 5, truth);
        var ml = new MLContext(seed: 1);
        var (train, test) = (ml.Data.Cache(Views.Of(ml, bench.Data.Task("e", p))), Views.Of(ml, bench.Data.Task("h", p)));
        IEstimator<ITransformer> Pipeline(IEstimator<ITransformer> trainer) => ml.Transforms.NormalizeMeanVariance("Features")
            .Append(trainer);
        double Error(IEstimator<ITransformer> pipeline) => ml.Regression.Evaluate(pipeline.Fit(train).Transform(test)).RootMeanSquaredError;
        var ours = Pipeline(ml.Regression.Trainers.L2SpRidge());
        var least = Error(ours);
        var what = FormattableString.Invariant($"fit in a pipeline, n = {n:#,0}, p = {p}, tau by leave-one-out");
        var sdca = new int?[] { 2, 5, 10, 20, null };
        var descent = new int?[] { 1, 3, 10, 30, 100 };
        (string Name, int?[] Ladder, Func<int?, IEstimator<ITransformer>> Make)[] peers =
        [
            ("Sdca", sdca, i => ml.Regression.Trainers.Sdca(
                new SdcaRegressionTrainer.Options { MaximumNumberOfIterations = i, NumberOfThreads = Environment.ProcessorCount })),
            ("OnlineGradientDescent", descent, i => ml.Regression.Trainers.OnlineGradientDescent(numberOfIterations: i!.Value)),
        ];
        foreach (var (name, ladder, make) in peers)
        {
            int? chosen = null;
            var error = double.PositiveInfinity;
            foreach (var iterations in ladder)
            {
                var reached = Error(Pipeline(make(iterations)));
                if (reached < error)
                {
                    (chosen, error) = (iterations, reached);
                }

                if (error <= EqualError * least)
                {
                    break;
                }
            }

            var theirs = Pipeline(make(chosen));
            var timing = Timing.Alternate(() => Timing.Of(() => ours.Fit(train)), () => Timing.Of(() => theirs.Fit(train)), bench.Effort);
            var setting = chosen is { } number ? $"{number} iterations" : "iterations as it chooses";
            yield return new(
                "e", what, $"ML.NET `{name}`, {setting}", timing, 10,
                string.Create(CultureInfo.InvariantCulture, $"held-out error {least:0.0000}, the peer's {error:0.0000}"));
        }
    }
}
