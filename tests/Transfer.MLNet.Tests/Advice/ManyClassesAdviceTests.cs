using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>More scores of rows and classes than an array holds, on any machine: refused as soon as the rows are counted.</summary>
public class ManyClassesAdviceTests
{
    private const int Classes = 46_400;

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_fit_of_more_classes_than_memory_holds_is_refused_with_what_fits()
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(tau: 1e-3).Fit(Rows()));
        Assert.Contains("46400 classes (column 'Label') with 46400 rows", e.Message, StringComparison.Ordinal);
        Assert.Contains("predict in two steps", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_an_advice()
    {
        var e = Assert.Throws<InvalidOperationException>(() => _ml.MulticlassClassification.AdviseTransfer(Rows(), Rows()));
        Assert.Contains("46400 classes (column 'Label') with 46400 rows", e.Message, StringComparison.Ordinal);
    }

    private IDataView Rows()
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), Classes);
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1);
        return _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, Classes).Select(i => new Row { Label = (uint)i, Features = [i] }), schema);
    }

    private sealed class Row
    {
        public uint Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
