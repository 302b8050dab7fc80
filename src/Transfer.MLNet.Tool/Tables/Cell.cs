namespace Transfer.MLNet.Tool.Tables;

/// <summary>
/// What a cell holds, in eight bytes: a number; nothing (NaN); or the place of its text in the chunk's list of texts, in the bits that a
/// NaN leaves free.
/// </summary>
internal static class Cell
{
    private const ulong TextMark = 0x7FFD_0000_0000_0000;
    private const ulong Mark = 0xFFFF_0000_0000_0000;

    public const double Missing = double.NaN;

    public static double OfText(int place) => BitConverter.UInt64BitsToDouble(TextMark | (uint)place);

    public static bool IsText(double cell) => (BitConverter.DoubleToUInt64Bits(cell) & Mark) == TextMark;

    /// <summary>Of a cell that <see cref="IsText"/>.</summary>
    public static int Place(double cell) => (int)(uint)BitConverter.DoubleToUInt64Bits(cell);

    public static bool IsMissing(double cell) => double.IsNaN(cell) && !IsText(cell);
}
