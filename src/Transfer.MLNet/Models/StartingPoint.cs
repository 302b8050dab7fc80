using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet;

/// <summary>
/// The weights that L2-SP pulls towards, w_sp, and the intercept that came with them: from any linear model of ML.NET, from a fitted
/// transformer or chain that has one, or from plain numbers. One weight vector for regression and binary classification, one a class
/// for multiclass classification. Immutable.
/// </summary>
/// <remarks>
/// <para>Linear models, calibrated or not, and a <c>float[]</c> convert by themselves, so that
/// <c>ml.Regression.Trainers.L2SpRidge(startingPoint: sourceModel.Model)</c> compiles. C# has no conversions from interfaces, so a
/// fitted transformer or chain (<see cref="ITransformer"/>) goes through <see cref="From(ITransformer)"/>, or through the overloads
/// of the trainers that take one.</para>
/// <para>The weights must belong to the same features, in the same order and on the same scale, as those of the rows that are
/// trained on: both featurised by what was fitted on the source.</para>
/// <para>Where Platt's calibrator is part of the model, or follows it in the chain, the weights are those of the log odds:
/// probability = 1 / (1 + exp(slope s + offset)) has the log odds -(slope s + offset). Other weights are taken as they are; where
/// their unit is not that of the trainer's task (a margin without calibration, the logarithm of a rate, the label of a regression)
/// the trainer says so in the log, and its option <c>StartingPointScale</c> can put the unit right.</para>
/// </remarks>
public sealed class StartingPoint
{
    private readonly LinearScores _scores;

    internal StartingPoint(LinearScores scores, string origin, ClassKeys? classes = null)
    {
        Require(scores, origin);
        _scores = scores;
        Origin = origin;
        Classes = scores.Weights.Length == 1 ? null
            : classes ?? (scores.Names is { } names ? ClassKeys.Named(names) : ClassKeys.Unnamed(scores.Weights.Length));
    }

    /// <summary>p, the number of features that there are weights for.</summary>
    public int FeatureCount => _scores.Weights[0].Length;

    /// <summary>K, the number of weight vectors: 1, or one for each of several classes.</summary>
    public int ClassCount => _scores.Weights.Length;

    /// <summary>The names of the classes (K); none where there is one weight vector, and where the model does not know them.</summary>
    public IReadOnlyList<string> ClassNames => Classes?.Names ?? [];

    /// <summary>w_sp, one weight a feature; of several classes one class after the other (K p).</summary>
    public IReadOnlyList<double> Weights =>
        Array.AsReadOnly(ClassCount == 1 ? _scores.Weights[0] : [.. _scores.Weights.SelectMany(w => w)]);

    /// <summary>The source's intercepts (K).</summary>
    public IReadOnlyList<double> Biases => Array.AsReadOnly(_scores.Intercepts);

    /// <summary>The source's intercept, of the first class where there are several (<see cref="Biases"/> has all). Regression uses it
    /// only where <see cref="L2SpTrainerOptions.PullIntercept"/> asks for it.</summary>
    public double Bias => _scores.Intercepts[0];

    /// <summary>The one weight vector.</summary>
    /// <exception cref="ArgumentException">There are several.</exception>
    internal ReadOnlySpan<double> WeightSpan
    {
        get
        {
            RequireOneOutput();
            return _scores.Weights[0];
        }
    }

    /// <summary>One weight vector a class.</summary>
    internal IReadOnlyList<double[]> WeightsByClass => _scores.Weights;

    internal ScoreUnit Unit => _scores.Unit;

    /// <summary>The classes in the order of the weight vectors; null where there is one vector.</summary>
    internal ClassKeys? Classes { get; }

    /// <summary>Where it came from, for messages.</summary>
    internal string Origin { get; }

    /// <summary>The weights and the intercept of a linear model of ML.NET.</summary>
    /// <param name="model">For example the <c>Model</c> of what Sdca, OnlineGradientDescent, L2SpRidge or AveragedPerceptron gave.</param>
    /// <exception cref="ArgumentException">A weight is NaN or infinite.</exception>
    public static StartingPoint From(LinearModelParameters model) => FromModel(model);

    /// <summary>
    /// The weights and the intercept of a calibrated linear model; those of the log odds, where the calibrator is Platt's.
    /// </summary>
    /// <param name="model">For example the <c>Model</c> of what LbfgsLogisticRegression, SdcaLogisticRegression or L2SpLogisticRegression
    /// gave.</param>
    /// <exception cref="ArgumentException">What is calibrated is no linear model, or a weight is NaN or infinite.</exception>
    public static StartingPoint From(CalibratedModelParametersBase model) => FromModel(model);

