using System.Diagnostics;
using System.Globalization;

namespace Transfer.MLNet.Tool.Output;

/// <summary>
/// What a step does and which share of it is done, on standard error: from the second second on, as a bar where that is a terminal, as a line
/// every ten seconds where it is not.
/// </summary>
internal sealed class StepProgress : IDisposable
{
    private const int BarLength = 30;

    // An estimate from less than this share is worse than none.
    private const double LeastForEstimate = 0.1;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_redrawn = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_repeated = TimeSpan.FromSeconds(10);

    private readonly string _what;
    private readonly bool _terminal;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private double _share;
    private int _drawn;
    private bool _ended;

    public StepProgress(string what, bool terminal)
    {
        _what = what;
        _terminal = terminal;
        _timer = new Timer(_ => Show(), null, terminal ? s_patience : s_repeated, terminal ? s_redrawn : s_repeated);
    }

    /// <summary>From 0 to 1; 0 where nobody knows.</summary>
    public void Report(double share) => Volatile.Write(ref _share, double.Clamp(share, 0, 1));

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            if (_drawn > 0)
            {
                Screen.Progress($"\r{new string(' ', _drawn)}\r");
            }
        }

        _timer.Dispose();
    }

    private void Show()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            var share = Volatile.Read(ref _share);
            var rest = share >= LeastForEstimate ? $", about {Seconds(_watch.Elapsed.TotalSeconds * (1 - share) / share)} left" : "";
            var state = share > 0 ? $"{(100 * share).ToString("0", CultureInfo.InvariantCulture)} %{rest}" : $"for {Seconds(_watch.Elapsed.TotalSeconds)}";
            if (!_terminal)
            {
                Screen.Progress($"{_what}: {state}{Environment.NewLine}");
                return;
            }

            var done = (int)(BarLength * share);
            var text = share > 0 ? $"{_what} [{new string('#', done)}{new string('.', BarLength - done)}] {state}" : $"{_what}, {state}";
            Screen.Progress($"\r{text.PadRight(_drawn)}");
            _drawn = text.Length;
        }
    }

    private static string Seconds(double seconds) => seconds < 90
        ? $"{seconds.ToString("0", CultureInfo.InvariantCulture)} s" : $"{(seconds / 60).ToString("0", CultureInfo.InvariantCulture)} min";
}
