using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Transfer.MLNet.Trees.Ensembles;

namespace Transfer.MLNet.Trees.Boosting;

/// <summary>ML.NET's FastTree; several classes one against the rest.</summary>
/// <param name="ml">Where they live.</param>
internal sealed class FastTreeBooster(MLContext ml) : Booster(ml)
{
    public override string Name => "FastTree";

    public override IEstimator<ITransformer> Trainer(TreeTask task, string label, string features, string? weight, TreeSize size)
    {
        return task switch
        {
            TreeTask.Regression => Context.Regression.Trainers.FastTree(With(new FastTreeRegressionTrainer.Options())),
            TreeTask.Rate => Context.Regression.Trainers.FastTreeTweedie(With(new FastTreeTweedieTrainer.Options())),
            TreeTask.Binary => Binary(),
            _ => Context.MulticlassClassification.Trainers.OneVersusAll(Binary(), label),
        };

        FastTreeBinaryTrainer Binary() => Context.BinaryClassification.Trainers.FastTree(With(new FastTreeBinaryTrainer.Options()));

        T With<T>(T options)
            where T : BoostedTreeOptions
        {
            options.LabelColumnName = label;
            options.FeatureColumnName = features;
            options.ExampleWeightColumnName = weight;
            options.NumberOfLeaves = size.Leaves;
            options.MinimumExampleCountPerLeaf = size.RowsOfALeaf;
            options.NumberOfTrees = Trees;
            options.NumberOfThreads = 1;
            options.LearningRate = LearningRate;
            return options;
        }
    }
}
