using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Transfer.MLNet.Rows;

/// <summary>
/// Which fold a row belongs to: a function of the seed and of the row's place in its data, so that it needs no memory and no second
/// pass. Of every K rows in a row one goes to each fold, in an order drawn anew each time: folds are random, whatever the order of
/// the file, and of equal size.
/// </summary>
internal sealed class Folds
{
    private readonly int[] _order;
    private readonly ulong _seed;
    private long _group = -1;

    /// <param name="count">K.</param>
    /// <param name="seed">What the draws start from.</param>
    /// <param name="partition">Which part of the data positions are counted in: parts of different names are dealt independently. null:
    /// the whole.</param>
    public Folds(int count, int seed, string? partition = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _order = new int[count];
        _seed = Mix((ulong)seed + 0x9E3779B97F4A7C15);
        if (partition is not null)
        {
            _seed = Mix(_seed ^ BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(partition))));
        }
    }

    public int Count => _order.Length;

    public int Of(long position)
    {
        var group = position / Count;
        if (group != _group)
        {
            Draw(group);
            _group = group;
        }

        return _order[position % Count];
    }

    /// <summary>Fisher and Yates's shuffle on the numbers of a generator that is seeded by the group.</summary>
    private void Draw(long group)
    {
        var state = _seed ^ Mix((ulong)group);
        for (var i = 0; i < _order.Length; i++)
        {
            state += 0x9E3779B97F4A7C15;
            var j = (int)Math.BigMul(Mix(state), (ulong)(i + 1), out _);
            _order[i] = _order[j];
            _order[j] = i;
        }
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
