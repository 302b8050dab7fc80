namespace Transfer.MLNet.Kernels;

/// <summary>
/// A part of a long computation, which tells the share of the whole that is done. Parts are split by what they are expected to cost, and
/// told from any thread; the share never falls.
/// </summary>
internal sealed class ShareDone
{
    private readonly Whole? _whole;
    private readonly double _from;
    private readonly double _length;

    private ShareDone(Whole? whole, double from, double length) => (_whole, _from, _length) = (whole, from, length);

    /// <summary>Of a computation that nobody looks at.</summary>
    public static ShareDone Untold { get; } = new(null, 0, 1);

    /// <summary>The whole, told to somebody.</summary>
    /// <param name="told">null: nobody.</param>
    public static ShareDone To(IProgress<double>? told) => told is null ? Untold : new(new Whole(told), 0, 1);

    /// <summary>That so much of this part is done.</summary>
    /// <param name="share">From 0 to 1.</param>
    public void Report(double share) => _whole?.Report(_from + (_length * Math.Clamp(share, 0, 1)));

    /// <summary>That this part is done.</summary>
    public void Done() => Report(1);

    /// <summary>Parts one after another.</summary>
    /// <param name="costs">What each is expected to cost, in any unit; not below zero.</param>
    public ShareDone[] Split(params ReadOnlySpan<double> costs)
    {
        var (parts, sum, all) = (new ShareDone[costs.Length], 0.0, 0.0);
        foreach (var cost in costs)
        {
            all += cost;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = new(_whole, _from + (_length * (all > 0 ? sum / all : 0)), _length * (all > 0 ? costs[i] / all : 0));
            sum += costs[i];
        }

        return parts;
    }

    /// <summary>What is to be called after each of so many pieces, on any thread.</summary>
    /// <param name="pieces">Of about the same cost.</param>
    public Action Counting(int pieces)
    {
        var done = 0;
        return _whole is null ? () => { } : () => Report((double)Interlocked.Increment(ref done) / pieces);
    }

    private sealed class Whole(IProgress<double> told)
    {
        // Finer nobody looks.
        private const double Step = 1e-3;

        private readonly Lock _gate = new();
        private double _last;

        public void Report(double share)
        {
            share = share > 1 - (Step * Step) ? 1 : share;
            lock (_gate)
            {
                if (share >= _last + Step || (share >= 1 && _last < 1))
                {
                    _last = share;
                    told.Report(share);
                }
            }
        }
    }
}
