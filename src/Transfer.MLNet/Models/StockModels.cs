using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace Transfer.MLNet.Models;

/// <summary>
/// The one place that reaches what ML.NET 5.0.1 keeps internal: constructors of its models and of the transformers around them, the
/// environments behind its catalogs, the parts of a chain. A version of ML.NET without one of these members breaks this file and
/// no other: the member is named in the exception, and each has a test.
/// </summary>
internal static partial class StockModels
{
    /// <summary>The environment behind <c>ml.Regression.Trainers</c> and its like.</summary>
    public static IHostEnvironment EnvironmentOf(TrainCatalogBase.CatalogInstantiatorBase trainers)
        => Reach(() => Members.Environment(Members.Owner(trainers ?? throw new ArgumentNullException(nameof(trainers)))));

    /// <summary>The environment behind <c>ml.Regression</c> and its like.</summary>
    public static IHostEnvironment EnvironmentOf(TrainCatalogBase catalog) => Reach(() => Members.Environment(catalog));

    /// <summary>The environment behind <c>ml.Model</c>.</summary>
    public static IHostEnvironment EnvironmentOf(ModelOperationsCatalog catalog) => Reach(() => Members.Environment(catalog));

    /// <summary>The environment behind <c>ml.Data</c>.</summary>
    public static IHostEnvironment EnvironmentOf(DataOperationsCatalog catalog) => Reach(() => Members.Environment(catalog));

    /// <summary>What <c>ml.Transforms</c> is, in an environment that is known only by its catalogs.</summary>
    public static TransformsCatalog Transforms(IHostEnvironment environment) => Reach(() => Members.Transforms(environment));

    /// <summary>Whether the environment was told to stop everything (by AutoML at the end of a trial's time, for one).</summary>
    public static bool IsCanceled(IHostEnvironment environment) => Reach(() => Members.IsCanceled(environment));

    /// <summary>What a chain consists of; false where the transformer is no chain.</summary>
    public static bool TryOpenChain(ITransformer transformer, out ITransformer[] parts, out TransformerScope[] scopes)
    {
        if (!IsChain(transformer))
        {
            (parts, scopes) = ([], []);
            return false;
        }

        parts = Reach(() => Members.Transformers(transformer));
        scopes = Reach(() => Members.Scopes(transformer));
        return true;
    }

    public static TrainerInfo TrainerInfo(bool normalization, bool calibration, bool caching, bool incrementalTraining)
        => Reach(() => Members.TrainerInfo(normalization, calibration, caching, supportValid: false, supportTest: false,
            incrementalTraining));

    /// <summary>score = bias + w'x.</summary>
    public static LinearRegressionModelParameters LinearRegression(IHostEnvironment environment, float[] weights, float bias)
    {
        var buffer = new VBuffer<float>(weights.Length, weights);
        return Reach(() => Members.LinearRegression(environment, in buffer, bias));
    }

    /// <summary>prediction = exp(bias + w'x).</summary>
    public static PoissonRegressionModelParameters Poisson(IHostEnvironment environment, float[] weights, float bias)
    {
        var buffer = new VBuffer<float>(weights.Length, weights);
        return Reach(() => Members.Poisson(environment, in buffer, bias));
    }

    /// <summary>score = bias + w'x, in log odds.</summary>
    public static LinearBinaryModelParameters LinearBinary(IHostEnvironment environment, float[] weights, float bias)
    {
        var buffer = new VBuffer<float>(weights.Length, weights);
        return Reach(() => Members.LinearBinary(environment, in buffer, bias, statistics: null));
    }

    /// <summary>
    /// A binary model whose probability is the logistic function of its score, as ML.NET's own logistic regression makes it.
    /// </summary>
    public static CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> Calibrated(
        IHostEnvironment environment, LinearBinaryModelParameters model)
        => Reach(() => (CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>)
            CalibratedMembers<LinearBinaryModelParameters, PlattCalibrator>.ParameterMixing(
                environment, model, Members.Platt(environment, slope: -1, offset: 0)));

    /// <summary>One weight vector and one bias a class; names in the order of the keys, or null where they have none.</summary>
    public static MaximumEntropyModelParameters MaximumEntropy(
        IHostEnvironment environment, float[][] weights, float[] biases, int featureCount, string[]? classNames)
    {
        var buffers = Array.ConvertAll(weights, w => new VBuffer<float>(w.Length, w));
        return Reach(() => Members.MaximumEntropy(
            environment, buffers, biases, weights.Length, featureCount, classNames, statistics: null));
    }

    public static RegressionPredictionTransformer<TModel> RegressionTransformer<TModel>(
        IHostEnvironment environment, TModel model, DataViewSchema trainSchema, string featureColumn)
        where TModel : class
        => Reach(() => TransformerMembers<TModel>.Regression(environment, model, trainSchema, featureColumn));

