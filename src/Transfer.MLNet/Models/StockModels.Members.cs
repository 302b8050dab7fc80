using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace Transfer.MLNet.Models;

/// <summary>
/// What of ML.NET is not public and reached all the same: every accessor of this package. The runtime checks each at its first call.
/// </summary>
internal static partial class StockModels
{
    private static class Members
    {
        private const string Chain = "Microsoft.ML.Data.ITransformerChainAccessor, Microsoft.ML.Data";
        private const string PairPredictors =
            "Microsoft.ML.IDistPredictorProducing`2[[System.Single, System.Private.CoreLib],[System.Single, "
                + "System.Private.CoreLib]][][], Microsoft.ML.Core";
        private const string Cancelable = "Microsoft.ML.Runtime.ICancelable, Microsoft.ML.Core";

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Owner")]
        public static extern TrainCatalogBase Owner(TrainCatalogBase.CatalogInstantiatorBase trainers);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Environment")]
        public static extern IHostEnvironment Environment(TrainCatalogBase catalog);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
        public static extern ref IHostEnvironment Environment(ModelOperationsCatalog catalog);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
        public static extern ref IHostEnvironment Environment(DataOperationsCatalog catalog);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern TransformsCatalog Transforms(IHostEnvironment env);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsCanceled")]
        public static extern bool IsCanceled([UnsafeAccessorType(Cancelable)] object environment);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Transformers")]
        public static extern ITransformer[] Transformers([UnsafeAccessorType(Chain)] object chain);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Scopes")]
        public static extern TransformerScope[] Scopes([UnsafeAccessorType(Chain)] object chain);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern TrainerInfo TrainerInfo(
            bool normalization, bool calibration, bool caching, bool supportValid, bool supportTest, bool supportIncrementalTrain);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern LinearRegressionModelParameters LinearRegression(IHostEnvironment env, in VBuffer<float> weights, float bias);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern PoissonRegressionModelParameters Poisson(IHostEnvironment env, in VBuffer<float> weights, float bias);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern LinearBinaryModelParameters LinearBinary(
            IHostEnvironment env, in VBuffer<float> weights, float bias, ModelStatisticsBase? statistics);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_labelNames")]
        public static extern ref string[]? LabelNames(LinearMulticlassModelParametersBase model);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SubModelParameters")]
        public static extern ImmutableArray<object> SubModels(OneVersusAllModelParameters model);

        // A field of an internal type has no UnsafeAccessor: a reference to it cannot be written down.
        public static FieldInfo Pairs => typeof(PairwiseCouplingModelParameters)
            .GetField("_predictors", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new MissingFieldException(nameof(PairwiseCouplingModelParameters), "_predictors");

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern PairwiseCouplingModelParameters PairwiseCoupling(
            IHostEnvironment env, [UnsafeAccessorType(PairPredictors)] object predictors);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern PlattCalibrator Platt(IHostEnvironment env, double slope, double offset);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern FeatureContributionCalculatingTransformer Contributions(
            IHostEnvironment env, ICalculateFeatureContribution model, string featureColumn, int positive, int negative, bool normalize);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Top")]
        public static extern ref int PositiveContributions(FeatureContributionCalculatingTransformer transformer);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Bottom")]
        public static extern ref int NegativeContributions(FeatureContributionCalculatingTransformer transformer);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Normalize")]
        public static extern ref bool NormalizedContributions(FeatureContributionCalculatingTransformer transformer);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern MaximumEntropyModelParameters MaximumEntropy(
            IHostEnvironment env, VBuffer<float>[] weights, float[] bias, int numClasses, int numFeatures, string[]? labelNames,
                ModelStatisticsBase? statistics);
    }

    // The accessors of a generic type's members must stand in a generic type with the same parameters.
    private static class TransformerMembers<TModel>
        where TModel : class
    {
        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern RegressionPredictionTransformer<TModel> Regression(
            IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern BinaryPredictionTransformer<TModel> Binary(
            IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn, float threshold, string thresholdColumn);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Threshold")]
        public static extern ref float Threshold(BinaryPredictionTransformer<TModel> transformer);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "ThresholdColumn")]
        public static extern ref string ThresholdColumn(BinaryPredictionTransformer<TModel> transformer);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern MulticlassPredictionTransformer<TModel> Multiclass(
            IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn, string labelColumn, string scoreColumn,
                string predictedLabel);
    }

    private static class CalibratedMembers<TSubModel, TCalibrator>
        where TSubModel : class
        where TCalibrator : class, ICalibrator
    {
        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        [return: UnsafeAccessorType("Microsoft.ML.Calibrators.ParameterMixingCalibratedModelParameters`2[[!0],[!1]], Microsoft.ML.Data")]
        public static extern object ParameterMixing(IHostEnvironment env, TSubModel predictor, TCalibrator calibrator);
    }
}
