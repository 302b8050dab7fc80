using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>One feature of a number x: (x - Offset) * Scale in Single, as ML.NET's normaliser has it; or whether x is missing.</summary>
/// <param name="Name">Of the slot.</param>
/// <param name="Cell">The column of the file that x stands in.</param>
/// <param name="TellsMissing">Whether the feature is 1 where x is missing, and else 0.</param>
/// <param name="Offset">Subtracted first.</param>
/// <param name="Scale">Multiplied with.</param>
/// <param name="OfMissing">The feature where x is missing.</param>
internal readonly record struct FeatureSlot(string Name, string Cell, bool TellsMissing, float Offset, float Scale, float OfMissing)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Of(float x) => TellsMissing ? float.IsNaN(x) ? 1 : 0 : float.IsNaN(x) ? OfMissing : (x - Offset) * Scale;
}
