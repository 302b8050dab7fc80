using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Rows;

/// <summary>A row of Single, dense or sparse, written out in double.</summary>
internal static class DenseRow
{
    public static void Write(in VBuffer<float> from, Span<double> to)
    {
        var values = from.GetValues();
        if (from.IsDense)
        {
            Widen(values, to);
            return;
        }

        to.Clear();
        var indices = from.GetIndices();
        for (var k = 0; k < indices.Length; k++)
        {
            to[indices[k]] = values[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        to = to[..from.Length];
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var i = 0;
        for (; i + Vector<float>.Count <= from.Length; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref source, (nuint)i), out var low, out var high);
            low.StoreUnsafe(ref target, (nuint)i);
            high.StoreUnsafe(ref target, (nuint)(i + Vector<double>.Count));
        }

        for (; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }
}
