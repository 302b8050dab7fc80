using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Retraining;

/// <summary>One model of trees, and a target for each value of a key.</summary>
public sealed class FineTuneManyTreesTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("FastTreeRegression")]
    [InlineData("LightGbmBinary")]
    public void Each_target_has_what_FineTune_makes_of_its_rows(string name)
    {
        var model = StockTrees.Train(_ml, name, new Sample(500, seed: 1).View(_ml));
        var label = StockTrees.LabelOf(name);
        var rows = Marked(new Sample(120, seed: 2, target: true).View(_ml));
        var held = new Sample(50, seed: 3, target: true).View(_ml);

        var many = _ml.Model.FineTuneMany(model, rows, "Shop", new() { LabelColumnName = label });

        Assert.Equal(["0", "1", "2"], many.Targets.Select(t => t.Key).Order());
        Assert.All(many.Targets, t => Assert.True(t.IsUnchanged || t.Rows == 40, t.ToString()));
        foreach (var target in many.Targets)
        {
            var own = _ml.Data.FilterRowsByColumn(rows, "Number3", double.Parse(target.Key), double.Parse(target.Key) + 0.5);
            var one = _ml.Model.FineTune(model, own, new() { LabelColumnName = label });
            Assert.Equal(StockTrees.Scores(one, held), StockTrees.Scores(many[target.Key], held));
        }
    }

    [Fact]
    public void A_target_of_few_rows_keeps_the_model_and_says_so()
    {
        var model = StockTrees.Train(_ml, "FastTreeRegression", new Sample(500, seed: 1).View(_ml));
        var many = _ml.Model.FineTuneMany(model, Marked(new Sample(15, seed: 2, target: true).View(_ml)), "Shop", new() { LabelColumnName = "Number" });
        Assert.All(many.Targets, t => Assert.Contains("5 rows", t.ReasonUnchanged, StringComparison.Ordinal));
        Assert.Same(model, many["1"]);

        // One file holds linear layers; what there is instead is said, and nothing is left behind.
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        Assert.Contains("Save(folder)", Assert.Throws<NotSupportedException>(() => many.SaveAll(path)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    /// <summary>Shops 0, 1 and 2 in turn, as a text and as a number.</summary>
    private IDataView Marked(IDataView rows)
    {
        var i = 0;
        var shops = _ml.Data.CreateEnumerable<Sample.Row>(rows, reuseRowObject: false).ToArray();
        var schema = SchemaDefinition.Create(typeof(Shop));
        return _ml.Data.LoadFromEnumerable(shops.Select(r => new Shop
        {
            Features = r.Features,
            Number = r.Number,
            Rate = r.Rate,
            Flag = r.Flag,
            Number3 = i % 3,
            Name = (i++ % 3).ToString(System.Globalization.CultureInfo.InvariantCulture),
        }).ToArray(), schema);
    }

    private sealed class Shop
    {
        [VectorType(Sample.Features)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public float Rate { get; set; }

        public bool Flag { get; set; }

        public float Number3 { get; set; }

        [ColumnName("Shop")]
        public string Name { get; set; } = string.Empty;
    }
}
