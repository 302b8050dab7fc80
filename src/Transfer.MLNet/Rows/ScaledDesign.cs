using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>
/// X diag(f), never written out: weights are multiplied by the factors before a product with X, and sums over rows after it. Rows stay in
/// single precision as they are, and sparse.
/// </summary>
internal sealed class ScaledDesign : Design
{
    private readonly Design _design;
    private readonly double[] _all;
    private readonly double[] _factors;

    /// <param name="design">X (n x p).</param>
    /// <param name="factors">f (p).</param>
    public ScaledDesign(Design design, double[] factors)
    {
        if (factors.Length != design.FeatureCount)
        {
            throw new ArgumentException($"{factors.Length} factors for {design.FeatureCount} features.", nameof(factors));
        }

        (_design, _all) = (design, factors);
        _factors = design.Features is { } seen ? Array.ConvertAll(seen, j => factors[j]) : factors;
    }

    public override int Rows => _design.Rows;

    public override int FeatureCount => _design.FeatureCount;

    public override long NonZeros => _design.NonZeros;

    public override int[]? Features => _design.Features;

    public override void Sweep(double[]? weights, int outputs, ScoreMap map, double[]? sum, Workers workers)
    {
        double[]? scaled = null;
        if (weights is not null)
        {
            scaled = weights[..(Width * outputs)];
            Multiply(scaled, outputs);
        }

        _design.Sweep(scaled, outputs, map, sum, workers);
        if (sum is not null)
        {
            Multiply(sum, outputs);
        }
    }

    public override double[] SquaredNorms(double[]? factors, Workers workers)
    {
        var squares = Array.ConvertAll(_factors, f => f * f);
        for (var j = 0; j < squares.Length; j++)
        {
            squares[j] *= factors?[j] ?? 1;
        }

        return _design.SquaredNorms(squares, workers);
    }

    public override void Squares(double[] factors, int outputs, double[] sums, Workers workers)
    {
        _design.Squares(factors, outputs, sums, workers);
        Multiply(sums, outputs);
        Multiply(sums, outputs);
    }

    public override Matrix RowProducts(double[]? factors, Workers workers)
    {
        var squares = Array.ConvertAll(_factors, f => f * f);
        for (var j = 0; j < squares.Length; j++)
        {
            squares[j] *= factors?[j] ?? 1;
        }

        return _design.RowProducts(squares, workers);
    }

    public override Design Take(ReadOnlySpan<int> rows) => new ScaledDesign(_design.Take(rows), _all);

    public override void Write(int first, int count, Span<double> to, int stride)
    {
        _design.Write(first, count, to, stride);
        for (var i = 0; i < count; i++)
        {
            var row = to.Slice(i * stride, Width);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] *= _factors[j];
            }
        }
    }

    private void Multiply(double[] values, int outputs)
    {
        for (var j = 0; j < _factors.Length; j++)
        {
            foreach (ref var value in values.AsSpan(j * outputs, outputs))
            {
                value *= _factors[j];
            }
        }
    }
}
