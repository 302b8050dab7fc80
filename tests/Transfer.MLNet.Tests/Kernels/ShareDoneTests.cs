using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class ShareDoneTests
{
    [Fact]
    public void Parts_share_the_whole_by_their_costs_and_parts_of_parts_theirs()
    {
        var told = new Told();
        var parts = ShareDone.To(told).Split(1, 3);
        parts[0].Report(0.5);
        parts[0].Done();
        var inner = parts[1].Split(2, 1);
        inner[0].Done();
        inner[1].Done();
        Assert.Equal([0.125, 0.25, 0.75, 1], told.Shares);
    }

    [Fact]
    public void A_share_never_falls_and_the_end_is_told_once()
    {
        var told = new Told();
        var whole = ShareDone.To(told);
        whole.Report(0.5);
        whole.Report(0.25);
        whole.Report(0.5 + 1e-6);
        whole.Done();
        whole.Done();
        Assert.Equal([0.5, 1], told.Shares);
    }

    [Fact]
    public void Pieces_are_counted_from_any_thread()
    {
        var told = new Told();
        var count = ShareDone.To(told).Counting(40);
        new Workers(4).For(40, _ => count());
        Assert.Equal(told.Shares.Order(), told.Shares);
        Assert.Equal(1, told.Shares[^1]);
    }

    [Fact]
    public void Nobody_needs_to_be_told()
    {
        ShareDone.Untold.Split(0, 0)[1].Done();
        ShareDone.To(null).Counting(1)();
        Assert.Same(ShareDone.Untold, new Workers(2).Progress);
        Assert.Same(ShareDone.Untold, new Workers(2, ShareDone.To(new Told()), default).Single.Progress);
    }

    private sealed class Told : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value) => Shares.Add(value);
    }
}
