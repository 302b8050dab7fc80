namespace Transfer.MLNet.Trees.Solvers;

/// <summary>score_k = intercept_k + scale * source_k + the moves of the leaves that the row falls into.</summary>
/// <param name="Intercepts">One an output.</param>
/// <param name="Scales">What each output of the source is multiplied by: c; all the same but for one-versus-all.</param>
/// <param name="Moves">d of each output (L), in units of the score; null where the leaves are not moved.</param>
internal sealed record LeafFit(double[] Intercepts, double[] Scales, double[][]? Moves)
{
    public static LeafFit AsItIs(int outputs) => new(new double[outputs], [.. Enumerable.Repeat(1.0, outputs)], null);
}
