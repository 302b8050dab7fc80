using System.Reflection;
using Microsoft.ML;
using Transfer.MLNet.Trees.Ensembles;

namespace Transfer.MLNet.Trees.Boosting;

/// <summary>Boosted trees as ML.NET trains them: a hundred, with a learning rate of 0.1.</summary>
/// <param name="ml">Where they live.</param>
internal abstract class Booster(MLContext ml)
{
    protected const int Trees = 100;
    protected const double LearningRate = 0.1;
    private const string LightGbmPackage = "Microsoft.ML.LightGbm";

    private static readonly Lazy<bool> _lightGbm = new(() =>
    {
        try
        {
            return Assembly.Load(LightGbmPackage) is not null;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    });

    /// <summary>As ML.NET calls it.</summary>
    public abstract string Name { get; }

    protected MLContext Context => ml;

    /// <summary>LightGbm where the program has its package, else FastTree.</summary>
    public static Booster Of(MLContext ml) => _lightGbm.Value ? LightGbm(ml) : new FastTreeBooster(ml);

    /// <summary>A trainer with one thread, so that the same rows give the same trees.</summary>
    /// <param name="task">What is predicted.</param>
    /// <param name="label">The column that is predicted.</param>
    /// <param name="features">The column that it is predicted from.</param>
    /// <param name="weight">How much a row counts; null where all count the same.</param>
    /// <param name="size">How large a tree may become.</param>
    public abstract IEstimator<ITransformer> Trainer(TreeTask task, string label, string features, string? weight, TreeSize size);

    // A method of its own, so that nothing of the package is looked for where it is not.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static LightGbmBooster LightGbm(MLContext ml) => new(ml);
}