    /// <summary>The weights and intercepts of all classes, with their names where the model knows them: those of LbfgsMaximumEntropy and
    /// L2SpMaximumEntropy do, of others only the transformer around them.</summary>
    /// <param name="model">For example the <c>Model</c> of what LbfgsMaximumEntropy, SdcaMaximumEntropy, SdcaNonCalibrated or
    /// L2SpMaximumEntropy gave.</param>
    /// <exception cref="ArgumentException">A weight is NaN or infinite.</exception>
    public static StartingPoint From(LinearMulticlassModelParametersBase model) => FromModel(model);

    /// <summary>The weights and intercepts of the linear models of one class each against the rest. This model does not know the names
    /// of its classes; the transformer around it does.</summary>
    /// <param name="model">The <c>Model</c> of what OneVersusAll gave over a trainer of linear models.</param>
    /// <exception cref="ArgumentException">Its models are not linear, or a weight is NaN or infinite.</exception>
    public static StartingPoint From(OneVersusAllModelParameters model) => FromModel(model);

    /// <summary>The last linear predictor of a fitted transformer or chain, however deep in nested chains; loaded from a file or not.
    /// Classes have the names of its predicted label.</summary>
    /// <param name="model">A fitted transformer or chain.</param>
    /// <exception cref="ArgumentException">It has no linear predictor, or a weight of it is NaN or infinite.</exception>
    public static StartingPoint From(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var found = LayerInChain.Find(model) ?? throw new ArgumentException(
            $"There is no linear predictor to start from in this model ({LayerInChain.Describe(model)}). "
            + "Give one that ends in a linear model, as the trainers Sdca, LbfgsLogisticRegression, LbfgsMaximumEntropy and those of "
            + "this library make, or give plain weights.",
            nameof(model));
        return From(found);
    }

    /// <summary>Plain numbers.</summary>
    /// <param name="weights">One weight a feature (p); copied.</param>
    /// <param name="bias">The intercept, where there is one.</param>
    /// <exception cref="ArgumentException">There are no weights, or a number is NaN or infinite.</exception>
    public static StartingPoint From(ReadOnlySpan<double> weights, double bias = 0)
        => new(new([weights.ToArray()], [bias], ScoreUnit.AsGiven), "plain weights");

    /// <summary>Plain numbers.</summary>
    /// <param name="weights">One weight a feature (p); copied.</param>
    /// <param name="bias">The intercept, where there is one.</param>
    /// <exception cref="ArgumentException">There are no weights, or a number is NaN or infinite.</exception>
    public static StartingPoint From(ReadOnlySpan<float> weights, float bias = 0)
    {
        var wide = new double[weights.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = weights[i];
        }

        return new(new([wide], [bias], ScoreUnit.AsGiven), "plain weights");
    }

    /// <summary>Plain numbers of several classes.</summary>
    /// <param name="weights">One vector a class (K), each with one weight a feature (p); copied.</param>
    /// <param name="biases">One intercept a class (K); copied.</param>
    /// <param name="classNames">The key values of the classes as text (K); none: they are matched by position.</param>
    /// <exception cref="ArgumentException">There are not two classes, the lengths disagree, or a number is NaN or infinite.</exception>
    public static StartingPoint From(IReadOnlyList<double[]> weights, IReadOnlyList<double> biases,
        IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(biases);
        if (weights.Count < 2 || biases.Count != weights.Count || (classNames is not null && classNames.Count != weights.Count))
        {
            throw new ArgumentException(
                $"{weights.Count} weight vectors, {biases.Count} intercepts and "
                    + $"{classNames?.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no"} names were given. "
                + "Give one of each for each of two or more classes.",
                nameof(weights));
        }

