using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Features of the same names in another order are other features: added up place by place they would give nonsense in silence.</summary>
public class FeatureOrderTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [Fact]
    public void A_regression_refuses_features_in_another_order() =>
        Refused((source, target) => Ml.Regression.AdviseTransfer(source, target));

    [Fact]
    public void Groups_do_not_hide_it() => Refused((source, target) =>
        Ml.Regression.AdviseTransfer(source, target, new() { GroupColumnName = nameof(Row.Shop) }));

    [Fact]
    public void Counts_refuse_features_in_another_order() => Refused((source, target) =>
        Ml.Regression.AdviseTransfer(source, target, new() { Task = AdvisedTask.Count }));

    [Fact]
    public void Two_classes_refuse_features_in_another_order() => Refused((source, target) =>
        Ml.BinaryClassification.AdviseTransfer(source, target, new() { LabelColumnName = nameof(Row.Sold) }));

    [Fact]
    public void Several_classes_refuse_features_in_another_order() => Refused((source, target) =>
        Ml.MulticlassClassification.AdviseTransfer(source, target, new() { LabelColumnName = "Key" }));

    [Fact]
    public void Names_on_one_side_only_are_no_reason()
    {
        var named = Rows(200, "Size", "Rooms");
        var plain = Ml.Data.LoadFromEnumerable(Some(40).Select(r => new Plain { Features = [r.Size, r.Rooms], Label = r.Label }));
        Assert.Equal(40, Ml.Regression.AdviseTransfer(named, plain).TargetRows);
    }

    private static void Refused(Func<IDataView, IDataView, TransferAdvice> ask)
    {
        var refused = Assert.Throws<ArgumentException>(() => ask(Rows(200, "Size", "Rooms"), Rows(40, "Rooms", "Size")));
        Assert.Contains("'Size' as feature 0, but that of the target has 'Rooms'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Featurise both with what was fitted on the source.", refused.Message, StringComparison.Ordinal);
    }

    private static IDataView Rows(int count, params string[] features) => Ml.Transforms.Concatenate("Features", features)
        .Append(Ml.Transforms.Conversion.MapValueToKey("Key", nameof(Row.Shop)))
        .Fit(Ml.Data.LoadFromEnumerable(Some(count)))
        .Transform(Ml.Data.LoadFromEnumerable(Some(count)));

    private static Row[] Some(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (size, rooms) = ((float)random.NextDouble(), (float)random.NextDouble());
            return new Row { Size = size, Rooms = rooms, Label = MathF.Floor(8 * size + 3 * rooms), Sold = size > rooms, Shop = $"{i % 3}" };
        })];
    }

    private sealed class Row
    {
        public float Size { get; set; }

        public float Rooms { get; set; }

        public float Label { get; set; }

        public bool Sold { get; set; }

        public string Shop { get; set; } = "";
    }

    private sealed class Plain
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
