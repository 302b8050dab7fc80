namespace Transfer.MLNet.Trees.Solvers;

/// <summary>-log of the probability of a row's class, the probabilities being the softmax of its scores.</summary>
internal static class MultinomialLoss
{
    public static double Value(int label, ReadOnlySpan<double> scores)
    {
        var largest = scores[0];
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += Math.Exp(score - largest);
        }

        return largest + Math.Log(sum) - scores[label];
    }

    public static void Probabilities(ReadOnlySpan<double> scores, Span<double> probabilities)
    {
        var largest = scores[0];
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        var sum = 0.0;
        for (var k = 0; k < scores.Length; k++)
        {
            probabilities[k] = Math.Exp(scores[k] - largest);
            sum += probabilities[k];
        }

        foreach (ref var p in probabilities)
        {
            p /= sum;
        }
    }

    /// <summary>v becomes share (diag p - pp') v.</summary>
    public static void Curve(ReadOnlySpan<double> probabilities, double share, Span<double> v)
    {
        var mean = 0.0;
        for (var k = 0; k < v.Length; k++)
        {
            mean += probabilities[k] * v[k];
        }

        for (var k = 0; k < v.Length; k++)
        {
            v[k] = share * probabilities[k] * (v[k] - mean);
        }
    }
}
