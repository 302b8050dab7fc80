using Microsoft.ML;

namespace Transfer.MLNet.Advice;

/// <summary>The data that an advice was asked of, kept so that its ways can be trained; null is what was not given.</summary>
/// <param name="Catalog">ml.Regression, ml.BinaryClassification or ml.MulticlassClassification.</param>
/// <param name="FeatureNames">Of the target; empty where they have none.</param>
internal sealed record AdviceOrigin(TrainCatalogBase Catalog, IReadOnlyList<string> FeatureNames)
{
    public IDataView? SourceRows { get; init; }

    public Moments? Moments { get; init; }

    public GroupedMoments? Groups { get; init; }

    public StartingPoint? Model { get; init; }

    /// <summary>Trains a way where another package of this library does so.</summary>
    public Func<TransferWayKind, IDataView, ITransformer>? Train { get; init; }
}
