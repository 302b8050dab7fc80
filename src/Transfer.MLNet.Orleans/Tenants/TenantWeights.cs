namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>A tenant's layer, as ML.NET's model of it holds it.</summary>
/// <param name="Weights">p weights.</param>
/// <param name="Intercept">Beside them.</param>
/// <param name="Rows">That it was made of.</param>
/// <param name="Tau">Per row; null where they were drawn to what all tenants teach.</param>
/// <param name="LeftOutError">Root mean squared error of left-out rows; null where tau was given.</param>
internal sealed record TenantWeights(float[] Weights, float Intercept, long Rows, double? Tau, double? LeftOutError)
{
    /// <summary>b + w'x.</summary>
    public double Score(ReadOnlySpan<float> features)
    {
        double sum = Intercept;
        for (var j = 0; j < features.Length; j++)
        {
            sum += (double)Weights[j] * features[j];
        }

        return sum;
    }
}
