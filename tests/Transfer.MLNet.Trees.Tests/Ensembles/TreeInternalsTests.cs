using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trees.Ensembles;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Ensembles;

/// <summary>One test for each member of ML.NET's that is reached: the one that a new version lacks fails by its name.</summary>
public sealed class TreeInternalsTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Sample _sample = new(400, seed: 1);

    private RegressionTreeEnsemble Public => Model.TrainedTreeEnsemble;

    private FastTreeRegressionModelParameters Model =>
        field ??= ((RegressionPredictionTransformer<FastTreeRegressionModelParameters>)Train("FastTreeRegression")).Model;

    private GamRegressionModelParameters Gam =>
        field ??= ((RegressionPredictionTransformer<GamRegressionModelParameters>)Train("GamRegression")).Model;

    [Fact]
    public void Trees() => Assert.Equal(Public.Trees.Count, TreeInternals.Trees(Model).Length);

    [Fact]
    public void LeafCount() => Assert.Equal(
        Public.Trees.Select(t => t.NumberOfLeaves), TreeInternals.Trees(Model).Select(TreeInternals.LeafCount));

    [Fact]
    public void LeafValues() => Assert.Equal(
        Public.Trees.SelectMany(t => t.LeafValues), TreeInternals.Trees(Model)
            .SelectMany(t => TreeInternals.LeafValues(t).Take(TreeInternals.LeafCount(t))));

    [Fact]
    public void Leaf_values_are_the_model_s_own()
    {
        var tree = TreeInternals.Trees(Model)[0];
        TreeInternals.LeafValues(tree)[0] += 5;
        Assert.Equal(TreeInternals.LeafValues(tree)[0], TreeInternals.LeafValues(TreeInternals.Trees(Model)[0])[0]);
    }

    /// <summary>The public traversal of a row without missing values is another way to the same leaf.</summary>
    [Fact]
    public void LeafOf()
    {
        var features = new VBuffer<float>(Sample.Features, _sample.X[0]);
        Assert.Equal(
            Public.Trees.Select(t => Walk(t, _sample.X[0])), TreeInternals.Trees(Model).Select(t => TreeInternals.LeafOf(t, in features)));

        static int Walk(RegressionTree tree, float[] row)
        {
            var node = 0;
            while (node >= 0)
            {
                node = row[tree.NumericalSplitFeatureIndexes[node]] <= tree.NumericalSplitThresholds[node] ? tree.LeftChild[node]
                    : tree.RightChild[node];
            }

            return ~node;
        }
    }

    /// <summary>
    /// ML.NET's public trainers keep none; a forest that has some (other programs make them) takes them along with its leaves.
    /// </summary>
    [Fact]
    public void LeafSamples()
    {
        var transformer = Train("FastForestRegression");
        var model = ((RegressionPredictionTransformer<FastForestRegressionModelParameters>)transformer).Model;
        foreach (var tree in TreeInternals.Trees(model))
        {
            Assert.Null(TreeInternals.LeafSamples(tree));
            TreeInternals.LeafSamples(tree) = [.. TreeInternals.LeafValues(tree).SelectMany(v => new[] { v - 1, v, v + 1 })];
        }

        var layer = TreeLayer.Of(transformer)!;
        Assert.True(layer.Outputs.OfType<EnsembleScore>().Single().HasSamples);
        var moved = layer.Moved(_ml, [[.. layer.Outputs[0].Values().Select((v, l) => (2 * v) + l)]], [0.5]);
        var after = ((RegressionPredictionTransformer<FastForestRegressionModelParameters>)moved).Model;
        foreach (var tree in after.TrainedTreeEnsemble.Trees)
        {
            for (var l = 0; l < tree.NumberOfLeaves; l++)
            {
                var samples = tree.GetLeafSamplesAt(l);
                Assert.Equal(3, samples.Count);
                Assert.Equal(tree.LeafValues[l], samples[1], 1e-9);
                Assert.Equal(2, samples[2] - samples[0], 1e-9);
            }
        }
    }

    [Fact]
    public void FeatureCount_of_trees() => Assert.Equal(Sample.Features, TreeInternals.FeatureCount(Model));

    [Fact]
    public void FeatureCount_of_a_gam() => Assert.Equal(Sample.Features, TreeInternals.FeatureCount(Gam));

    [Fact]
    public void BinEffects() => Assert.Equal(
        Enumerable.Range(0, Gam.NumberOfShapeFunctions).SelectMany(s => Gam.GetBinEffects(s)), TreeInternals.BinEffects(Gam)
        .SelectMany(e => e));

    [Fact]
    public void BinUpperBounds() => Assert.Equal(
        Enumerable.Range(0, Gam.NumberOfShapeFunctions).SelectMany(s => Gam.GetBinUpperBounds(s)), TreeInternals.BinUpperBounds(Gam)
            .SelectMany(e => e));

    [Fact]
    public void ShapeToInput() => Assert.Equal(Enumerable.Range(0, Sample.Features), TreeInternals.ShapeToInput(Gam));

    [Fact]
    public void BinsOf()
    {
        var bins = new int[Gam.NumberOfShapeFunctions];
        var features = new VBuffer<float>(Sample.Features, _sample.X[0]);
        var score = TreeInternals.BinsOf(Gam, in features, bins);
        for (var s = 0; s < bins.Length; s++)
        {
            var bounds = Gam.GetBinUpperBounds(s);
            Assert.Equal(bounds.TakeWhile(b => b < _sample.X[0][s]).Count(), bins[s]);
        }

        // One is added in another order than the other.
        Assert.Equal(Gam.Bias + bins.Select((b, s) => Gam.GetBinEffects(s)[b]).Sum(), score, 1e-12);
    }

    [Fact]
    public void Bias()
    {
        Assert.Equal(Gam.Bias, TreeInternals.Bias(Gam));
        TreeInternals.Bias(Gam) += 1;
        Assert.Equal(Gam.Bias, TreeInternals.Bias(Gam));
    }

    [Fact]
    public void Models()
    {
        using var stream = new MemoryStream();
        TreeInternals.Models(_ml).Save(Train("GamRegression"), null, stream);
        Assert.NotEqual(0, stream.Length);
    }

    /// <summary>The slopes that the links of the layers rest on.</summary>
    [Theory]
    [InlineData("FastTreeBinary", 0.4)]
    [InlineData("LightGbmBinary", 0.5)]
    [InlineData("GamBinary", 1)]
    public void Platt_slopes(string name, double scale)
    {
        var link = TreeLayer.Of(Train(name))!.Links.Single();
        Assert.Equal((scale, 0.0, false), (link.Scale, link.Shift, link.IsMargin));
    }

    [Fact]
    public void A_forest_of_two_classes_gives_a_margin() => Assert.True(TreeLayer.Of(Train("FastForestBinary"))!.Links.Single().IsMargin);

    [Theory]
    [InlineData("LightGbmSoftmax", (int)TreeTask.Softmax)]
    [InlineData("LightGbmOneVersusAll", (int)TreeTask.OneVersusAll)]
    [InlineData("OneVersusAllOfFastTree", (int)TreeTask.OneVersusAll)]
    [InlineData("OneVersusAllOfGam", (int)TreeTask.OneVersusAll)]
    public void How_classes_are_combined_is_found(string name, int task) => Assert.Equal((TreeTask)task, TreeLayer.Of(Train(name))!.Task);

    [Fact]
    public void Models_of_trees_are_told_from_others()
    {
        Assert.True(TreeLayer.IsTrees(Model));
        Assert.False(TreeLayer.IsTrees(StockModels.LinearRegression(_ml, [1, 2], 0)));
        Assert.False(TreeLayer.IsTrees(null));
    }

    private ITransformer Train(string name) => StockTrees.Train(_ml, name, _sample.View(_ml));
}
