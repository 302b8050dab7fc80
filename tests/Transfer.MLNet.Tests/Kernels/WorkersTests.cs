using System.Diagnostics;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

public class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Every_piece_runs_once(int threads)
    {
        var runs = new int[1000];

        new Workers(threads).For(runs.Length, i => Interlocked.Increment(ref runs[i]));

        Assert.All(runs, r => Assert.Equal(1, r));
    }

    [Fact]
    public void Loops_can_be_nested()
    {
        var workers = new Workers(4);
        var sum = 0;

        workers.For(20, _ => workers.For(20, _ => Interlocked.Increment(ref sum)));

        Assert.Equal(400, sum);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_exception_of_a_piece_is_thrown_as_it_was_and_ends_the_loop(int threads)
    {
        var ran = 0;

        var thrown = Assert.Throws<FormatException>(() => new Workers(threads).For(100_000, i =>
        {
            Interlocked.Increment(ref ran);
            if (i == 3)
            {
                throw new FormatException("third");
            }

            // Slow pieces: the first exception of a process takes the runtime milliseconds to throw, in which the other thread
            // could run all of a loop that does nothing.
            if (i > 3)
            {
                Thread.Sleep(1);
            }
        }));

        Assert.Equal("third", thrown.Message);
        Assert.True(ran < 100_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void At_least_one_thread_is_needed(int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(threads), () => new Workers(threads));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cancellation_stops_long_work_early(int threads)
    {
        using var cancel = new CancellationTokenSource();
        var workers = new Workers(threads, cancel.Token);
        var a = Naive.Random(700, 700, 1);
        var clock = new Stopwatch();
        var pieces = 0;

        // A thread of its own: the pool's may all be busy with the tests beside this one.
        using var begun = new ManualResetEventSlim();
        var canceller = new Thread(() =>
        {
            begun.Wait();
            Thread.Sleep(20);
            clock.Start();
            cancel.Cancel();
        });
        canceller.Start();
        Assert.Throws<OperationCanceledException>(() =>
        {
            // Far more work than the test would wait for.
            while (pieces++ < 10_000)
            {
                if (pieces == 2)
                {
                    begun.Set();
                }

                Product.Times(a, a, workers);
            }
        });

        // The work would take minutes. How soon it ends on a machine with nothing else to do is tested with StreamingTests, alone.
        Assert.InRange(clock.ElapsedMilliseconds, 0, 20_000);
        canceller.Join();
    }

    [Fact]
    public void Work_that_is_cancelled_before_it_begins_does_not_begin()
    {
        var workers = new Workers(2, new CancellationToken(true));

        Assert.Throws<OperationCanceledException>(() => Gram.OfRows(new Matrix(2, 2), workers));
    }
}
