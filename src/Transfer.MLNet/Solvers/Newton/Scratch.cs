namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// Vectors of scores that were let go, for who needs one of the same length: with many classes each is megabytes, and the runtime clears
/// and the system maps every new one, which takes longer than what is done with it.
/// </summary>
internal sealed class Scratch
{
    // Below it a new one costs nothing.
    private const int Smallest = 1 << 14;

    private readonly Dictionary<int, Stack<double[]>> _free = [];

    /// <summary>A vector with anything in it.</summary>
    public double[] Take(int length)
    {
        lock (_free)
        {
            return _free.TryGetValue(length, out var free) && free.TryPop(out var vector) ? vector : new double[length];
        }
    }

    /// <summary>A copy.</summary>
    public double[] Copy(double[] of)
    {
        var copy = Take(of.Length);
        of.CopyTo(copy, 0);
        return copy;
    }

    /// <summary>Lets vectors go that nobody reads any more.</summary>
    public void Return(params ReadOnlySpan<double[]> vectors)
    {
        lock (_free)
        {
            foreach (var vector in vectors)
            {
                if (vector.Length < Smallest)
                {
                    continue;
                }

                if (!_free.TryGetValue(vector.Length, out var free))
                {
                    _free.Add(vector.Length, free = []);
                }

                free.Push(vector);
            }
        }
    }
}
