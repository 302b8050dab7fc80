namespace Transfer.MLNet.Solvers.Newton;

/// <summary>The common level of the intercepts of classes, which the loss leaves open.</summary>
internal static class InterceptLevel
{
    /// <summary>Takes it out of a shift: those that the rows determine add up to zero, the others stay at the start.</summary>
    public static void Hold(Span<double> intercepts, ReadOnlySpan<bool> determined)
    {
        var (sum, count) = (0.0, 0);
        for (var k = 0; k < intercepts.Length; k++)
        {
            intercepts[k] = determined[k] ? intercepts[k] : 0;
            sum += intercepts[k];
            count += determined[k] ? 1 : 0;
        }

        for (var k = 0; k < intercepts.Length; k++)
        {
            intercepts[k] -= determined[k] ? sum / count : 0;
        }
    }
}
