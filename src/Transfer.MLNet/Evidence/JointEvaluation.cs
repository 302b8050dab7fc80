using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// The likelihood of both tasks at one point, and the posterior of their coefficients given it. With g = [[I, rM], [rM', I]]^-1 u, of the
/// tasks' scaled u, and x_k = V_k F_k^1/2 g_k, the posterior means are sqrt(v0) (x0 + r x1) and sqrt(v1) (r x0 + x1).
/// </summary>
internal sealed class JointEvaluation
{
    private readonly JointLikelihood _model;
    private readonly JointLikelihood.Side _source;
    private readonly JointLikelihood.Side _target;
    private readonly Matrix _m;
    private readonly Cholesky _factor;
    private readonly double[] _sourceWeights;
    private readonly double[] _targetWeights;
    private readonly Lazy<Traces> _traces;

    internal JointEvaluation(
        JointLikelihood model,
        Hyperparameters at,
        JointLikelihood.Side source,
        JointLikelihood.Side target,
        Matrix m,
        Cholesky factor,
        Workers workers)
    {
        (_model, At, _source, _target, _m, _factor) = (model, at, source, target, m, factor);
        var (small, large) = model.SourceIsSmaller ? (source, target) : (target, source);
        var rest = Product.Times(m, large.Scaled);
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = small.Scaled[i] - (at.Correlation * rest[i]);
        }

        var smallWeights = factor.Solve(rest);
        var largeWeights = Product.TransposedTimes(m, smallWeights);
        for (var j = 0; j < largeWeights.Length; j++)
        {
            largeWeights[j] = large.Scaled[j] - (at.Correlation * largeWeights[j]);
        }

