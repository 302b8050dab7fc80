using Microsoft.ML;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>The advice tells how far it is, and can be ended from there.</summary>
public class AdviceProgressTests
{
    private static readonly MLContext Ml = new(1);

    [Xunit.Theory]
    [InlineData(AdvisedTask.Regression)]
    [InlineData(AdvisedTask.Binary)]
    [InlineData(AdvisedTask.Count)]
    public void Shares_rise_step_by_step_to_one(AdvisedTask task)
    {
        var told = new Told(_ => { });
        Ask(task, told, default);
        Assert.True(told.Shares.Count >= 4, string.Join(" ", told.Shares));
        Assert.Equal(told.Shares.Order(), told.Shares);
        Assert.InRange(told.Shares[0], 1e-4, 0.9);
        Assert.Equal(1, told.Shares[^1]);
    }

    [Xunit.Theory]
    [InlineData(AdvisedTask.Regression)]
    [InlineData(AdvisedTask.Binary)]
    [InlineData(AdvisedTask.Count)]
    public void Cancelled_in_the_midst_it_goes_no_further(AdvisedTask task)
    {
        using var source = new CancellationTokenSource();
        var told = new Told(_ => source.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() => Ask(task, told, source.Token));
        Assert.True(told.Shares[^1] < 1);
    }

    private static void Ask(AdvisedTask task, IProgress<double> told, CancellationToken cancellation)
    {
        var random = new Random(5);
        float[] Features() => [.. Enumerable.Range(0, 5).Select(_ => random.NextSingle() - 0.5f)];
        var numbers = new[] { 300, 60 }.Select(n => Ml.Data.LoadFromEnumerable(Enumerable.Range(0, n).Select(_ => Features()).Select(
            x => new Number { Features = x, Label = task == AdvisedTask.Count ? random.Next(4) : x[0] + random.NextSingle() })
            .ToArray())).ToArray();
        if (task != AdvisedTask.Binary)
        {
            Ml.Regression.AdviseTransfer(
                numbers[0], numbers[1], new() { Task = task, Progress = told, CancellationToken = cancellation, NumberOfThreads = 1 });
            return;
        }

        var truths = numbers.Select(v => Ml.Transforms.Expression("Label", "x => x > 0.5f", "Label").Fit(v).Transform(v)).ToArray();
        Ml.BinaryClassification.AdviseTransfer(
            truths[0], truths[1], new() { Progress = told, CancellationToken = cancellation, NumberOfThreads = 1 });
    }

    private sealed class Number
    {
        [Microsoft.ML.Data.VectorType(5)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Told(Action<double> also) : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value)
        {
            Shares.Add(value);
            also(value);
        }
    }
}
