using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Wide;

/// <summary>
/// Xs = diag(sqrt(s)) (X - 1 m') of sparse X, never written out: products with X are corrected for the means. Rows may be left out,
/// by the weight zero. Its weights are those of the features that some row has; those of the others stay at the start.
/// </summary>
/// <remarks>
/// The means are taken about zero. Where most values of a feature are zero its mean is small against its deviation and nothing is lost.
/// </remarks>
internal sealed class CentredDesign
{
    private readonly Design _design;
    private readonly int[] _features;
    private readonly InterceptRule _rule;
    private readonly Workers _workers;

    /// <param name="rows">The task.</param>
    /// <param name="counts">Which rows count; null: all.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public CentredDesign(LabelledRows rows, Func<int, bool>? counts, InterceptRule rule, Workers workers)
    {
        (_design, _rule, _workers) = (rows.Design, rule, workers);
        _features = rows.Design.Features ?? [.. Enumerable.Range(0, rows.Design.FeatureCount)];
        var n = rows.Rows;
        var share = new double[n];
        var total = 0.0;
        for (var i = 0; i < n; i++)
        {
            share[i] = counts is null || counts(i) ? rows.Weights?[i] ?? 1 : 0;
            total += share[i];
            Count += share[i] > 0 ? 1 : 0;
        }

        Roots = new double[n];
        for (var i = 0; i < n; i++)
        {
            share[i] /= total;
            Roots[i] = Math.Sqrt(share[i] * Count);
        }

        Means = Gradient(share)[..Seen];
        Squares = new double[Seen];
        _design.Squares(share, 1, Squares, workers);
        LabelMean = Product.Dot(share, rows.Labels);
        if (!IsCentred)
        {
            FeatureMeans = new double[Means.Length];
            LabelShift = 0;
        }
        else
        {
            FeatureMeans = Means;
            LabelShift = LabelMean;
        }

        Labels = new double[n];
        for (var i = 0; i < n; i++)
        {
            Labels[i] = Roots[i] * (rows.Labels[i] - LabelShift);
        }
    }

    /// <summary>n, the rows that count.</summary>
    public int Count { get; }

    /// <summary>sqrt(s) (all rows), s of mean 1 over those that count.</summary>
    public double[] Roots { get; }

    /// <summary>sqrt(s_i) (y_i - mean).</summary>
    public double[] Labels { get; }

    /// <summary>Weighted means of the features that are seen, taken off or not.</summary>
    public double[] Means { get; }

    /// <summary>Weighted means of their squares.</summary>
    public double[] Squares { get; }

    public double LabelMean { get; }

    /// <summary>What they are centred at: zero where there is no free intercept.</summary>
    public double[] FeatureMeans { get; }

    /// <summary>What the label is centred at.</summary>
    public double LabelShift { get; }

    public bool IsCentred => _rule == InterceptRule.Free;

    /// <summary>Weights that a fit has: those of the features that are seen, and one more where the intercept is that of a constant
    /// feature.</summary>
    public int Width => Seen + (_rule == InterceptRule.TowardsStart ? 1 : 0);

    private int Seen => _features.Length;

    /// <summary>w_sp as the design has it.</summary>
    public double[] Of(Start start)
    {
        var w = new double[Width];
        for (var k = 0; k < Seen; k++)
        {
            w[k] = start.Weights[_features[k]];
        }

        if (_rule == InterceptRule.TowardsStart)
        {
            w[^1] = start.Intercept;
        }

        return w;
    }

    /// <summary>Values of features that are seen, in the places of all (p).</summary>
    public double[] Spread(double[] seen)
    {
        var all = new double[_design.FeatureCount];
        for (var k = 0; k < Seen; k++)
        {
            all[_features[k]] = seen[k];
        }

        return all;
    }

    /// <summary>(X - 1 m') w (all rows), without the roots.</summary>
    public double[] Predict(double[] w)
    {
        var scores = Scores(w);
        var shift = _rule == InterceptRule.TowardsStart ? -w[^1] : IsCentred ? Product.Dot(FeatureMeans, w.AsSpan(0, Seen)) : 0;
        foreach (ref var score in scores.AsSpan())
        {
            score -= shift;
        }

        return scores;
    }

    /// <summary>Xs w (all rows).</summary>
    public double[] Times(double[] w)
    {
        var scores = Predict(w);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] *= Roots[i];
        }

        return scores;
    }

    /// <summary>Xs' u.</summary>
    public double[] TransposedTimes(double[] u)
    {
        var scaled = new double[u.Length];
        var sum = 0.0;
        for (var i = 0; i < u.Length; i++)
        {
            scaled[i] = Roots[i] * u[i];
            sum += scaled[i];
        }

        var product = Gradient(scaled);
        if (IsCentred)
        {
            Product.AddScaled(-sum, FeatureMeans, product);
        }
        else if (_rule == InterceptRule.TowardsStart)
        {
            product[^1] = sum;
        }

        return product;
    }

    /// <summary>The diagonal of Xs'Xs/n.</summary>
    public double[] Diagonal()
    {
        var diagonal = new double[Width];
        for (var j = 0; j < Squares.Length; j++)
        {
            diagonal[j] = Math.Max(0, Squares[j] - (FeatureMeans[j] * FeatureMeans[j]));
        }

        if (_rule == InterceptRule.TowardsStart)
        {
            diagonal[^1] = 1;
        }

        return diagonal;
    }

    /// <summary>Xs Xs'/n (n x n), where all rows count.</summary>
    public Matrix RowProducts()
    {
        var products = _design.RowProducts(null, _workers);
        var n = products.Rows;
        var along = IsCentred ? Scores(FeatureMeans) : new double[n];
        var square = Product.Dot(FeatureMeans, FeatureMeans) + (_rule == InterceptRule.TowardsStart ? 1 : 0);
        _workers.For(n, i =>
        {
            var row = products.Row(i);
            for (var k = 0; k < n; k++)
            {
                row[k] = Roots[i] * Roots[k] * (row[k] - along[i] - along[k] + square) / n;
            }
        });
        return products;
    }

    /// <summary>The fit of the weights start + d.</summary>
    public LinearFit ToFit(Start start, double[] d)
    {
        var w = (double[])start.Weights.Clone();
        var shift = 0.0;
        for (var k = 0; k < Seen; k++)
        {
            var j = _features[k];
            w[j] += d[k];
            shift += FeatureMeans[k] * w[j];
        }

        return new(w, _rule == InterceptRule.TowardsStart ? start.Intercept + d[^1] : IsCentred ? LabelShift - shift : 0);
    }

    /// <summary>X w, of the features that are seen.</summary>
    private double[] Scores(double[] w)
    {
        var scores = new double[_design.Rows];
        _design.Sweep(w, 1, (_, first, values) => values.CopyTo(scores.AsSpan(first)), null, _workers);
        return scores;
    }

    /// <summary>X'u, of the features that are seen, and a place for the constant one.</summary>
    private double[] Gradient(double[] u)
    {
        var sum = new double[Width];
        _design.Sweep(null, 1, (_, first, values) => u.AsSpan(first, values.Length).CopyTo(values), sum, _workers);
        return sum;
    }
}
