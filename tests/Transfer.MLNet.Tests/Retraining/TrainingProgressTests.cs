using Microsoft.ML;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

/// <summary>Trainings whose tau is searched tell how far they are.</summary>
public class TrainingProgressTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Heard _heard = new();

    [Fact]
    public void A_trainer_tells_shares_that_rise()
    {
        _ml.BinaryClassification.Trainers.L2SpLogisticRegression(new L2SpLogisticRegressionTrainer.Options
        {
            LabelColumnName = "Positive",
            Progress = _heard,
        }).Fit(SmallRow.View(_ml, 200));
        AssertRises();
    }

    [Fact]
    public void A_retraining_tells_shares_that_rise()
    {
        var production = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(SmallRow.View(_ml, 200));
        _ml.Model.FineTune(production, SmallRow.View(_ml, 100), new() { LabelColumnName = "Positive", Progress = _heard });
        AssertRises();
    }

    [Fact]
    public void A_blend_tells_shares_that_rise_to_the_whole()
    {
        _ml.BinaryClassification.Trainers.L2SpBlend(new L2SpLogisticBlendTrainer.Options
        {
            LabelColumnName = "Positive",
            Source = TransferSource.From(SmallRow.View(_ml, 300)),
            Progress = _heard,
        }).Fit(SmallRow.View(_ml, 60));
        AssertRises();
        Assert.InRange(_heard.Shares[^1], 0.9, 1);
    }

    private void AssertRises()
    {
        Assert.InRange(_heard.Shares.Count, 3, 1001);
        Assert.Equal(_heard.Shares.Order(), _heard.Shares);
        Assert.InRange(_heard.Shares[0], 0, 0.5);
        Assert.InRange(_heard.Shares[^1], 0.2, 1);
    }

    private sealed class Heard : IProgress<double>
    {
        private readonly Lock _gate = new();

        public List<double> Shares { get; } = [];

        public void Report(double value)
        {
            lock (_gate)
            {
                Shares.Add(value);
            }
        }
    }
}
