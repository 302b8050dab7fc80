using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>The table of docs/concepts.md that converts other trainers' penalties to tau, tried on the trainers themselves.</summary>
public sealed class TauConversionTests
{
    private const double Tau = 0.2;
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Sdca_with_an_L2_of_two_tau_is_ridge_with_tau()
    {
        IDataView rows = Rows();
        var ridge = _ml.Regression.Trainers.L2SpRidge(tau: Tau).Fit(rows).Model;
        var sdca = _ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            L2Regularization = (float)(2 * Tau),
            L1Regularization = 0,
            BiasLearningRate = 1,
            ConvergenceTolerance = 1e-6f,
            MaximumNumberOfIterations = 2000,
            NumberOfThreads = 1,
        }).Fit(rows).Model;

        // SDCA stops near its optimum, not at it, and approaches the free intercept slowly. A factor of two in tau moves the weights by
        // 0.4.
        Assert.Equal(ridge.Weights.Select(w => (double)w), sdca.Weights.Select(w => (double)w), (a, b) => Math.Abs(a - b) < 0.01);
        Assert.Equal(ridge.Bias, sdca.Bias, 0.02);
    }

    [Fact]
    public void Online_gradient_descent_with_an_L2_of_tau_times_its_constant_rate_is_near_ridge_with_tau()
    {
        IDataView rows = Rows();
        var ridge = _ml.Regression.Trainers.L2SpRidge(tau: Tau).Fit(rows).Model;
        const float Rate = 0.001f;
        var online = _ml.Regression.Trainers.OnlineGradientDescent(new OnlineGradientDescentTrainer.Options
        {
            LearningRate = Rate,
            DecreaseLearningRate = false,
            L2Regularization = (float)(Tau * Rate),
            NumberOfIterations = 200,
        }).Fit(rows).Model;

        // A constant rate keeps a noise of the order of its square root times the residual.
        Assert.Equal(ridge.Weights.Select(w => (double)w), online.Weights.Select(w => (double)w), (a, b) => Math.Abs(a - b) < 0.05);
    }

    private IDataView Rows()
    {
        var random = new Random(3);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 5);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 2000).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, 5).Select(j => (float)(random.NextDouble() * 2 - 1 + 0.3 * j))];
            return new Row { Features = x, Label = (float)(3 + x.Select((v, j) => v * (j - 1)).Sum() + random.NextDouble() - 0.5) };
        }).ToArray(), schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
