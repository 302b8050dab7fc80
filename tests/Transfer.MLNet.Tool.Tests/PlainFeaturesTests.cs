using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Features that are computed from cells at once are those that ML.NET's transforms give, bit by bit.</summary>
public sealed class PlainFeaturesTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Standardised_numbers_are_those_of_the_transforms_to_the_last_bit()
    {
        var random = new Random(3);
        var text = new StringBuilder("wide,gaps,tiny,whole,y\n");
        for (var i = 0; i < 400; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{(random.NextDouble() - 0.5) * 1e12:R},{(i % 7 == 2 ? "" : $"{random.NextDouble():R}")},")
                .Append(CultureInfo.InvariantCulture, $"{random.NextDouble() * 1e-20:R},{i % 9},{random.NextDouble():R}\n");
        }

        var (featuriser, rows) = Featurised(text.ToString());
        var column = PlainFeatures.Column(featuriser, rows.Schema);
        Assert.NotNull(column);
        var expected = featuriser.Transform(rows);
        var computed = rows.With(column);
        Assert.Equal(Names(expected), Names(computed));
        Assert.Equal(["wide", "gaps", "tiny", "whole", "gaps missing"], Names(computed));
        var (theirs, ours) = (Bits(expected), Bits(computed));
        Assert.Equal(400, ours.Length);
        Assert.Equal(theirs, ours);
    }

    [Theory]
    [InlineData("a,kind,y\n", "red", "blue")]
    [InlineData("a,day,y\n", "2026-03-01", "2026-04-07")]
    public void Other_columns_are_left_to_the_transforms(string header, string one, string other)
    {
        var (featuriser, rows) = Featurised(
            header + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * i % 17}.5,{(i % 2 == 0 ? one : other)},{i % 5}.25\n")));
        Assert.Null(PlainFeatures.Column(featuriser, rows.Schema));
        Assert.Equal(40, PlainFeatures.Of(rows, featuriser).GetColumn<VBuffer<float>>(Featurisation.Features).Count());
    }

    private (ITransformer Featuriser, TableView Rows) Featurised(string csv)
    {
        _tool.Write("a.csv", csv);
        var file = TableFile.Find(_tool.At("a.csv"), new TableFormat());
        var plan = TablePlan.Of([new RowSource(file, [], "a.csv")], "y", new ColumnWishes(), TaskKind.Regression, null, [], _ => { },
            TestContext.Current.CancellationToken);
        var rows = new PlannedRows(plan, TestContext.Current.CancellationToken);
        return (Featurisation.Fit(new MLContext(1), plan, 100, rows.All(), rows.InputSchema()), rows.Of(0));
    }

    private static string[] Names(IDataView view)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        view.Schema[Featurisation.Features].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private static int[][] Bits(IDataView view) => [.. view.GetColumn<VBuffer<float>>(Featurisation.Features)
        .Select(v => v.DenseValues().Select(BitConverter.SingleToInt32Bits).ToArray())];
}
