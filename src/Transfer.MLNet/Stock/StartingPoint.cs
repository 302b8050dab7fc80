using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Stock;

namespace Transfer.MLNet;

/// <summary>
/// The weights that L2-SP pulls towards, w_sp, and the intercept that came with them: from any linear model of ML.NET, from a fitted
/// transformer or chain that has one, or from plain numbers. Immutable.
/// </summary>
/// <remarks>
/// <para>A <see cref="LinearModelParameters"/> and a <c>float[]</c> convert by themselves, so that
/// <c>ml.Regression.Trainers.L2SpRidge(startingPoint: sourceModel.Model)</c> compiles. C# has no conversions from interfaces, so a
/// fitted transformer or chain (<see cref="ITransformer"/>) goes through <see cref="From(ITransformer)"/>, or through the overloads
/// of <c>L2SpRidge</c> that take one.</para>
/// <para>The weights must belong to the same features, in the same order and on the same scale, as those of the rows that are
/// trained on: both featurised by what was fitted on the source.</para>
/// <para>Weights of classifiers (<see cref="LinearBinaryModelParameters"/>, calibrated or not) and of Poisson regression are taken as
/// they are. As a start of a regression they give a direction in the unit of log odds or log rates, not of the label; the trainer
/// says so in the log, and <see cref="L2SpRidgeTrainer.Options.StartingPointScale"/> can put the unit right.</para>
/// </remarks>
public sealed class StartingPoint
{
    private readonly double[] _weights;

    private StartingPoint(double[] weights, double bias, ScoreUnit unit, string origin)
    {
        if (weights.Length == 0)
        {
            throw new ArgumentException($"The starting point ({origin}) has no weights; it needs one for each feature.", nameof(weights));
        }

        var bad = Array.FindIndex(weights, w => !double.IsFinite(w));
        if (bad >= 0)
        {
            throw new ArgumentException(
                $"Weight {bad} of the starting point ({origin}) is {weights[bad]}; all weights must be finite. A model with such weights did not converge: train it again.",
                nameof(weights));
        }

        if (!double.IsFinite(bias))
        {
            throw new ArgumentException($"The intercept of the starting point ({origin}) is {bias}; it must be finite.", nameof(bias));
        }

        _weights = weights;
        Bias = bias;
        Unit = unit;
        Origin = origin;
    }

    /// <summary>p, the number of features that there are weights for.</summary>
    public int FeatureCount => _weights.Length;

    /// <summary>w_sp, one weight a feature (p).</summary>
    public IReadOnlyList<double> Weights => Array.AsReadOnly(_weights);

    /// <summary>The source's intercept. Used only where <see cref="L2SpRidgeTrainer.Options.PullIntercept"/> asks for it.</summary>
    public double Bias { get; }

    internal ReadOnlySpan<double> WeightSpan => _weights;

    internal ScoreUnit Unit { get; }

    /// <summary>Where it came from, for messages.</summary>
    internal string Origin { get; }

    /// <summary>The weights and the intercept of a linear model of ML.NET.</summary>
    /// <param name="model">For example the <c>Model</c> of what Sdca, OnlineGradientDescent, L2SpRidge or LbfgsLogisticRegression gave.</param>
    /// <exception cref="ArgumentException">A weight is NaN or infinite.</exception>
    public static StartingPoint From(LinearModelParameters model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var weights = new double[model.Weights.Count];
        var i = 0;
        foreach (var weight in model.Weights)
        {
            weights[i++] = weight;
        }

        return new StartingPoint(weights, model.Bias, LinearLayer.UnitOf(model), model.GetType().Name);
    }

    /// <summary>The last linear predictor of a fitted transformer or chain, however deep in nested chains; loaded from a file or not.</summary>
    /// <param name="model">A fitted transformer or chain.</param>
    /// <exception cref="ArgumentException">It has no linear predictor, or a weight of it is NaN or infinite.</exception>
    public static StartingPoint From(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var found = LayerInChain.Find(model) ?? throw new ArgumentException(
            $"There is no linear predictor to start from in this model ({LayerInChain.Describe(model)}). "
            + "Give one that ends in a linear model, as the trainers Sdca, OnlineGradientDescent and L2SpRidge make, or give plain weights.",
            nameof(model));
        return From(found.Layer.Linear);
    }

    /// <summary>Plain numbers.</summary>
    /// <param name="weights">One weight a feature (p); copied.</param>
    /// <param name="bias">The intercept, where there is one.</param>
    /// <exception cref="ArgumentException">There are no weights, or a number is NaN or infinite.</exception>
    public static StartingPoint From(ReadOnlySpan<double> weights, double bias = 0)
        => new(weights.ToArray(), bias, ScoreUnit.Label, "plain weights");

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

        return new StartingPoint(wide, bias, ScoreUnit.Label, "plain weights");
    }

    /// <summary>See <see cref="From(LinearModelParameters)"/>. No model is no starting point.</summary>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator StartingPoint?(LinearModelParameters? model) => model is null ? null : From(model);

    /// <summary>See <see cref="From(ReadOnlySpan{float}, float)"/>. No array is no starting point.</summary>
    [return: NotNullIfNotNull(nameof(weights))]
    public static implicit operator StartingPoint?(float[]? weights) => weights is null ? null : From(weights.AsSpan());

    /// <summary>For the debugger: what it came from, and how many weights there are.</summary>
    public override string ToString() => $"{Origin}, {FeatureCount} weights";

    /// <summary>Throws where the features of the rows are not as many as the weights.</summary>
    internal void RequireFeatures(int featureCount, string featureColumn)
    {
        if (featureCount != FeatureCount)
        {
            throw new ArgumentException(
                $"The starting point ({Origin}) has {FeatureCount} weights, but the feature column '{featureColumn}' has {featureCount} features. "
                + "Featurise the rows with what was fitted together with the starting point.");
        }
    }
}