        (_sourceWeights, _targetWeights) = model.SourceIsSmaller ? (smallWeights, largeWeights) : (largeWeights, smallWeights);
        var quadratic = Product.Dot(large.Scaled, large.Scaled) + Product.Dot(rest, smallWeights);
        LogLikelihood = -0.5 * (small.LogTerms + large.LogTerms + factor.LogDeterminant + quadratic);
        _traces = new(() => FindTraces(workers));
    }

    public Hyperparameters At { get; }

    /// <summary>Up to a constant that depends on the numbers of rows only.</summary>
    public double LogLikelihood { get; }

    /// <summary>v0 = s0^2 / (n0 tau0).</summary>
    public double SourceVariance => At.SourceVariance(_model.Source.Rows);

    /// <summary>v1 = s1^2 / (n1 tau1).</summary>
    public double TargetVariance => At.TargetVariance(_model.Target.Rows);

    /// <summary>The derivatives of <see cref="LogLikelihood"/> in the coordinates of <see cref="Hyperparameters.ToVector"/>.</summary>
    public double[] Gradient()
    {
        var (r, traces) = (At.Correlation, _traces.Value);
        var (bySourceTau, bySourceNoise) = OfSide(_model.Source, _source, At.SourceNoise, _sourceWeights, traces.Source);
        var (byTargetTau, byTargetNoise) = OfSide(_model.Target, _target, At.TargetNoise, _targetWeights, traces.Target);
        var (small, large) = _model.SourceIsSmaller ? (_sourceWeights, _targetWeights) : (_targetWeights, _sourceWeights);
        var byCorrelation = (r * traces.Shared) + Product.Dot(small, Product.Times(_m, large));
        return [bySourceTau, byTargetTau, bySourceNoise, byTargetNoise, byCorrelation * (1 - (r * r))];
    }

    /// <summary>E[w0 | data] (p).</summary>
    public double[] SourceMean()
    {
        var (x0, x1) = Parts();
        return Combined(x0, 1, x1, At.Correlation, Math.Sqrt(SourceVariance));
    }

    /// <summary>E[w1 | data] (p).</summary>
    public double[] TargetMean()
    {
        var (x0, x1) = Parts();
        return Combined(x0, At.Correlation, x1, 1, Math.Sqrt(TargetVariance));
    }

    /// <summary>
    /// E[|w0|^2 | data], E[w0'w1 | data] and E[|w1|^2 | data], directions that neither task sees included, and E[w1 | data].
    /// </summary>
    public SecondMoments SecondMoments()
    {
        var (r, traces, p) = (At.Correlation, _traces.Value, (double)_model.Source.Spectrum.FeatureCount);
        var (x0, x1) = Parts();
        var source = Combined(x0, 1, x1, r, Math.Sqrt(SourceVariance));
        var target = Combined(x0, r, x1, 1, Math.Sqrt(TargetVariance));
        double e0 = 0, e1 = 0;
        for (var i = 0; i < traces.Source.Length; i++)
        {
            e0 += _source.Shrinkage(i) * traces.Source[i];
        }

        for (var j = 0; j < traces.Target.Length; j++)
        {
            e1 += _target.Shrinkage(j) * traces.Target[j];
        }

        var (v0, v1, both) = (SourceVariance, TargetVariance, 2 * r * r * traces.Shared);
        return new(
            Product.Dot(source, source) + (v0 * (p - (e0 - both + (r * r * e1)))),
            Product.Dot(source, target) + (Math.Sqrt(v0 * v1) * r * (p - (e0 - ((1 + (r * r)) * traces.Shared) + e1))),
            Product.Dot(target, target) + (v1 * (p - ((r * r * e0) - both + e1))),
            target);
    }

    /// <summary>Var(g'w1 | data) for each column g.</summary>
    /// <param name="inSource">V0'g (q0 x k).</param>
    /// <param name="inTarget">V1'g (q1 x k).</param>
    /// <param name="squaredNorms">|g|^2 (k).</param>
    /// <param name="workers">Threads and cancellation.</param>
    public double[] TargetVariances(Matrix inSource, Matrix inTarget, ReadOnlySpan<double> squaredNorms, Workers workers)
    {
        var source = ScaledRows(inSource, _source.RootShrinkage, At.Correlation);
        var target = ScaledRows(inTarget, _target.RootShrinkage, 1);
        var (small, large) = _model.SourceIsSmaller ? (source, target) : (target, source);
        BlockedProduct.Add(-At.Correlation, MatrixView.Of(_m), MatrixView.Of(large), MatrixView.Of(small), workers);
        var explained = SquaredColumns(large);
        var more = SquaredColumns(_factor.SolveLower(small, workers));
        var variances = new double[explained.Length];
        for (var j = 0; j < variances.Length; j++)
        {
            variances[j] = Math.Max(0, TargetVariance * (squaredNorms[j] - explained[j] - more[j]));
        }

        return variances;
    }

    // By log tau and by log s^2. M depends on tau through the root of f, whose logarithm has the derivative -(1 - f) / 2.
    private static (double Tau, double Noise) OfSide(
        TaskEvidence task, JointLikelihood.Side side, double noise, double[] weights, double[] diagonal)
    {
        double byTau = 0, inverse = 0;
        for (var k = 0; k < weights.Length; k++)
        {
            var (f, u, g) = (side.Shrinkage(k), side.Scaled[k], weights[k]);
            byTau += -f + ((1 - f) * (diagonal[k] - 1)) + (g * f * u) + ((1 - f) * g * (u - g));
            inverse += g * u;
        }

        return (-0.5 * byTau, -0.5 * (task.Degrees - (task.Residual / noise) - inverse));
    }

    private Traces FindTraces(Workers workers)
    {
        var q = _m.Rows;
        var identity = new Matrix(q, q);
        for (var i = 0; i < q; i++)
        {
            identity[i, i] = 1;
        }

        // diag of (I - r^2 MM')^-1, and of (I - r^2 M'M)^-1 = I + r^2 M'(I - r^2 MM')^-1 M.
        var small = SquaredColumns(_factor.SolveLower(identity, workers));
        var large = SquaredColumns(_factor.SolveLower(_m, workers));
        var shared = large.Sum();
        for (var j = 0; j < large.Length; j++)
        {
            large[j] = 1 + (At.Correlation * At.Correlation * large[j]);
        }

        return _model.SourceIsSmaller ? new(small, large, shared) : new(large, small, shared);
    }

    // x_k = V_k F_k^1/2 g_k.
    private (double[] Source, double[] Target) Parts() => (
        Product.Times(_model.Source.Spectrum.Basis, Times(_sourceWeights, _source.RootShrinkage)),
        Product.Times(_model.Target.Spectrum.Basis, Times(_targetWeights, _target.RootShrinkage)));

    private static double[] Combined(double[] x, double ofX, double[] y, double ofY, double scale)
    {
        var sum = new double[x.Length];
        Product.AddScaled(ofX * scale, x, sum);
        Product.AddScaled(ofY * scale, y, sum);
        return sum;
    }

    private static double[] Times(double[] x, double[] y)
    {
        var product = new double[x.Length];
        for (var i = 0; i < product.Length; i++)
        {
            product[i] = x[i] * y[i];
        }

        return product;
    }

    private static Matrix ScaledRows(Matrix from, double[] factors, double factor)
    {
        var scaled = from.Clone();
        for (var i = 0; i < scaled.Rows; i++)
        {
            foreach (ref var v in scaled.Row(i))
            {
                v *= factors[i] * factor;
            }
        }

        return scaled;
    }

    private static double[] SquaredColumns(Matrix matrix)
    {
        var sums = new double[matrix.Columns];
        for (var i = 0; i < matrix.Rows; i++)
        {
            var row = matrix.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                sums[j] += row[j] * row[j];
            }
        }

        return sums;
    }

    /// <param name="Source">diag (I - r^2 MM')^-1 (q0).</param>
    /// <param name="Target">diag (I - r^2 M'M)^-1 (q1).</param>
    /// <param name="Shared">tr (I - r^2 MM')^-1 MM'.</param>
    private sealed record Traces(double[] Source, double[] Target, double Shared);
}
