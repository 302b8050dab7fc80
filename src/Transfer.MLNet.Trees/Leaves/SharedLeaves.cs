using System.Numerics;
using System.Runtime.InteropServices;

namespace Transfer.MLNet.Trees.Leaves;

/// <summary>Counts the places at which two arrays are the same.</summary>
internal static class SharedLeaves
{
    public static int Count(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var equal = Vector<int>.Zero;
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var i = 0;
        for (; i + Vector<int>.Count <= a.Length; i += Vector<int>.Count)
        {
            // Equal lanes are -1.
            equal -= Vector.Equals(Vector.LoadUnsafe(ref x, (nuint)i), Vector.LoadUnsafe(ref y, (nuint)i));
        }

        var count = Vector.Sum(equal);
        for (; i < a.Length; i++)
        {
            count += a[i] == b[i] ? 1 : 0;
        }

        return count;
    }
}
