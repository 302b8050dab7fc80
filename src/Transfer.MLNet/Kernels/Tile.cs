using System.Runtime.Intrinsics;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// The innermost step of every matrix product: a small block of C kept in registers while A and B stream by.
/// </summary>
/// <remarks>
/// Each element of C is one sum over k in ascending order, whatever the tile's shape, so that tiles of different widths differ
/// only in whether a multiplication and its addition are rounded once (fused, where the processor has the instruction) or twice.
/// Results may therefore differ in the last bits between machines, never between runs or numbers of threads on one machine.
/// <para>
/// The loops here and in the other kernels are compiled at full optimisation from the first call on
/// (<see cref="System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization"/>): a fit is often the only one of its
/// process, and would be over before tiered compilation has noticed it.
/// </para>
/// </remarks>
internal abstract class Tile
{
    /// <summary>The widest tile that this processor runs in hardware.</summary>
    public static Tile Widest { get; } =
        Vector512.IsHardwareAccelerated ? new Tile512()
        : Vector256.IsHardwareAccelerated ? new Tile256()
        : Vector128.IsHardwareAccelerated ? new Tile128()
        : new TileScalar();

    /// <summary>Rows of the tile; divides <see cref="Columns"/>, so that a panel packed for B also serves as A.</summary>
    public abstract int Rows { get; }

    public abstract int Columns { get; }

    /// <summary>
    /// C += scale A B for a full tile: element (i, k) of A is <c>a[k * aStride + i]</c>, element (k, j) of B is
    /// <c>b[k * Columns + j]</c>, element (i, j) of C is <c>c[i * cStride + j]</c>.
    /// </summary>
    public abstract unsafe void Add(int depth, double* a, int aStride, double* b, double scale, double* c, nint cStride);
}
