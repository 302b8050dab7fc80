using System.Diagnostics;
using System.Globalization;

namespace Transfer.MLNet.Tool.Output;

/// <summary>
/// What a step does and which share of it is done, on standard error: from the second second on, as a bar where that is a terminal, as a
/// line every ten seconds where it is not. Of a step that nobody knows the whole of, the pass over the rows that is going on.
/// </summary>
internal sealed class StepProgress : IDisposable
{
    private const int BarLength = 30;

    // An estimate from less than this share is worse than none.
    private const double LeastForEstimate = 0.1;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_redrawn = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_repeated = TimeSpan.FromSeconds(10);

    // One step at a time is shown.
    private static StepProgress? s_current;

    private string _what;
    private readonly bool _terminal;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private double _share;
    private double _pass;
    private long _passBegan;
    private long _shareBegan;
    private long _told;
    private int _drawn;
    private bool _ended;

    public StepProgress(string what, bool terminal)
    {
        _what = what;
        _terminal = terminal;
        _timer = new Timer(_ => Show(), null, terminal ? s_patience : s_repeated, terminal ? s_redrawn : s_repeated);
        s_current = this;
    }

    /// <summary>So many rows of a pass are done.</summary>
    /// <param name="rows">Done.</param>
    /// <param name="all">Of the pass; 0 where nobody knows.</param>
    public static void ReportPass(long rows, long all) => s_current?.Pass(all > 0 ? (double)rows / all : 0);

    /// <summary>All rows of a pass are done, and something else begins.</summary>
    public static void EndPass() => s_current?.Pass(0);

    /// <summary>Makes room on a terminal for a line that stays.</summary>
    public static void MakeRoom()
    {
        if (s_current is { } current)
        {
            lock (current._gate)
            {
                current.Erase();
            }
        }
    }

    /// <summary>From 0 to 1; 0 where nobody knows.</summary>
    public void Report(double share)
    {
        if (Volatile.Read(ref _share) == 0)
        {
            // What is told of began with the step, or when the last pass over the rows had ended.
            Volatile.Write(ref _shareBegan, Volatile.Read(ref _passBegan));
        }

        Volatile.Write(ref _told, _watch.ElapsedTicks);
        Volatile.Write(ref _share, double.Clamp(share, 0, 1));
    }

    /// <summary>Goes on as another step, of which nothing is done.</summary>
    public void Become(string what)
    {
        lock (_gate)
        {
            if (what != _what)
            {
                (_what, _share, _passBegan) = (what, 0, _watch.ElapsedTicks);
            }
        }
    }

    public void Dispose()
    {
        Interlocked.CompareExchange(ref s_current, null, this);
        lock (_gate)
        {
            _ended = true;
            Erase();
        }

        _timer.Dispose();
    }

    private void Erase()
    {
        if (_drawn > 0)
        {
            Screen.Progress($"\r{new string(' ', _drawn)}\r");
            _drawn = 0;
        }
    }

    private void Pass(double share)
    {
        if (Volatile.Read(ref _pass) == 0 || share == 0)
        {
            Volatile.Write(ref _passBegan, _watch.ElapsedTicks);
        }

        Volatile.Write(ref _told, _watch.ElapsedTicks);
        Volatile.Write(ref _pass, double.Clamp(share, 0, 1));
    }

    private void Show()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            var (share, pass) = (Volatile.Read(ref _share), Volatile.Read(ref _pass));
            var ofPass = share == 0 && pass > 0;
            var what = ofPass ? $"{_what}, passing over the rows" : _what;
            var began = Volatile.Read(ref ofPass ? ref _passBegan : ref _shareBegan) / (double)Stopwatch.Frequency;
            share = ofPass ? pass : share;
            var rest = share >= LeastForEstimate ? $", about {Seconds(Rest(share, began))} left" : "";
            var state = share > 0 ? $"{(100 * share).ToString("0", CultureInfo.InvariantCulture)} %{rest}"
                : $"for {Seconds(_watch.Elapsed.TotalSeconds)}";
            if (!_terminal)
            {
                Screen.Progress($"{what}: {state}{Environment.NewLine}");
                return;
            }

            var done = (int)(BarLength * share);
            var text = share > 0 ? $"{what} [{new string('#', done)}{new string('.', BarLength - done)}] {state}" : $"{what}, {state}";
            Screen.Progress($"\r{text.PadRight(_drawn)}");
            _drawn = text.Length;
        }
    }

    // From what was done when it was last told; where that was too little, from all the time since.
    private double Rest(double share, double began)
    {
        var (now, told) = (_watch.Elapsed.TotalSeconds, Volatile.Read(ref _told) / (double)Stopwatch.Frequency);
        var then = (told - began) * (1 - share) / share;
        return now - told <= then ? then - (now - told) : (now - began) * (1 - share) / share;
    }

    private static string Seconds(double seconds) => seconds < 90
        ? $"{seconds.ToString("0", CultureInfo.InvariantCulture)} s" : $"{(seconds / 60).ToString("0", CultureInfo.InvariantCulture)} min";
}
