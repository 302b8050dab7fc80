using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>The model that all tenants of a set begin with, taken apart once on each silo.</summary>
internal sealed class TenantBase
{
    private readonly MLContext _ml = new();
    private readonly ITransformer _model;
    private readonly DataViewSchema _schema;
    private readonly DataViewSchema _atLayer;
    private readonly LayerInChain _found;

    /// <exception cref="NotSupportedException">The model's last layer is no linear regression.</exception>
    public TenantBase(Stream zip, TenantSettings options)
    {
        _model = _ml.Model.Load(zip, out _schema);
        _found = LayerOf(_model);
        Options = options;
        Settings = RetrainingOptions.Of(
            new FineTuneOptions { Tau = options.Tau, PullIntercept = options.PullIntercept, NumberOfThreads = 1 },
            StartingPoint.From(_found), _found.Layer.FeatureColumn, nameof(TenantOptions));
        Start = Settings.StartFor(FeatureCount, LearningTask.Regression.Unit, log: null);
        var rounded = RoundedScores.Of(_found.Layer.Scores, Settings.Columns);
        Weights = new(rounded.Weights[0], rounded.Intercepts[0], 0, 0, null);
        _atLayer = _found.Before.Aggregate(_schema, (schema, transformer) => transformer.GetOutputSchema(schema));
    }

    public TenantSettings Options { get; }

    /// <summary>p.</summary>
    public int FeatureCount => _found.Layer.FeatureCount;

    public TaskSettings Settings { get; }

    public Start Start { get; }

    /// <summary>Of the model as it is.</summary>
    public TenantWeights Weights { get; }

    /// <summary>Whether tenants may be drawn to what all of them teach: with a tau that is given they are drawn to the model alone.</summary>
    public bool LearnsPrior => Settings is { Tau: null, Intercept: InterceptRule.Free };

    /// <summary>From this many rows on a tenant has moments.</summary>
    public long MostRows => (long)Options.Folds * FeatureCount;

    /// <exception cref="NotSupportedException">The model's last layer is no linear regression.</exception>
    public static LayerInChain LayerOf(ITransformer model)
    {
        var found = LayerInChain.Find(model) ?? throw Unmoved.Complaint(model, nameof(model));
        return LearningTask.Of(found.Layer) is RegressionTask ? found : throw new NotSupportedException(
            $"The last linear predictor of this model is {LayerInChain.Describe(found.Layer.Transformer)}. Tenants are kept as moments, "
                + $"which "
            + "only regressions have: FineTuneMany moves the others, on one machine.");
    }

    /// <summary>The whole model with a tenant's weights, as ML.NET saves it.</summary>
    public byte[] Zip(TenantWeights weights)
    {
        var environment = StockModels.EnvironmentOf(_ml.Regression);
        var moved = LearningTask.Regression.Transformer(
            environment, new RoundedScores([weights.Weights], [weights.Intercept]), _atLayer, Settings.Columns, null, _found);
        var whole = Contributions.Renew(environment, _found.Replace(moved), moved, _found.After, _atLayer, log: null);
        using var stream = new MemoryStream();
        _ml.Model.Save(whole, _schema, stream);
        return stream.ToArray();
    }
}
