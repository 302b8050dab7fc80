using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;
using Transfer.MLNet.Trees.Ensembles;

namespace Transfer.MLNet.Trees.Boosting;

/// <summary>ML.NET's LightGbm; rates, which it has no loss for, by FastTree.</summary>
/// <param name="ml">Where they live.</param>
internal sealed class LightGbmBooster(MLContext ml) : Booster(ml)
{
    public override string Name => "LightGbm";

    public override IEstimator<ITransformer> Trainer(TreeTask task, string label, string features, string? weight, TreeSize size)
    {
        return task switch
        {
            TreeTask.Rate => new FastTreeBooster(Context).Trainer(task, label, features, weight, size),
            TreeTask.Regression => Context.Regression.Trainers.LightGbm(With(new LightGbmRegressionTrainer.Options
            {
                NumberOfLeaves = size.Leaves,
                MinimumExampleCountPerLeaf = size.RowsOfALeaf,
                NumberOfIterations = Trees,
                LearningRate = LearningRate,
                NumberOfThreads = 1,
            })),
            TreeTask.Binary => Context.BinaryClassification.Trainers.LightGbm(With(new LightGbmBinaryTrainer.Options
            {
                NumberOfLeaves = size.Leaves,
                MinimumExampleCountPerLeaf = size.RowsOfALeaf,
                NumberOfIterations = Trees,
                LearningRate = LearningRate,
                NumberOfThreads = 1,
            })),
            _ => Context.MulticlassClassification.Trainers.LightGbm(With(new LightGbmMulticlassTrainer.Options
            {
                NumberOfLeaves = size.Leaves,
                MinimumExampleCountPerLeaf = size.RowsOfALeaf,
                NumberOfIterations = Trees,
                LearningRate = LearningRate,
                NumberOfThreads = 1,
                UseSoftmax = true,
            })),
        };

        T With<T>(T options)
            where T : TrainerInputBaseWithWeight
        {
            options.LabelColumnName = label;
            options.FeatureColumnName = features;
            options.ExampleWeightColumnName = weight;
            return options;
        }
    }
}
