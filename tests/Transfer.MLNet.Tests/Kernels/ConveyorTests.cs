using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class ConveyorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Work_is_done_on_one_item_after_the_other_in_the_order_in_which_they_came(int threads)
    {
        var done = new List<int>();
        var atOnce = 0;
        var most = 0;
        var conveyor = new Conveyor<int[]>(() => new int[1], item =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            Thread.SpinWait(item[0] * 7919 % 5000);
            done.Add(item[0]);
            Interlocked.Decrement(ref atOnce);
        }, new Workers(threads));
        for (var i = 0; i < 1000; i++)
        {
            var item = conveyor.Take();
            item[0] = i;
            conveyor.Put(item);
        }

        conveyor.Finish();
        Assert.Equal(Enumerable.Range(0, 1000), done);
        Assert.Equal(1, most);
    }

    [Fact]
    public void Whoever_fills_faster_than_the_work_is_done_waits_and_few_items_are_made()
    {
        var made = 0;
        var conveyor = new Conveyor<object>(() => Interlocked.Increment(ref made), _ => Thread.Sleep(1), new Workers(2));
        for (var i = 0; i < 100; i++)
        {
            conveyor.Put(conveyor.Take());
        }

        conveyor.Finish();
        Assert.InRange(made, 1, 5);
    }

    [Fact]
    public async Task While_one_item_is_worked_on_two_wait_and_who_brings_more_waits_too_as_does_who_asks_for_the_end()
    {
        var made = 0;
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var conveyor = new Conveyor<object>(() => Interlocked.Increment(ref made), _ =>
        {
            begun.Release();
            go.Wait();
        }, new Workers(2));
        conveyor.Put(conveyor.Take());
        await begun.WaitAsync(TestContext.Current.CancellationToken); // on another thread, which now holds the item

        var brought = 0;
        var bringer = Task.Run(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                conveyor.Put(conveyor.Take());
                Interlocked.Increment(ref brought);
            }

            conveyor.Finish();
        });
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref brought) >= 2, TimeSpan.FromMinutes(2)));
        await Task.Delay(200, TestContext.Current.CancellationToken); // time for a third, were it not made to wait
        Assert.Equal(2, Volatile.Read(ref brought));
        Assert.Equal(4, Volatile.Read(ref made));

        go.Release(20);
        Assert.True(SpinWait.SpinUntil(() => begun.CurrentCount == 20, TimeSpan.FromMinutes(2)));
        Assert.False(bringer.IsCompleted); // the last of the 21 is still worked on
        go.Release();
        await bringer.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(4, made);
    }

    [Fact]
    public async Task What_the_last_item_throws_comes_out_at_the_end()
    {
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var conveyor = new Conveyor<object>(() => new object(), _ =>
        {
            begun.Release();
            go.Wait();
            throw new InvalidTimeZoneException("last");
        }, new Workers(2));
        conveyor.Put(conveyor.Take());
        await begun.WaitAsync(TestContext.Current.CancellationToken);
        var end = Task.Run(conveyor.Finish);
        go.Release();
        Assert.Equal("last", (await Assert.ThrowsAsync<InvalidTimeZoneException>(() => end)).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_the_work_throws_comes_out_as_it_was_and_no_later_item_is_worked_on(int threads)
    {
        var worked = 0;
        var conveyor = new Conveyor<object>(() => new object(), _ =>
        {
            if (Interlocked.Increment(ref worked) == 3)
            {
                throw new InvalidTimeZoneException("third");
            }
        }, new Workers(threads));
        var e = Assert.Throws<InvalidTimeZoneException>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                conveyor.Put(conveyor.Take());
            }

            conveyor.Finish();
        });
        Assert.Equal("third", e.Message);
        Assert.Equal(3, worked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_cancelled_token_ends_it(int threads)
    {
        using var stop = new CancellationTokenSource();
        var conveyor = new Conveyor<object>(() => new object(), _ => stop.Cancel(), new Workers(threads, stop.Token));
        Assert.Throws<OperationCanceledException>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                conveyor.Put(conveyor.Take());
            }

            conveyor.Finish();
        });
    }

    [Fact]
    public async Task A_pool_full_of_callers_comes_to_an_end()
    {
        var sum = 0;
        var callers = Enumerable.Range(0, 20 * Environment.ProcessorCount).Select(_ => Task.Run(() =>
        {
            var conveyor = new Conveyor<object>(() => new object(), _ => Interlocked.Increment(ref sum), new Workers(2));
            for (var i = 0; i < 50; i++)
            {
                conveyor.Put(conveyor.Take());
            }

            conveyor.Finish();
        }));
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(50 * 20 * Environment.ProcessorCount, sum);
    }
}