    /// <param name="environment">Where it lives.</param>
    /// <param name="model">What it predicts with.</param>
    /// <param name="trainSchema">The columns of the rows that it was trained on.</param>
    /// <param name="featureColumn">The features among them.</param>
    /// <param name="threshold">Values above it are true.</param>
    /// <param name="thresholdColumn">Whose values: Score or Probability.</param>
    public static BinaryPredictionTransformer<TModel> BinaryTransformer<TModel>(
        IHostEnvironment environment, TModel model, DataViewSchema trainSchema, string featureColumn, float threshold = 0,
            string thresholdColumn = "Score")
        where TModel : class
        => Reach(() => TransformerMembers<TModel>.Binary(environment, model, trainSchema, featureColumn, threshold, thresholdColumn));

    /// <summary>The label column's key values become those of the predicted label.</summary>
    public static MulticlassPredictionTransformer<TModel> MulticlassTransformer<TModel>(
        IHostEnvironment environment, TModel model, DataViewSchema trainSchema, string featureColumn, string labelColumn)
        where TModel : class
        => Reach(() => TransformerMembers<TModel>.Multiclass(
            environment, model, trainSchema, featureColumn, labelColumn, "Score", "PredictedLabel"));

    /// <summary>The names that a multiclass model keeps of its classes; null where it was trained without.</summary>
    public static string[]? LabelNames(LinearMulticlassModelParametersBase model) => Reach(() => Members.LabelNames(model));

    /// <summary>One binary model a class.</summary>
    public static ImmutableArray<object> SubModels(OneVersusAllModelParameters model) => Reach(() => Members.SubModels(model));

    /// <summary>The binary models of a model of pairs: of classes j &lt;= i at i (i + 1) / 2 + j, true for rows of either.</summary>
    public static object[] SubModels(PairwiseCouplingModelParameters model) => Reach(() => (object[])Members.Pairs.GetValue(model)!);

    /// <summary>
    /// A model of pairs, one binary model a pair in the order of <see cref="SubModels(PairwiseCouplingModelParameters)"/>.
    /// </summary>
    public static PairwiseCouplingModelParameters PairwiseCoupling(IHostEnvironment environment, object[] models) => Reach(() =>
    {
        var type = Members.Pairs.FieldType.GetElementType()!;
        var classes = (int)((Math.Sqrt((8 * models.Length) + 1) - 1) / 2);
        var byClass = Array.CreateInstance(type.MakeArrayType(), classes);
        for (var i = 0; i < classes; i++)
        {
            var row = Array.CreateInstance(type, i + 1);
            Array.Copy(models, i * (i + 1) / 2, row, 0, i + 1);
            byClass.SetValue(row, i);
        }

        return Members.PairwiseCoupling(environment, byClass);
    });

    /// <summary>From where on a linear binary transformer says true, and of which column.</summary>
    public static (float Threshold, string Column) ThresholdOf(ITransformer transformer) => transformer switch
    {
        BinaryPredictionTransformer<LinearBinaryModelParameters> plain => Reach(() => (
            TransformerMembers<LinearBinaryModelParameters>.Threshold(plain),
            TransformerMembers<LinearBinaryModelParameters>.ThresholdColumn(plain))),
        BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> calibrated => Reach(() => (
            TransformerMembers<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>.Threshold(calibrated),
            TransformerMembers<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>.ThresholdColumn(calibrated))),
        _ => (0, "Score"),
    };

    /// <summary>Contributions of other weights, otherwise as <paramref name="like"/> gives them.</summary>
    public static FeatureContributionCalculatingTransformer Contributions(
        IHostEnvironment environment, ICalculateFeatureContribution model, string featureColumn,
            FeatureContributionCalculatingTransformer like)
        => Reach(() => Members.Contributions(
            environment, model, featureColumn, Members.PositiveContributions(like), Members.NegativeContributions(like),
                Members.NormalizedContributions(like)));

    /// <summary>
    /// Whether a transformer predicts by trees or by a Gam, told by the namespace of its model: their packages need not be there.
    /// </summary>
    public static bool IsOfTrees(ITransformer transformer) =>
        transformer is IPredictionTransformer<object> { Model: { } model } && LinearLayer.Predicts(transformer) && IsOfTrees(model);

    private static bool IsOfTrees(object model) => model switch
    {
        CalibratedModelParametersBase { SubModel: { } inside } => IsOfTrees(inside),
        OneVersusAllModelParameters each => SubModels(each) is { Length: > 0 } models && IsOfTrees(models[0]),
        _ => model.GetType().Namespace is "Microsoft.ML.Trainers.FastTree" or "Microsoft.ML.Trainers.LightGbm",
    };

    private static bool IsChain(ITransformer transformer)
    {
        var type = transformer.GetType();
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(TransformerChain<>);
    }

    private static T Reach<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException)
        {
            throw new NotSupportedException(
                $"Transfer.MLNet reaches members of ML.NET 5.0.1 that the version loaded here "
                    + $"({typeof(MLContext).Assembly.GetName().Version}) does not have: "
                + $"{e.Message} Reference Microsoft.ML 5.0.1, or a version of Transfer.MLNet made for yours.", e);
        }
    }
}
