using Microsoft.ML;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Solvers.Newton;
using Transfer.MLNet.Tests.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Exact copies of rows whose labels are classes or counts: found by features that are too many-valued for chance.</summary>
public class CopiedClassRowsTests
{
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly ClassifierAdviceOptions Few = new() { SourceTauCount = 3, TargetTauCount = 4 };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Source_rows_that_are_the_targets_own_are_left_out_whatever_the_order_of_the_keys()
    {
        var (source, target) = (Classifications.Make(150, 3, Names, seed: 1), Classifications.Make(40, 3, Names, seed: 2));
        var mixed = new Classifications
        {
            X = [.. target.X, .. source.X],
            Y = [.. target.Y, .. source.Y],
            S = [.. target.S, .. source.S],
            Names = Names,
        };
        TransferAdvice Advise(Classifications from) => _ml.MulticlassClassification.AdviseTransfer(
            from.View(_ml, ["c", "a", "b"]), target.View(_ml), Few);

        var (plain, advice) = (Advise(source), Advise(mixed));

        Assert.DoesNotContain(plain.Warnings, w => w.Kind == AdviceWarningKind.RowsCopied);
        Assert.Contains("40 rows of the source are exact copies of target rows", Told(advice), StringComparison.Ordinal);
        Assert.Equal(source.Rows, advice.Sources[0].Rows);
        Assert.Equal(plain.ProbabilityOfHelp, advice.ProbabilityOfHelp);
    }

    [Fact]
    public void Copies_in_a_target_of_counts_are_told_and_count_once()
    {
        var (source, target) = (CountRows.Draw(150, [0.5, 0, 0, 0, 0.2], 1, seed: 1), CountRows.Draw(30, [0.5, 0, 0, 0, 0.2], 1, seed: 2));
        var twice = _ml.Data.LoadFromEnumerable(target.Rows.Concat(target.Rows).ToArray());
        TransferAdvice Advise(IDataView of) => _ml.Regression.AdviseTransfer(
            source.View(_ml), of, new() { Task = AdvisedTask.Count, SourceTauCount = 3, TargetTauCount = 4 });

        var (plain, advice) = (Advise(target.View(_ml)), Advise(twice));

        Assert.Contains("30 rows of the target", Told(advice), StringComparison.Ordinal);
        Assert.Equal(plain.TargetAlone.LeftOutRisk, advice.TargetAlone.LeftOutRisk);
    }

    /// <summary>Three features of three values each: of a hundred rows nearly all are there before.</summary>
    [Fact]
    public void Equal_rows_of_features_with_few_values_may_be_chance_and_all_count()
    {
        var random = new Random(1);
        double[][] x = [.. Enumerable.Range(0, 100).Select(_ => new double[] { random.Next(3), random.Next(3), random.Next(3) })];
        var rows = new ClassRows(Designs.Of(x, false), [.. x.Select(r => r[0] > 1 ? 1 : 0)], 2);

        Assert.Same(rows, RowCopies.OnceOf(rows));
    }

    /// <summary>Beyond 2,048 features, as of text, nothing is looked for.</summary>
    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void Copies_are_looked_for_among_so_many_features(int features, bool looked)
    {
        var target = Classifications.Binary(4, features, seed: 1);
        Classifications source = new()
        {
            X = [.. target.X, .. Classifications.Binary(3, features, seed: 2).X],
            Y = [.. target.Y, 0, 1, 0],
            S = [.. target.S, 1, 1, 1],
            Names = target.Names,
        };
        using var inquiry = new ClassInquiry(
            _ml.BinaryClassification, LabelReader.Boolean, new() { LabelColumnName = "Positive" });
        var (from, to) = (source.View(_ml), target.View(_ml));
        var once = inquiry.OnceOfSource(from, inquiry.Open(from, "source"), inquiry.Open(to, "target"));
        Assert.Equal(looked ? 1 : 0, inquiry.Warnings.Count(w => w.Kind == AdviceWarningKind.RowsCopied));
        Assert.Equal(looked, !ReferenceEquals(from, once));

        var rows = new ClassRows(Designs.Of([target.X[0], target.X[0], target.X[1]], false), [1, 1, 0], 2);
        Assert.Equal(looked ? 2 : 3, RowCopies.OnceOf(rows).Rows);
    }

    private static string Told(TransferAdvice advice) => advice.Warnings.Single(w => w.Kind == AdviceWarningKind.RowsCopied).Message;
}
