using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

namespace NewsgroupsTransfer;

/// <summary>
/// Of several classes: maximum entropy. The library matches classes by name; these have different names and are paired by position.
/// </summary>
internal sealed class MulticlassLearner(MLContext ml, Pairing pairing) : Learner(ml)
{
    private const double LeastProbability = 1e-30;

    public override Trained Train(IReadOnlyList<FeaturisedPost> posts, StartingPoint? start, double scale, double? tau, int threads)
    {
        string[] names = ClassesOf(posts);
        var trainer = Ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(new L2SpMaximumEntropyTrainer.Options
        {
            StartingPoint = start is null ? null : Renamed(start, names),
            StartingPointScale = scale,
            Tau = tau,
            NumberOfThreads = threads,
        });
        var model = trainer.Fit(View(posts, names), out L2SpClassifierReport report);
        return new Trained(model, StartingPoint.From(model), report.Tau);
    }

    public override TransferAdvice Advise(StartingPoint source, IReadOnlyList<FeaturisedPost> target)
    {
        string[] names = ClassesOf(target);
        return Ml.MulticlassClassification.AdviseTransfer(
            Renamed(source, names), View(target, names), new ClassifierAdviceOptions { TargetTauCount = 7, NumberOfThreads = 1 });
    }

    public override Quality Judge(ITransformer model, IReadOnlyList<FeaturisedPost> posts)
    {
        int right = 0;
        double loss = 0;
        int i = 0;
        foreach (float[] probabilities in model.Transform(FeaturisedPost.View(Ml, posts)).GetColumn<float[]>("Score"))
        {
            int position = posts[i++].Position;
            right += TensorPrimitives.IndexOfMax<float>(probabilities) == position ? 1 : 0;
            loss -= Math.Log(Math.Max(probabilities[position], LeastProbability));
        }

        return new Quality((double)right / posts.Count, loss / posts.Count);
    }

    /// <summary>
    /// The same weights under the names of the classes they are paired with; by their own names nothing would carry over.
    /// </summary>
    private static StartingPoint Renamed(StartingPoint start, string[] names)
    {
        double[][] weights = [.. start.Weights.Chunk(start.FeatureCount)];
        return StartingPoint.From(weights, start.Biases, names);
    }

    /// <summary>Keys in the order of the pairing, so that the number of a class is its position.</summary>
    private IDataView View(IReadOnlyList<FeaturisedPost> posts, string[] names)
    {
        IDataView order = Ml.Data.LoadFromEnumerable(names.Select(n => new ClassName { Value = n }));
        IDataView rows = FeaturisedPost.View(Ml, posts);
        return Ml.Transforms.Conversion.MapValueToKey("Label", nameof(FeaturisedPost.Class), keyData: order).Fit(rows).Transform(rows);
    }

    private string[] ClassesOf(IReadOnlyList<FeaturisedPost> posts)
    {
        string[] source = [.. pairing.Source.Select(PairedClass.NameOf)];
        return source.Contains(posts[0].Class) ? source : [.. pairing.Target.Select(PairedClass.NameOf)];
    }

    private sealed class ClassName
    {
        public string Value { get; set; } = "";
    }
}
