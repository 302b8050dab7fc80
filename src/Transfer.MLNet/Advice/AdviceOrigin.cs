using Microsoft.ML;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>What an advice was asked of, kept so that its ways can be trained.</summary>
/// <param name="Catalog">ml.Regression, ml.BinaryClassification or ml.MulticlassClassification.</param>
/// <param name="Columns">Of source and target.</param>
/// <param name="FitIntercept">Whether the models have an intercept.</param>
/// <param name="FeatureNames">Of the target; empty where they have none.</param>
internal sealed record AdviceOrigin(TrainCatalogBase Catalog, TaskColumns Columns, bool FitIntercept, IReadOnlyList<string> FeatureNames)
{
    /// <summary>The source's rows; null where something else was given.</summary>
    public IDataView? SourceRows { get; init; }

    /// <summary>The source's moments; null where something else was given.</summary>
    public Moments? Moments { get; init; }

    /// <summary>The moments of the source's groups; null where something else was given.</summary>
    public GroupedMoments? Groups { get; init; }

    /// <summary>The source's model; null where something else was given.</summary>
    public StartingPoint? Model { get; init; }

    /// <summary>The column of the source's groups; null where it has none.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>The column of the target's clusters; null where its rows are independent.</summary>
    public string? ClusterColumn { get; init; }

    /// <summary>A tau so large that the start stays what it is.</summary>
    public double EndlessTau { get; init; }
}
