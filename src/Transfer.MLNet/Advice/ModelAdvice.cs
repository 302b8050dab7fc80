using System.Reflection;
using Microsoft.ML;
using Transfer.MLNet.Models;

namespace Transfer.MLNet.Advice;

/// <summary>Advice from a given model that is not linear, by the package of this library that moves such models.</summary>
internal abstract class ModelAdvice
{
    private const string TreesPackage = "Transfer.MLNet.Trees";
    private const string TreesType = "Transfer.MLNet.Trees.Advice.TreeAdvice";

    /// <summary>The last predictor of a model of trees, and what advises on it; null where the last predictor is no such model.</summary>
    /// <exception cref="NotSupportedException">The package is not referenced.</exception>
    public static (PlaceInChain Place, ModelAdvice Kind)? Find(ITransformer model)
    {
        if (PlaceInChain.FindLast(model, StockModels.IsOfTrees) is not { } place
            || (LayerInChain.Find(model) is { } linear && linear.Before.Contains(place.Transformer)))
        {
            return null;
        }

        try
        {
            var kind = Assembly.Load(TreesPackage).GetType(TreesType) ?? throw new NotSupportedException(
                $"The package {TreesPackage} that is referenced is of another version than Transfer.MLNet. Reference the same version "
                    + $"of both.");
            return (place, (ModelAdvice)Activator.CreateInstance(kind)!);
        }
        catch (FileNotFoundException e)
        {
            throw new NotSupportedException(
                $"The model ends in {LayerInChain.Describe(place.Transformer)}, on which the package {TreesPackage} advises. "
                + $"Reference it beside Transfer.MLNet, of the same version: dotnet add package {TreesPackage}. See docs/trees.md.", e);
        }
    }

    /// <summary>The ways to move the model to the target's rows, and which is advised.</summary>
    /// <param name="catalog">ml.Regression, ml.BinaryClassification or ml.MulticlassClassification.</param>
    /// <param name="place">The model's place in its chain.</param>
    /// <param name="target">The target's rows as the chain takes them, or with the features that the model reads.</param>
    /// <param name="question">Columns, seed, threads.</param>
    public abstract TransferAdvice Advise(TrainCatalogBase catalog, PlaceInChain place, IDataView target, ModelQuestion question);
}

/// <summary>What is asked of a given model.</summary>
/// <param name="Label">The column that is predicted.</param>
/// <param name="Weight">How much a row counts; null where all count the same.</param>
/// <param name="Seed">Draws folds and samples.</param>
/// <param name="Threads">Null: one to each processor.</param>
/// <param name="Cancellation">Ends it.</param>
internal sealed record ModelQuestion(string Label, string? Weight, int Seed, int? Threads, CancellationToken Cancellation)
{
    public static ModelQuestion Of(AdviceOptions options) => options.Task == AdvisedTask.Count
        ? throw new ArgumentException(
            "A model of trees is advised on by squared errors. Ask with Task = AdvisedTask.Regression, or give a linear model of counts.",
            nameof(options))
        : options.ClusterColumnName is { } cluster
        ? throw new ArgumentException(
            $"ClusterColumnName is '{cluster}', but a model of trees is judged by single rows. Leave it out, and one row of each "
                + $"cluster in.", nameof(options))
        : new(options.LabelColumnName, options.ExampleWeightColumnName, options.Seed, options.NumberOfThreads, options.CancellationToken);

    public static ModelQuestion Of(ClassifierAdviceOptions options) => new(
        options.LabelColumnName, options.ExampleWeightColumnName, options.Seed, options.NumberOfThreads, options.CancellationToken);
}
