using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet;

/// <summary>
/// What a target is to be helped by: moments of the source's rows, those of each of its groups, or a model alone. The more of the three
/// is
/// known, the more can be learnt: moments add the metric of pooling, groups add how tasks differ from one another.
/// </summary>
public sealed class TransferSource
{
    private readonly Moments? _moments;
    private readonly GroupedMoments? _groups;
    private readonly StartingPoint? _model;
    private readonly IDataView? _rows;

    private TransferSource(Moments? moments, GroupedMoments? groups, StartingPoint? model, IDataView? rows = null) =>
        (_moments, _groups, _model, _rows) = (moments, groups, model, rows);

    /// <summary>The source's rows; null where something else was given.</summary>
    internal IDataView? Rows => _rows;

    /// <summary>The moments of the source's groups; null where something else was given.</summary>
    internal GroupedMoments? Groups => _groups;

    /// <summary>The source's model; null where something else was given.</summary>
    internal StartingPoint? Model => _model;

    /// <summary>The source's rows, with label, features and weights in columns of the same names as the target's. They are read at every
    /// fit; for
    /// regression moments (<see cref="From(Moments)"/>) are made once.</summary>
    /// <param name="rows">Featurised behind the same fitted featuriser as the target.</param>
    public static TransferSource From(IDataView rows) => new(null, null, null, rows ?? throw new ArgumentNullException(nameof(rows)));

    /// <summary>The moments of the source's rows.</summary>
    /// <param name="moments">What <c>ml.Regression.ComputeMoments</c> gave. One fold is enough.</param>
    public static TransferSource From(Moments moments) => new(moments ?? throw new ArgumentNullException(nameof(moments)), null, null);

    /// <summary>The moments of each group of the source. With fewer than three groups of three rows they are taken as one task.</summary>
    /// <param name="moments">What <c>ml.Data.ComputeGroupedMoments</c> gave. The target's own rows must not be among them.</param>
    public static TransferSource From(GroupedMoments moments) =>
        new(null, moments ?? throw new ArgumentNullException(nameof(moments)), null);

    /// <summary>A model alone. Without rows the source cannot be pooled with the target, and nothing is known of how sure it is of each
    /// weight.</summary>
    /// <param name="model">Weights, one a feature, in the unit of the label.</param>
    public static TransferSource From(StartingPoint model) => new(null, null, model ?? throw new ArgumentNullException(nameof(model)));

    /// <summary>The last linear predictor of a fitted transformer or chain; see <see cref="From(StartingPoint)"/>.</summary>
    /// <param name="model">A fitted transformer or chain.</param>
    /// <exception cref="ArgumentException">It has no linear predictor.</exception>
    public static TransferSource From(ITransformer model) => From(StartingPoint.From(model));

    /// <summary>See <see cref="From(Moments)"/>.</summary>
    /// <param name="moments">Moments, or null.</param>
    [return: NotNullIfNotNull(nameof(moments))]
    public static implicit operator TransferSource?(Moments? moments) => moments is null ? null : From(moments);

    /// <summary>See <see cref="From(GroupedMoments)"/>.</summary>
    /// <param name="moments">Moments, or null.</param>
    [return: NotNullIfNotNull(nameof(moments))]
    public static implicit operator TransferSource?(GroupedMoments? moments) => moments is null ? null : From(moments);

    /// <summary>See <see cref="From(StartingPoint)"/>.</summary>
    /// <param name="model">A starting point, or null.</param>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator TransferSource?(StartingPoint? model) => model is null ? null : From(model);

    /// <summary>For the debugger.</summary>
    public override string ToString() =>
        _groups?.ToString() ?? _model?.ToString() ?? (_rows is null ? null : "rows")
        ?? $"moments of {_moments!.Count} rows, {_moments.FeatureCount} features";

    /// <summary>The source in its eigenbasis.</summary>
    /// <param name="columns">The target's: rows are read by them, and messages name them.</param>
    /// <param name="featureNames">The target's, or none.</param>
    /// <param name="featureCount">The target's.</param>
    /// <param name="intercept">Whether the tasks have intercepts.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="ArgumentException">The source has other features than the target.</exception>
    internal BlendSource Prepare(TaskColumns columns, IReadOnlyList<string> featureNames, int featureCount, bool intercept, Workers workers)
    {
        if (_rows is not null)
        {
            var moments = MomentsReader.Read(_rows, columns, folds: 1, seed: 0, workers);
            return From(moments).Prepare(columns, featureNames, featureCount, intercept, workers);
        }

        var featureColumn = columns.Features;
        if (_model is not null)
        {
            _model.RequireFeatures(featureCount, featureColumn);
            return BlendSource.OfModel(_model.WeightSpan.ToArray());
        }

        FeatureMatch.Require(
            $"The feature column '{featureColumn}'",
            featureCount,
            featureNames,
            "the source's moments have",
            _groups?.FeatureCount ?? _moments!.FeatureCount,
            _groups?.FeatureNames ?? _moments!.FeatureNames,
            "Compute the moments behind the same fitted featuriser.");
        var spectrum = TaskSpectrum.Of(_groups?.Total ?? _moments!.Total, intercept, workers);
        return BlendSource.Of(spectrum, workers, _groups?.Groups);
    }
}
