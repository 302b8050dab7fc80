using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

namespace NewsgroupsTransfer;

/// <summary>Of two classes: logistic regression. The classes of source and target are the same two.</summary>
internal sealed class BinaryLearner(MLContext ml) : Learner(ml)
{
    public override Trained Train(IReadOnlyList<FeaturisedPost> posts, StartingPoint? start, double scale, double? tau, int threads)
    {
        var trainer = Ml.BinaryClassification.Trainers.L2SpLogisticRegression(new L2SpLogisticRegressionTrainer.Options
        {
            StartingPoint = start,
            StartingPointScale = scale,
            Tau = tau,
            NumberOfThreads = threads,
        });
        var model = trainer.Fit(FeaturisedPost.View(Ml, posts), out L2SpClassifierReport report);
        return new Trained(model, model.Model, report.Tau);
    }

    public override TransferAdvice Advise(StartingPoint source, IReadOnlyList<FeaturisedPost> target) =>
        Ml.BinaryClassification.AdviseTransfer(
            source, FeaturisedPost.View(Ml, target), new ClassifierAdviceOptions { TargetTauCount = 9, NumberOfThreads = 1 });

    /// <summary>How to train the source for the target, which only its rows can tell, by the log-loss of left-out target posts alone: rho
    /// of 20,000 words would need the posts as dense rows.</summary>
    public TransferAdvice Advise(IReadOnlyList<FeaturisedPost> source, IReadOnlyList<FeaturisedPost> target) =>
        Ml.BinaryClassification.AdviseTransfer(
            FeaturisedPost.View(Ml, source), FeaturisedPost.View(Ml, target),
                new ClassifierAdviceOptions { HeldBytes = 0, SourceTauCount = 9, TargetTauCount = 9, NumberOfThreads = 1 });

    public override Quality Judge(ITransformer model, IReadOnlyList<FeaturisedPost> posts)
    {
        int right = 0;
        double loss = 0;
        int i = 0;

        // The score is the log odds. Of a probability close to one, what is missing to one has few digits.
        foreach (float score in model.Transform(FeaturisedPost.View(Ml, posts)).GetColumn<float>("Score"))
        {
            bool label = posts[i++].Label;
            right += score > 0 == label ? 1 : 0;
            double margin = label ? score : -(double)score;
            loss += Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
        }

        return new Quality((double)right / posts.Count, loss / posts.Count);
    }
}
