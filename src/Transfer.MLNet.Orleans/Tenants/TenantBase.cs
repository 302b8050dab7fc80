using System.Diagnostics;
using Microsoft.ML;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>The model that all tenants of a set begin with, taken apart once on each silo.</summary>
internal sealed class TenantBase
{
    // Of rows with classes: a megabyte, which is written with each batch, and retuned in seconds.
    private const int MostNumbers = 1 << 18;

    private readonly MLContext _ml = new();
    private readonly ITransformer _model;
    private readonly DataViewSchema _schema;
    private readonly DataViewSchema _atLayer;
    private readonly LayerInChain _found;

    /// <exception cref="NotSupportedException">See <see cref="LayerOf"/>.</exception>
    public TenantBase(Stream zip, TenantSettings options)
    {
        _model = _ml.Model.Load(zip, out _schema);
        _found = LayerOf(_model);
        Task = LearningTask.Of(_found.Layer)!;
        Options = options;
        Settings = RetrainingOptions.Of(
            new FineTuneOptions { Tau = options.Tau, PullIntercept = options.PullIntercept, NumberOfThreads = 1 },
            StartingPoint.From(_found), _found.Layer.FeatureColumn, nameof(TenantOptions));
        Start = Settings.StartFor(FeatureCount, Task.Unit, log: null);
        Classes = Task is BinaryTask ? ClassFits() : null;
        var rounded = RoundedScores.Of(_found.Layer.Scores, Settings.Columns);
        Weights = new(rounded.Weights[0], rounded.Intercepts[0], 0, 0, null);
        _atLayer = _found.Before.Aggregate(_schema, (schema, transformer) => transformer.GetOutputSchema(schema));
    }

    public TenantSettings Options { get; }

    /// <summary>p.</summary>
    public int FeatureCount => _found.Layer.FeatureCount;

    public TaskSettings Settings { get; }

    public Start Start { get; }

    /// <summary>Regression, or two classes.</summary>
    public LearningTask Task { get; }

    /// <summary>How classes are fitted; null for a regression.</summary>
    public CurvedFits? Classes { get; }

    /// <summary>Of the model as it is.</summary>
    public TenantWeights Weights { get; }

    /// <summary>
    /// Whether tenants may be drawn to what all of them teach: with a tau that is given they are drawn to the model alone.
    /// </summary>
    public bool LearnsPrior => Settings is { Tau: null, Intercept: InterceptRule.Free };

    /// <summary>From this many rows on a tenant has moments; with classes, which have none, it may have no more.</summary>
    public long MostRows => Classes is null ? (long)Options.Folds * FeatureCount : Math.Max(1, MostNumbers / (FeatureCount + 1));

    /// <summary>The last layer of a model that tenants can begin with.</summary>
    /// <exception cref="NotSupportedException">It is no linear regression, and no classifier of two classes that gives
    /// probabilities.</exception>
    public static LayerInChain LayerOf(ITransformer model)
    {
        var found = LayerInChain.Find(model) ?? throw Unmoved.Complaint(model, nameof(model));
        return (LearningTask.Of(found.Layer), found.Layer.Scores.Unit, found.Calibrator) is (RegressionTask, _, _)
            or (BinaryTask, ScoreUnit.LogOdds, null) ? found : throw new NotSupportedException(
            $"The last linear predictor of this model is {LayerInChain.Describe(found.Layer.Transformer)}. Tenants begin with a "
                + $"regression, "
            + "or with two classes whose probabilities come from the predictor itself (logistic regression): FineTuneMany moves the "
            + "others, "
            + "on one machine.");
    }

    /// <summary>What is predicted: the label, or the probability of true.</summary>
    /// <param name="weights">Of a tenant.</param>
    /// <param name="features">x (p).</param>
    public float Predict(TenantWeights weights, ReadOnlySpan<float> features)
    {
        var score = weights.Score(features);
        return (float)(Classes is null ? score : 1 / (1 + Math.Exp(-score)));
    }

    /// <summary>The whole model with a tenant's weights, as ML.NET saves it.</summary>
    public byte[] Zip(TenantWeights weights)
    {
        var environment = StockModels.EnvironmentOf(_ml.Regression);
        var moved = Task.Transformer(
            environment, new RoundedScores([weights.Weights], [weights.Intercept]), _atLayer, Settings.Columns, null, _found);
        var whole = Contributions.Renew(environment, _found.Replace(moved), moved, _found.After, _atLayer, log: null);
        using var stream = new MemoryStream();
        _ml.Model.Save(whole, _schema, stream);
        return stream.ToArray();
    }

    private CurvedFits ClassFits()
    {
        var fits = new CurvedFits(
            LearningTask.Binary, outputs: 1, Settings, _found, new FineTuneManyOptions { LearnPrior = false }, new Workers(1),
            new StockLog(StockModels.EnvironmentOf(_ml.Regression), "Tenants", "Retuning"));
        // Whoever has no prior has the tau that is given, or its own.
        fits.Learn([], _ => throw new UnreachableException());
        return fits;
    }
}
