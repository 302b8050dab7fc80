namespace Transfer.MLNet.Networks.Training;

/// <summary>
/// Random numbers of a seed and of what they are for: SplitMix64 (Steele, Lea, Flood 2014). Each purpose, epoch and step has its own
/// stream, so that training which goes on from a checkpoint draws what it would have drawn without the break, and no stream is shared
/// between trainings that run at the same time.
/// </summary>
internal struct RandomStream
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state;

    public RandomStream(int seed, Purpose purpose, params ReadOnlySpan<long> place)
    {
        _state = Mixed((ulong)(uint)seed + Step) ^ Mixed((ulong)purpose * Step);
        foreach (var part in place)
        {
            _state = Mixed(_state + ((ulong)part * Step) + 1);
        }
    }

    public enum Purpose
    {
        Weights = 1,
        Order = 2,
        Dropout = 3,
    }

    public ulong Next() => Mixed(_state += Step);

    /// <summary>From 0 to below 1, with 24 bits.</summary>
    public float Single() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>From 0 to below the bound (Lemire's multiplication; its bias, below 2^-32, does not matter for an order of rows).</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>0 to n - 1 in random order (Fisher and Yates).</summary>
    public int[] Permutation(int n)
    {
        var order = new int[n];
        for (var i = 0; i < n; i++)
        {
            order[i] = i;
        }

        for (var i = n - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
