using Microsoft.ML;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class PlainErrorsTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void The_area_is_the_share_of_pairs_in_their_order_ties_by_halves_and_rows_by_their_weights()
    {
        var random = new Random(3);
        var labels = Enumerable.Range(0, 60).Select(_ => random.Next(2)).ToArray();
        // Few values, so that there are ties within and between the classes.
        var scores = labels.Select(y => (float)(random.Next(7) - 3 + y)).ToArray();
        var weights = labels.Select(_ => (double)random.Next(3)).ToArray();
        var rows = new ClassRows(new DenseDesign(60, 1, new float[60]), labels, 2);
        var (right, all) = (0.0, 0.0);
        var (above, pairs) = (0.0, 0.0);
        for (var i = 0; i < 60; i++)
        {
            right += weights[i] * ((scores[i] > 0 ? 1 : 0) == labels[i] ? 1 : 0);
            all += weights[i];
            for (var j = 0; j < 60; j++)
            {
                var pair = labels[i] == 1 && labels[j] == 0 ? weights[i] * weights[j] : 0;
                pairs += pair;
                above += pair * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0);
            }
        }

        var errors = PlainErrors.Of(RiskMeasure.LogLoss, rows, scores, weights);
        // Sums of whole and half numbers below 2^53 are exact; the two divisions round once each.
        Assert.Equal(above / pairs, errors.AreaUnderRocCurve!.Value, 1e-15);
        Assert.Equal(right / all, errors.Accuracy!.Value, 1e-15);
        Assert.Null(errors.MeanAbsoluteError);
    }

    [Fact]
    public void Rows_of_one_class_have_no_area()
    {
        var rows = new ClassRows(new DenseDesign(3, 1, new float[3]), [1, 1, 0], 2);
        Assert.Null(PlainErrors.Of(RiskMeasure.LogLoss, rows, [1, 2, 3], [1, 1, 0]).AreaUnderRocCurve);
    }

    [Fact]
    public void Every_way_of_classes_and_counts_says_something_plain_and_of_numbers_nothing()
    {
        var random = new Random(4);
        IDataView Rows<T>(int count, Func<float[], Random, T> label) => Ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, count).Select(_ => new float[] { random.NextSingle() - 0.5f, random.NextSingle() - 0.5f }).Select(
                x => new Row<T> { Features = x, Label = label(x, random) }).ToArray());
        var two = Ml.BinaryClassification.AdviseTransfer(
            Rows(200, (x, r) => x[0] + r.NextSingle() > 0.5), Rows(60, (x, r) => x[0] + r.NextSingle() > 0.5));
        Assert.All(two.Ways, w => Assert.InRange(w.Accuracy!.Value, 0.2, 1));
        Assert.All(two.Ways, w => Assert.InRange(w.AreaUnderRocCurve!.Value, 0.2, 1));
        Assert.All(two.Ways, w => Assert.Null(w.MeanAbsoluteError));
        Assert.Equal(two.Ways, TransferAdvice.FromJson(two.ToJson()).Ways);
        Assert.Contains("accuracy", two.ToString(), StringComparison.Ordinal);

        var key = Ml.Transforms.Conversion.MapValueToKey("Label");
        var (source, target) = (Rows(200, (x, r) => $"{(int)(3 * r.NextSingle())}"), Rows(60, (x, r) => $"{(int)(3 * r.NextSingle())}"));
        var keyed = key.Fit(source);
        var several = Ml.MulticlassClassification.AdviseTransfer(keyed.Transform(source), keyed.Transform(target));
        Assert.All(several.Ways, w => Assert.InRange(w.Accuracy!.Value, 0, 1));
        Assert.All(several.Ways, w => Assert.Null(w.AreaUnderRocCurve));

        var counts = Ml.Regression.AdviseTransfer(
            Rows(200, (x, r) => (float)r.Next(3)), Rows(60, (x, r) => (float)r.Next(3)), new() { Task = AdvisedTask.Count });
        // Counts 0, 1, 2 alike are off by 2/3 from their mean.
        Assert.All(counts.Ways, w => Assert.InRange(w.MeanAbsoluteError!.Value, 0.5, 0.9));
        Assert.All(counts.Ways, w => Assert.Null(w.Accuracy));

        var numbers = Ml.Regression.AdviseTransfer(Rows(200, (x, r) => x[0] + r.NextSingle()), Rows(60, (x, r) => x[0] + r.NextSingle()));
        Assert.All(numbers.Ways, w => Assert.True(w is { Accuracy: null, AreaUnderRocCurve: null, MeanAbsoluteError: null }));
    }

    private sealed class Row<T>
    {
        [Microsoft.ML.Data.VectorType(2)]
        public float[] Features { get; set; } = [];

        public T? Label { get; set; }
    }
}
