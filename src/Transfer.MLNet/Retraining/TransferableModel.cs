using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;

namespace Transfer.MLNet.Retraining;

/// <summary>A kind of model, other than those of one linear map, that this package or another of this library knows how to move.</summary>
internal abstract class TransferableModel
{
    /// <summary>The package, and the type in it, by the namespaces of the models that it moves.</summary>
    private static readonly (string[] Namespaces, string Package, string Type)[] _packages =
    [
        (["Microsoft.ML.Trainers.FastTree", "Microsoft.ML.Trainers.LightGbm"], "Transfer.MLNet.Trees",
            "Transfer.MLNet.Trees.Retraining.TransferableTrees"),
    ];

    /// <summary>
    /// The last predictor of a model that is moved otherwise than a linear layer, and what does so. Where the package that moves it is not
    /// there, its name is in the exception.
    /// </summary>
    /// <returns>Null where there is no such predictor, or a linear one comes after it.</returns>
    /// <exception cref="NotSupportedException">The package is not referenced.</exception>
    public static (PlaceInChain Place, TransferableModel Kind)? Find(ITransformer model)
    {
        if (PlaceOf(model, TransferablePairs.IsOf) is { } pairs)
        {
            return (pairs, new TransferablePairs());
        }

        foreach (var (namespaces, package, type) in _packages)
        {
            if (PlaceOf(model, t => IsOf(t, namespaces)) is not { } place)
            {
                continue;
            }

            Assembly assembly;
            try
            {
                assembly = Assembly.Load(package);
            }
            catch (FileNotFoundException e)
            {
                throw new NotSupportedException(
                    $"The model ends in {LayerInChain.Describe(place.Transformer)}, which the package {package} moves. "
                    + $"Reference it beside Transfer.MLNet, of the same version: dotnet add package {package}. See docs/trees.md.", e);
            }

            var kind = assembly.GetType(type) ?? throw new NotSupportedException(
                $"The package {package} that is referenced is of another version than Transfer.MLNet. Reference the same version of both.");
            return (place, (TransferableModel)Activator.CreateInstance(kind)!);
        }

        return null;
    }

    /// <summary>Moves the transformer of a place to rows as they reach it.</summary>
    public abstract (ITransformer Transformer, FineTuneReport Report) Move(
        IHostEnvironment environment, StockLog log, PlaceInChain place, IDataView rows, FineTuneOptions options);

    /// <summary>The same for each of many targets, told apart by a key column of the rows.</summary>
    /// <returns>In the order in which the keys come: how it went, and what was moved; null where it stays as it is.</returns>
    public virtual IReadOnlyList<(FineTunedTarget Report, ITransformer? Moved)> MoveMany(
        IHostEnvironment environment, StockLog log, PlaceInChain place, IDataView rows, string keyColumn, FineTuneManyOptions options) =>
        new TargetByTarget(this, environment, log, place, rows, keyColumn).Run(options.ForOne(), options.CancellationToken);

    /// <summary>The last transformer that is wanted, if no linear layer comes after it.</summary>
    private static PlaceInChain? PlaceOf(ITransformer model, Func<ITransformer, bool> isWanted)
        => PlaceInChain.FindLast(model, isWanted) is { } place && LayerInChain.Find(model)?.Before.Contains(place.Transformer) != true
            ? place : null;

    private static bool IsOf(ITransformer transformer, string[] namespaces)
        => transformer is IPredictionTransformer<object> { Model: { } model } && LinearLayer.Predicts(transformer)
            && IsOf(model, namespaces);

    private static bool IsOf(object model, string[] namespaces) => model switch
    {
        Microsoft.ML.Calibrators.CalibratedModelParametersBase { SubModel: { } inside } => IsOf(inside, namespaces),
        Microsoft.ML.Trainers.OneVersusAllModelParameters each => StockModels.SubModels(each) is { Length: > 0 } models
            && IsOf(models[0], namespaces),
        _ => namespaces.Contains(model.GetType().Namespace),
    };
}