        return new(new([.. weights.Select(w => (double[])w.Clone())], [.. biases], ScoreUnit.AsGiven, classNames is null ? null
            : [.. classNames]), "plain weights");
    }

    /// <summary>See <see cref="From(LinearModelParameters)"/>. No model is no starting point.</summary>
    /// <param name="model">A linear model of ML.NET, or null.</param>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator StartingPoint?(LinearModelParameters? model) => model is null ? null : FromModel(model);

    /// <summary>See <see cref="From(CalibratedModelParametersBase)"/>. No model is no starting point.</summary>
    /// <param name="model">A linear model of ML.NET, or null.</param>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator StartingPoint?(CalibratedModelParametersBase? model) => model is null ? null : FromModel(model);

    /// <summary>See <see cref="From(LinearMulticlassModelParametersBase)"/>. No model is no starting point.</summary>
    /// <param name="model">A linear model of ML.NET, or null.</param>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator StartingPoint?(LinearMulticlassModelParametersBase? model) => model is null ? null : FromModel(model);

    /// <summary>See <see cref="From(OneVersusAllModelParameters)"/>. No model is no starting point.</summary>
    /// <param name="model">A linear model of ML.NET, or null.</param>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator StartingPoint?(OneVersusAllModelParameters? model) => model is null ? null : FromModel(model);

    /// <summary>See <see cref="From(ReadOnlySpan{float}, float)"/>. No array is no starting point.</summary>
    /// <param name="weights">One for each feature, or null.</param>
    [return: NotNullIfNotNull(nameof(weights))]
    public static implicit operator StartingPoint?(float[]? weights) => weights is null ? null : From(weights.AsSpan());

    /// <summary>For the debugger: what it came from, and how many weights there are.</summary>
    public override string ToString() => ClassCount == 1 ? $"{Origin}, {FeatureCount} weights"
        : $"{Origin}, {ClassCount} classes, {FeatureCount} weights each";

    /// <summary>A layer that was found, with the calibrator that follows it.</summary>
    internal static StartingPoint From(LayerInChain found) => new(
        found.Calibrator is { } calibrator ? found.Layer.Scores.Through(calibrator) : found.Layer.Scores,
        found.Layer.Model.GetType().Name.Split('`')[0],
        found.Layer.Task == LayerTask.Multiclass && found.Layer.Classes() is { } classes && classes.Names is not null ? classes : null);

    /// <summary>Throws where there are several weight vectors, or the features of the rows are not as many as the weights.</summary>
    internal void RequireFeatures(int featureCount, string featureColumn)
    {
        RequireOneOutput();
        RequireFeaturesOfEach(featureCount, featureColumn);
    }

    /// <summary>Throws where the features of the rows are not as many as the weights of each class.</summary>
    internal void RequireFeaturesOfEach(int featureCount, string featureColumn)
    {
        FeatureMatch.Require(
            $"The feature column '{featureColumn}'",
            featureCount,
            [],
            $"the starting point ({Origin}) has",
            FeatureCount,
            [],
            "Featurise the rows with what was fitted together with the starting point.",
            ClassCount == 1 ? " weights" : " weights a class");
    }

    private static StartingPoint FromModel(object model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var name = model.GetType().Name.Split('`')[0];
        return LinearScores.FeatureCountOf(model) is null
            ? throw new ArgumentException($"{name} is made of models that are not linear, so there are no weights to start from. Give a "
            + $"linear model.", nameof(model))
            : new StartingPoint(LinearScores.Of(model), name);
    }

    private static void Require(LinearScores scores, string origin)
    {
        var count = scores.Weights[0].Length;
        for (var k = 0; k < scores.Weights.Length; k++)
        {
            var (weights, ofClass) = (scores.Weights[k], scores.Weights.Length == 1 ? string.Empty : $" of class {k + 1}");
            if (weights.Length == 0)
            {
                throw new ArgumentException($"The starting point ({origin}) has no weights; it needs one for each feature.",
                    nameof(scores));
            }

            if (weights.Length != count)
            {
                throw new ArgumentException(
                    $"The starting point ({origin}) has {count} weights of class 1 and {weights.Length}{ofClass}; all classes need one "
                        + $"for each feature.", nameof(scores));
            }

            var bad = Array.FindIndex(weights, w => !double.IsFinite(w));
            if (bad >= 0)
            {
                throw new ArgumentException(
                    $"Weight {bad}{ofClass} of the starting point ({origin}) is {weights[bad]}; all weights must be finite. A model "
                        + $"with such weights did not converge: train it again.",
                    nameof(scores));
            }

            if (!double.IsFinite(scores.Intercepts[k]))
            {
                throw new ArgumentException($"The intercept{ofClass} of the starting point ({origin}) is {scores.Intercepts[k]}; it "
                    + $"must be finite.", nameof(scores));
            }
        }
    }

    private void RequireOneOutput()
    {
        if (ClassCount > 1)
        {
            throw new ArgumentException(
                $"The starting point ({Origin}) has weights of {ClassCount} classes, and one weight vector is needed here. "
                + "Take that of one class as plain weights (StartingPoint.From(weights)), or train with "
                + "ml.MulticlassClassification.Trainers.L2SpMaximumEntropy.");
        }
    }
}
