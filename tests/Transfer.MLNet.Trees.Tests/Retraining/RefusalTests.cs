using System.Reflection;
using Microsoft.ML;
using Transfer.MLNet.Retraining;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Retraining;

/// <summary>Every model that is not moved: why, what to do instead, and the page that says more.</summary>
public sealed class RefusalTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Sample _source = new(400, seed: 1);
    private readonly IDataView _target;

    public RefusalTests() => _target = new Sample(80, seed: 2).View(_ml);

    [Theory]
    [InlineData("FastTreeRanking")]
    [InlineData("LightGbmRanking")]
    [InlineData("without a split")]
    [InlineData("without a split for a class")]
    [InlineData("behind an isotonic calibrator")]
    [InlineData("behind a naive calibrator")]
    public void A_model_of_trees_that_is_not_moved_says_what_to_do(string kind)
    {
        var rows = _source.View(_ml);
        var (model, label) = kind switch
        {
            "without a split" => (
                StockTrees.Train(_ml, "FastTreeRegression", new Sample(12, seed: 1).View(_ml)), "Number"),
            "without a split for a class" => (StockTrees.Train(_ml, "OneVersusAllOfFastTree", new Sample(12, seed: 1).View(_ml)), "Key"),
            "behind an isotonic calibrator" => (Behind(_ml.BinaryClassification.Calibrators.Isotonic("Flag")), "Flag"),
            "behind a naive calibrator" => (Behind(_ml.BinaryClassification.Calibrators.Naive("Flag")), "Flag"),
            _ => (StockTrees.Train(_ml, kind, rows), StockTrees.LabelOf(kind)),
        };
        Says(Assert.ThrowsAny<Exception>(() => _ml.Model.FineTune(model, _target, new() { LabelColumnName = label })));
        if (label is "Number" or "Rank")
        {
            Says(Assert.ThrowsAny<Exception>(() => _ml.Regression.AdviseTransfer(model, _target, new() { LabelColumnName = label })));
        }

        static void Says(Exception complaint)
        {
            Assert.True(complaint is NotSupportedException or ArgumentException, complaint.ToString());
            Assert.Matches("Train .*docs/trees\\.md", complaint.Message);
        }

        ITransformer Behind<T>(IEstimator<T> calibrator)
            where T : class, ITransformer =>
            _ml.BinaryClassification.Trainers.FastForest("Flag", numberOfTrees: 5).Append(calibrator).Fit(rows);
    }

    /// <summary>Those of the core's list, each of which tells a way out.</summary>
    [Fact]
    public void Every_other_model_has_a_way_out()
    {
        var list = ((string Model, string Instead)[])typeof(Unmoved).GetField("_models", BindingFlags.NonPublic | BindingFlags.Static)!
            .GetValue(null)!;
        Assert.True(list.Length >= 8);
        Assert.All(list, m => Assert.Matches("Train|trains it further|can be moved", m.Instead));
        Assert.Equal(list.Length, list.Select(m => m.Model).Distinct().Count());
        Assert.Contains("docs/starting-points.md", Unmoved.Complaint(
            _ml.Transforms.CopyColumns("Copy", "Number").Fit(_target), "model").Message, StringComparison.Ordinal);
    }
}
