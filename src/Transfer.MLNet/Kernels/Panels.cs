using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// Rows of a matrix, rearranged so that a <see cref="Tile"/> reads them in the order in which they lie: panels of
/// <c>width</c> rows, each panel column by column, the last one filled up with zeros; columns cut into blocks of
/// <see cref="BlockDepth"/>, each with all its panels before the next.
/// </summary>
internal sealed class Panels : IDisposable
{
    /// <summary>Columns in a block. One panel of A and one of B of this depth stay in the first two levels of cache.</summary>
    public const int BlockDepth = 256;

    // Loads of whole vectors that straddle no cache line.
    private const int Alignment = 64;

    // About 100 kB for a piece of the packing, so that cancellation is noticed soon.
    private const int PanelsPerPiece = 4;

    // Waking a second thread costs about as much as moving this many elements.
    private const int WorthSharing = 1 << 16;

    private readonly double[] _buffer;
    private readonly int _shift;
    private GCHandle _pin;

    public unsafe Panels(int rows, int depth, int width)
    {
        Rows = rows;
        Depth = depth;
        Width = width;
        Count = (rows + width - 1) / width;
        _buffer = ArrayPool<double>.Shared.Rent(checked((Count * width * depth) + (Alignment / sizeof(double))));
        _pin = GCHandle.Alloc(_buffer, GCHandleType.Pinned);
        var misaligned = (int)(_pin.AddrOfPinnedObject() % Alignment);
        _shift = misaligned == 0 ? 0 : (Alignment - misaligned) / sizeof(double);
    }

    public int Rows { get; }

    /// <summary>Columns, over all blocks.</summary>
    public int Depth { get; }

    public int Width { get; }

    /// <summary>Panels in a block.</summary>
    public int Count { get; }

    /// <summary>Blocks of columns.</summary>
    public int Blocks => (Depth + BlockDepth - 1) / BlockDepth;

    /// <summary>Columns of a block.</summary>
    public int DepthOf(int block) => Math.Min(BlockDepth, Depth - (block * BlockDepth));

    /// <summary>Where a panel of a block starts.</summary>
    public unsafe double* At(int block, int panel) =>
        (double*)_pin.AddrOfPinnedObject() + _shift
        + ((nint)block * BlockDepth * Count * Width)
        + ((nint)panel * DepthOf(block) * Width);

    /// <summary>Takes the rectangle of <paramref name="source"/> that starts at (row, column) and has this size.</summary>
    public void Fill(MatrixView source, int row, int column, Workers workers)
    {
        var groups = (Count + PanelsPerPiece - 1) / PanelsPerPiece;
        var sharing = (long)Rows * Depth < WorthSharing ? workers.Single : workers;
        sharing.For(groups * Blocks, piece =>
        {
            var block = piece / groups;
            var first = piece % groups * PanelsPerPiece;
            for (var panel = first; panel < Math.Min(Count, first + PanelsPerPiece); panel++)
            {
                FillPanel(source, row + (panel * Width), column + (block * BlockDepth), block, panel);
            }
        });
    }

    public void Dispose()
    {
        if (_pin.IsAllocated)
        {
            _pin.Free();
            ArrayPool<double>.Shared.Return(_buffer);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void FillPanel(MatrixView source, int row, int column, int block, int panel)
    {
        var depth = DepthOf(block);
        var rows = Math.Min(Width, Rows - (panel * Width));
        var target = At(block, panel);
        fixed (double* values = source.Values)
        {
            var from = values + source.Offset + ((nint)row * source.RowStride) + ((nint)column * source.ColumnStride);
            if (rows < Width)
            {
                new Span<double>(target, depth * Width).Clear();
                Scatter(from, source.RowStride, source.ColumnStride, rows, depth, target);
            }
            else if (source.RowStride == 1)
            {
                Copy(from, source.ColumnStride, depth, target);
            }
            else
            {
                Scatter(from, source.RowStride, source.ColumnStride, rows, depth, target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Copy(double* from, int stride, int depth, double* target)
    {
        for (var k = 0; k < depth; k++, from += stride, target += Width)
        {
            for (var i = 0; i < Width; i += 4)
            {
                // Four at a time, because every tile's width is a multiple of four.
                Unsafe.CopyBlockUnaligned(target + i, from + i, 4 * sizeof(double));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Scatter(double* from, int rowStride, int columnStride, int rows, int depth, double* target)
    {
        var i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            var x0 = from + ((nint)i * rowStride);
            var x1 = x0 + rowStride;
            var x2 = x1 + rowStride;
            var x3 = x2 + rowStride;
            var to = target + i;
            for (nint k = 0, at = 0; k < depth; k++, at += columnStride, to += Width)
            {
                to[0] = x0[at];
                to[1] = x1[at];
                to[2] = x2[at];
                to[3] = x3[at];
            }
        }

        for (; i < rows; i++)
        {
            var x = from + ((nint)i * rowStride);
            var to = target + i;
            for (nint k = 0, at = 0; k < depth; k++, at += columnStride, to += Width)
            {
                *to = x[at];
            }
        }
    }
}
