using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Trees.Ensembles;

/// <summary>A transformer of ML.NET that predicts by trees or by a Gam, taken apart. It is never changed: a moved one is a copy.</summary>
internal sealed class TreeLayer
{
    private TreeLayer(ITransformer transformer, TreeTask task, LeafScore[] outputs, Link[] links, string featureColumn)
    {
        Transformer = transformer;
        Task = task;
        Outputs = outputs;
        Links = links;
        FeatureColumn = featureColumn;
    }

    public ITransformer Transformer { get; }

    public TreeTask Task { get; }

    /// <summary>One score, or one a class.</summary>
    public LeafScore[] Outputs { get; }

    /// <summary>What makes log odds (or the label, or the logarithm of a rate) of each output.</summary>
    public Link[] Links { get; }

    public string FeatureColumn { get; }

    /// <summary>Whether a calibrator that follows in the chain makes a probability of the score.</summary>
    public bool IsCalibratedLater { get; private init; }

    public int FeatureCount => Outputs[0].FeatureCount;

    /// <summary>
    /// Whether the scores of the model as it is mean something: false for the margin of a classifier without calibration.
    /// </summary>
    public bool IsCalibrated => Links.All(l => !l.IsMargin);

    /// <summary>
    /// Whether the model is of trees, and of what kind, whatever can be done with it: 'FastTreeRankingModelParameters'. Null where it is
    /// not.
    /// </summary>
    public static bool IsTrees(object? model) => model switch
    {
        TreeEnsembleModelParameters or GamModelParametersBase => true,
        CalibratedModelParametersBase calibrated => IsTrees(calibrated.SubModel),
        OneVersusAllModelParameters each => StockModels.SubModels(each) is { Length: > 0 } models && models.All(IsTrees),
        _ => false,
    };

    /// <summary>The layer of a predictor that is known to be of trees, with the calibrator that follows it in the chain.</summary>
    /// <exception cref="NotSupportedException">Its scores are of a kind that is not moved, or another calibrator than Platt's
    /// follows.</exception>
    public static TreeLayer Of(PlaceInChain place)
    {
        var follows = place.After.OfType<IPredictionTransformer<object>>().FirstOrDefault()?.Model as ICalibrator;
        if (follows is not (null or PlattCalibrator))
        {
            // Says why, and what to do.
            _ = Link.Of(follows);
        }

        return Of(place.Transformer, follows as PlattCalibrator) ?? throw new NotSupportedException(
            $"{LayerInChain.Describe(place.Transformer)} is of trees, but of a kind that is not moved: its scores are neither a label, nor "
            + "log odds, nor classes. Train a regression or a classifier of trees instead. See docs/trees.md.");
    }

    /// <summary>The layer of a transformer; null where it does not predict by trees.</summary>
    /// <param name="transformer">The transformer alone, not a chain.</param>
    /// <param name="follows">The calibrator that follows it in the chain, where one does.</param>
    public static TreeLayer? Of(ITransformer transformer, PlattCalibrator? follows = null)
    {
        if (transformer is not IPredictionTransformer<object> { Model: { } model } || !IsTrees(model)
            || !LinearLayer.Predicts(transformer)
            || transformer is not ISingleFeaturePredictionTransformer<object> { FeatureColumnName: { } column })
        {
            return null;
        }

        var type = transformer.GetType().GetGenericTypeDefinition();
        if (type == typeof(RegressionPredictionTransformer<>))
        {
            return new(transformer, model is FastTreeTweedieModelParameters ? TreeTask.Rate : TreeTask.Regression, [ScoreOf(model)],
                [Link.Identity], column);
        }

        if (type == typeof(BinaryPredictionTransformer<>))
        {
            return new(transformer, TreeTask.Binary, [ScoreOf(model)], [Link.Of(follows ?? CalibratorOf(model))], column)
            {
                IsCalibratedLater = follows is not null && CalibratorOf(model) is null,
            };
        }

        if (type == typeof(MulticlassPredictionTransformer<>) && model is OneVersusAllModelParameters each)
        {
            var models = StockModels.SubModels(each);
            var outputs = models.Select(ScoreOf).ToArray();
            return Combination.Of((ISingleFeaturePredictionTransformer<object>)transformer, models, outputs) switch
            {
                Combination.Kind.Softmax => new(transformer, TreeTask.Softmax, outputs, [.. models.Select(_ => Link.Identity)], column),
                Combination.Kind.Probabilities => new(
                    transformer, TreeTask.OneVersusAll, outputs, [.. models.Select(m => Link.Of(CalibratorOf(m)))], column),
                _ => new(transformer, TreeTask.OneVersusAll, outputs, [.. models.Select(_ => Link.Margin)], column),
            };
        }

        return type == typeof(RankingPredictionTransformer<>)
            ? new(transformer, TreeTask.Ranking, [ScoreOf(model)], [Link.Identity], column) : null;
    }

    /// <summary>The classes of a multiclass layer as its predicted label has them; null where it has no such label.</summary>
    public ClassKeys? Classes()
    {
        var columns = new DataViewSchema.Builder();
        columns.AddColumn(FeatureColumn, ((ISingleFeaturePredictionTransformer<object>)Transformer).FeatureColumnType);
        foreach (var column in Transformer.GetOutputSchema(columns.ToSchema()))
        {
            if (!column.IsHidden && column.Type is KeyDataViewType)
            {
                return ClassKeys.Of(column);
            }
        }

        return null;
    }

    /// <summary>The same transformer with other leaves: a copy, which shares nothing with this one.</summary>
    /// <param name="environment">Where it will live.</param>
    /// <param name="values">The leaves of each output, in the model's own unit.</param>
    /// <param name="intercepts">What each output's score is raised by, in the model's own unit.</param>
    public ITransformer Moved(IHostEnvironment environment, IReadOnlyList<double[]> values, IReadOnlyList<double> intercepts)
    {
        var copy = Copy(environment, Transformer);
        var outputs = Of(copy)!.Outputs;
        for (var k = 0; k < outputs.Length; k++)
        {
            outputs[k].Write(values[k], intercepts[k]);
        }

        // What was written has not reached the copy's public trees and a Gam's cache: only what is loaded has one truth.
        return Copy(environment, copy);
    }

    private static ITransformer Copy(IHostEnvironment environment, ITransformer transformer)
    {
        var models = TreeInternals.Models(environment);
        using var stream = new MemoryStream();
        models.Save(transformer, null, stream);
        stream.Position = 0;
        var loaded = models.Load(stream, out _);
        return StockModels.TryOpenChain(loaded, out var parts, out _) && !StockModels.TryOpenChain(transformer, out _, out _) ? parts[^1]
            : loaded;
    }

    private static LeafScore ScoreOf(object model) => model switch
    {
        TreeEnsembleModelParameters trees => new EnsembleScore(trees),
        GamModelParametersBase gam => new GamScore(gam),
        CalibratedModelParametersBase { SubModel: { } inside } => ScoreOf(inside),
        _ => throw new ArgumentException($"{model.GetType().Name} is not a model of trees.", nameof(model)),
    };

    private static ICalibrator? CalibratorOf(object model) => (model as CalibratedModelParametersBase)?.Calibrator;
}
