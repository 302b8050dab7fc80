using Xunit;

namespace Transfer.MLNet.Tests.Networks.Training;

public class LearningRateScheduleTests
{
    [Fact]
    public void The_factors_are_what_the_names_say()
    {
        Assert.Equal([1, 1, 1], Factors(LearningRateSchedule.Constant, 3));
        Assert.Equal([1, 1, 0.5, 0.5, 0.25], Factors(LearningRateSchedule.Step(2, 0.5), 5));
        // Half a cosine over five epochs: cos of 0, 45, 90, 135 and 180 degrees, brought to [0.1, 1].
        Assert.All(
            new[] { 1, 0.55 + (0.45 * Math.Sqrt(0.5)), 0.55, 0.55 - (0.45 * Math.Sqrt(0.5)), 0.1 }.Zip(
                Factors(LearningRateSchedule.Cosine(0.1), 5)),
            f => Assert.Equal(f.First, f.Second, 1e-12));
        Assert.Equal([0.25, 0.5, 0.75, 1, 1, 0.1], Factors(LearningRateSchedule.Step(2).WithWarmUp(3), 6));
        Assert.Equal([1.0], Factors(LearningRateSchedule.Cosine(), 1));
        Assert.All(Factors(LearningRateSchedule.Cosine(), 8), f => Assert.True(f > 0)); // no epoch is for nothing
    }

    [Fact]
    public void Numbers_out_of_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant.WithWarmUp(0));
    }

    private static double[] Factors(LearningRateSchedule schedule, int epochs) =>
        [.. Enumerable.Range(0, epochs).Select(e => schedule.Factor(e, epochs))];
}
