using Transfer.MLNet.Retraining;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

public class EnoughTargetsTests
{
    [Fact]
    public void Of_very_many_targets_some_evenly_chosen_tell_how_all_differ()
    {
        int[] targets = [.. Enumerable.Range(5, 10_000)];
        var some = TargetFits.Enough(targets, 50);
        Assert.Equal((int)(4e7 / (51 * 51 * 51)), some.Length);
        Assert.Equal((5, some.Length), (some[0], some.Distinct().Count()));
        Assert.InRange(some[^1], 9_900, 10_004);
        Assert.Equal(256, TargetFits.Enough(targets, 1_000).Length);
        Assert.Same(targets, TargetFits.Enough(targets, 10));
    }
}
