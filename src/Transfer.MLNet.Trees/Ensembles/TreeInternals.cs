using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers.FastTree;

namespace Transfer.MLNet.Trees.Ensembles;

/// <summary>
/// The one place that reaches what ML.NET 5.0.1 keeps internal of its tree ensembles: their trees, the leaves of a tree, the bins of a
/// Gam, and ml.Model of an environment. A version without one of these members breaks this file
/// and no other: the member is named in the exception, and each has a test.
/// </summary>
internal static class TreeInternals
{
    /// <summary>
    /// The trees of an ensemble in their order. They are the model's own: what is written to them is written to the model.
    /// </summary>
    public static object[] Trees(TreeEnsembleModelParameters model) => Reach(() =>
    {
        var ensemble = Members.TrainedEnsemble(model);
        var trees = new object[Members.TreeCount(ensemble)];
        for (var t = 0; t < trees.Length; t++)
        {
            trees[t] = Members.TreeAt(ensemble, t);
        }

        return trees;
    });

    /// <summary>How many leaves a tree has.</summary>
    public static int LeafCount(object tree) => Reach(() => Members.LeafCount(tree));

    /// <summary>The values of a tree's leaves, for reading and for writing; the array may be longer than there are leaves.</summary>
    public static double[] LeafValues(object tree) => Reach(() => Members.LeafValues(tree));

    /// <summary>The leaf that a row falls into: missing values, categorical splits and all.</summary>
    public static int LeafOf(object tree, in VBuffer<float> features) => Members.LeafOf(tree, in features);

    /// <summary>
    /// The labels that a tree of a FastForest keeps of each leaf, for quantiles: as many a leaf, one leaf after the other. Null where the
    /// forest was
    /// trained without, as ML.NET's public trainers do.
    /// </summary>
    public static ref double[]? LeafSamples(object tree) => ref Members.LeafSamples(tree);

    /// <summary>How many features the model was trained on.</summary>
    public static int FeatureCount(TreeEnsembleModelParameters model) => Reach(() => Members.FeatureCount(model));

    /// <summary>How many features the model was trained on.</summary>
    public static int FeatureCount(GamModelParametersBase model) => Reach(() => Members.FeatureCount(model));

    /// <summary>The effects of a Gam's bins, of each shape function, for reading and for writing.</summary>
    public static double[][] BinEffects(GamModelParametersBase model) => Reach(() => Members.BinEffects(model));

    /// <summary>The upper bounds of a Gam's bins, of each shape function.</summary>
    public static double[][] BinUpperBounds(GamModelParametersBase model) => Reach(() => Members.BinUpperBounds(model));

    /// <summary>Which feature a shape function is of.</summary>
    public static int[] ShapeToInput(GamModelParametersBase model) => Reach(() => Members.ShapeToInput(model));

    /// <summary>The bins (one a shape function) that a row falls into; gives the score.</summary>
    public static double BinsOf(GamModelParametersBase model, in VBuffer<float> features, int[] bins) =>
        Members.BinsOf(model, in features, bins);

    /// <summary>A Gam's intercept, for reading and for writing.</summary>
    public static ref double Bias(GamModelParametersBase model) => ref Members.Bias(model);

    /// <summary>What <c>ml.Model</c> is, in an environment that is known only by its catalogs.</summary>
    public static ModelOperationsCatalog Models(IHostEnvironment environment) => Reach(() => Members.Models(environment));

    private static T Reach<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException)
        {
            throw new NotSupportedException(
                "Transfer.MLNet.Trees reaches members of ML.NET 5.0.1 that the version loaded here "
                + $"({typeof(TreeEnsembleModelParameters).Assembly.GetName().Version}) does not have: {e.Message} "
                + "Reference Microsoft.ML.FastTree 5.0.1, or a version of Transfer.MLNet made for yours.", e);
        }
    }

    private static class Members
    {
        private const string Ensemble = "Microsoft.ML.Trainers.FastTree.InternalTreeEnsemble, Microsoft.ML.FastTree";
        private const string Tree = "Microsoft.ML.Trainers.FastTree.InternalRegressionTree, Microsoft.ML.FastTree";
        private const string QuantileTree = "Microsoft.ML.Trainers.FastTree.InternalQuantileRegressionTree, Microsoft.ML.FastTree";

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TrainedEnsemble")]
        [return: UnsafeAccessorType(Ensemble)]
        public static extern object TrainedEnsemble(TreeEnsembleModelParameters model);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_NumTrees")]
        public static extern int TreeCount([UnsafeAccessorType(Ensemble)] object ensemble);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetTreeAt")]
        [return: UnsafeAccessorType(Tree)]
        public static extern object TreeAt([UnsafeAccessorType(Ensemble)] object ensemble, int index);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_NumLeaves")]
        public static extern int LeafCount([UnsafeAccessorType(Tree)] object tree);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LeafValues")]
        public static extern double[] LeafValues([UnsafeAccessorType(Tree)] object tree);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetLeaf")]
        public static extern int LeafOf([UnsafeAccessorType(Tree)] object tree, in VBuffer<float> features);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_labelsDistribution")]
        public static extern ref double[]? LeafSamples([UnsafeAccessorType(QuantileTree)] object tree);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "NumFeatures")]
        public static extern ref int FeatureCount(TreeEnsembleModelParameters model);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_numInputFeatures")]
        public static extern ref int FeatureCount(GamModelParametersBase model);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_binEffects")]
        public static extern ref double[][] BinEffects(GamModelParametersBase model);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_binUpperBounds")]
        public static extern ref double[][] BinUpperBounds(GamModelParametersBase model);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_shapeToInputMap")]
        public static extern ref int[] ShapeToInput(GamModelParametersBase model);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetFeatureBinsAndScore")]
        public static extern double BinsOf(GamModelParametersBase model, in VBuffer<float> features, int[] bins);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Bias")]
        public static extern ref double Bias(GamModelParametersBase model);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern ModelOperationsCatalog Models(IHostEnvironment env);
    }
}
