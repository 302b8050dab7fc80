namespace Transfer.MLNet.Tool.Rows;

/// <summary>All rows, or a part of them that chance decides: the same seed and the same row, the same side, in every pass.</summary>
internal readonly record struct RowSample(double HeldOut = 0, int Seed = 0, bool Complement = false)
{
    public static RowSample All => default;

    public bool Has(long row) => HeldOut <= 0 || (Uniform(row) < HeldOut) == Complement;

    // SplitMix64 (Steele, Lea and Flood 2014), of the seed and the row's number.
    private double Uniform(long row)
    {
        var z = unchecked(((ulong)(uint)Seed << 32) + ((ulong)row * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
