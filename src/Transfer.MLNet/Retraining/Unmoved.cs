using Microsoft.ML;
using Transfer.MLNet.Models;

namespace Transfer.MLNet.Retraining;

/// <summary>What can be done instead with a model that cannot be moved.</summary>
internal static class Unmoved
{
    private static readonly (string Model, string Instead)[] _models =
    [
        ("FieldAwareFactorizationMachineModelParameters",
            "Its score has products of latent factors, which L2-SP does not move. ML.NET trains it further from where it stands: "
                + "Fit(rows, validationRows, modelParameters: model)."),
        ("NaiveBayesMulticlassModelParameters",
            "It is counts of features in classes. Train it on the rows of both tasks, or train LbfgsMaximumEntropy on the source, which "
                + "can be moved."),
        ("PriorModelParameters", "It is the share of true among the labels and has no weights. Train it on the new rows: "
            + "ml.BinaryClassification.Trainers.Prior."),
        ("LdSvmModelParameters", "Its score is a product of several linear maps. Train LinearSvm on the source, which can be moved, or "
            + "LdSvm on the rows of both tasks."),
        ("PairwiseCouplingModelParameters",
            "It has a model for each pair of classes, and not all of them are linear. Over a trainer of linear models it can be moved, "
                + "as can OneVersusAll."),
        ("KMeansModelParameters", "It has no label to move to. Train it on the new rows; its distances can be features of a linear "
            + "model that is moved."),
        ("PcaModelParameters", "It has no label to move to. Train it on the new rows; projections "
            + "(ml.Transforms.ProjectToPrincipalComponents) can be features of a linear model that is moved."),
        ("MatrixFactorizationModelParameters", "It has factors of users and items and no features. Train it on the ratings of both tasks."),
    ];

    /// <summary>The complaint about a model without anything to move.</summary>
    public static ArgumentException Complaint(ITransformer model, string parameter)
    {
        var last = PlaceInChain.FindLast(model, t => t is IPredictionTransformer<object> { Model: { } inside }
            && Instead(inside) is not null);
        var advice = last is { Transformer: IPredictionTransformer<object> { Model: { } known } } ? Instead(known)!
            : "Give a model that ends in a linear one, as the trainers Sdca, LbfgsLogisticRegression, LbfgsMaximumEntropy and those of "
            + "this library make, "
                + "or in trees (FastTree, FastForest, Gam, LightGbm) with the package Transfer.MLNet.Trees.";
        return new ArgumentException(
            $"There is no linear predictor in this model ({LayerInChain.Describe(model)}), so there is nothing to fine-tune. {advice} "
                + $"Every trainer of ML.NET is in docs/starting-points.md.", parameter);
    }

    private static string? Instead(object model)
    {
        var name = model.GetType().Name.Split('`')[0];
        return _models.FirstOrDefault(m => m.Model == name).Instead;
    }
}
