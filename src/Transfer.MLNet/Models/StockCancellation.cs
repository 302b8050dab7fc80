using Microsoft.ML.Runtime;

namespace Transfer.MLNet.Models;

/// <summary>
/// One token for both ways to stop: the caller's own token, and ML.NET's environment, which only has a flag to look at and is
/// looked at every so often.
/// </summary>
internal sealed class StockCancellation : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly IHostEnvironment _environment;
    private readonly CancellationTokenSource _source;
    private readonly Timer _timer;

    public StockCancellation(IHostEnvironment environment, CancellationToken token)
    {
        _environment = environment;
        _source = CancellationTokenSource.CreateLinkedTokenSource(token);
        if (StockModels.IsCanceled(environment))
        {
            _source.Cancel();
        }

        _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // Waits for a look that is under way, which would else find the source disposed of.
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended))
        {
            ended.WaitOne();
        }

        _source.Dispose();
    }

    private void Look()
    {
        if (StockModels.IsCanceled(_environment))
        {
            _source.Cancel();
        }
    }
}
