using System.Reflection;
using Microsoft.ML;

namespace Transfer.MLNet.Advice;

/// <summary>
/// Boosted trees, trained by ML.NET on the rows of both tasks and on the target's alone, as ways of an advice that is otherwise linear: by
/// the package of this library that knows trees.
/// </summary>
internal abstract class TreeComparison
{
    private const string TreesPackage = "Transfer.MLNet.Trees";
    private const string TreesType = "Transfer.MLNet.Trees.Advice.RivalTrees";

    /// <summary>What compares; null where it is not wanted.</summary>
    /// <exception cref="NotSupportedException">The package is not referenced.</exception>
    public static TreeComparison? If(bool wanted) => wanted ? Find() : null;

    /// <exception cref="NotSupportedException">The package is not referenced.</exception>
    public static TreeComparison Find()
    {
        try
        {
            var type = Assembly.Load(TreesPackage).GetType(TreesType) ?? throw new NotSupportedException(
                $"The package {TreesPackage} that is referenced is of another version than Transfer.MLNet. Reference the same version "
                    + "of both.");
            return (TreeComparison)Activator.CreateInstance(type)!;
        }
        catch (FileNotFoundException e)
        {
            throw new NotSupportedException(
                $"Boosted trees are trained by way of the package {TreesPackage}. Reference it beside Transfer.MLNet, of the same version "
                + $"(dotnet add package {TreesPackage}), or leave CompareTrees out. See docs/trees.md.", e);
        }
    }

    /// <summary>Where no rows of the source are given.</summary>
    /// <exception cref="ArgumentException">Trees are wanted.</exception>
    public static void RefuseWithoutRows(bool wanted, string options)
    {
        if (wanted)
        {
            throw new ArgumentException(
                "CompareTrees trains boosted trees on the rows of source and target, and the source's rows are not given. Give them in "
                + "place of moments or a model, or leave CompareTrees out.", options);
        }
    }

    /// <summary>The advice with boosted trees among its ways; they are advised where left-out rows say so.</summary>
    /// <param name="advice">What is advised without.</param>
    /// <param name="source">The source's rows.</param>
    /// <param name="target">The target's rows.</param>
    /// <param name="cancellation">Looked at before each training.</param>
    public abstract TransferAdvice Compare(TransferAdvice advice, IDataView source, IDataView target, CancellationToken cancellation);

    /// <summary>Trains one of these ways: the setting is chosen anew by folds of the rows that are given.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="question">Task, columns, seed.</param>
    /// <param name="catalog">Whose environment it lives in.</param>
    /// <param name="source">The source's rows; null where the way does without.</param>
    /// <param name="target">The target's rows.</param>
    public abstract ITransformer Train(
        TransferWayKind kind, AdviceQuestion question, TrainCatalogBase catalog, IDataView? source, IDataView target);
}
