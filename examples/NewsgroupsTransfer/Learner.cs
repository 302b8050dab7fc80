using Microsoft.ML;
using Transfer.MLNet;

namespace NewsgroupsTransfer;

/// <summary>A model that was trained.</summary>
/// <param name="Model">Stock ML.NET.</param>
/// <param name="Weights">Its weights, for others to start from.</param>
/// <param name="Tau">The tau it was trained with.</param>
internal sealed record Trained(ITransformer Model, StartingPoint Weights, double Tau);

/// <summary>How good a model is on posts it has not seen.</summary>
/// <param name="Accuracy">Between 0 and 1.</param>
/// <param name="LogLoss">In nats; of two classes and of several alike. (ML.NET's evaluators give bits for two and nats for
/// several.)</param>
internal sealed record Quality(double Accuracy, double LogLoss);

/// <summary>Trains and judges classifiers of one kind.</summary>
internal abstract class Learner(MLContext ml)
{
    protected MLContext Ml { get; } = ml;

    /// <summary>For as many classes as the pairing has.</summary>
    public static Learner For(Pairing pairing) => pairing.Classes.Count == 2
        ? new BinaryLearner(new MLContext(seed: 1))
        : new MulticlassLearner(new MLContext(seed: 1), pairing);

    /// <param name="posts">To train on.</param>
    /// <param name="start">What the weights are pulled to; null is to zero.</param>
    /// <param name="scale">What the start is multiplied by.</param>
    /// <param name="tau">Null: chosen by cross-validation on the posts.</param>
    /// <param name="threads">The result does not depend on them.</param>
    public abstract Trained Train(
        IReadOnlyList<FeaturisedPost> posts, StartingPoint? start = null, double scale = 1, double? tau = null, int threads = 1);

    /// <summary>Whether and how to start the target from this model of the source, asked of the library.</summary>
    public abstract TransferAdvice Advise(StartingPoint source, IReadOnlyList<FeaturisedPost> target);

    public abstract Quality Judge(ITransformer model, IReadOnlyList<FeaturisedPost> posts);
}
