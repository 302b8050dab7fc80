using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Alignment;

/// <summary>
/// The likelihood of both tasks together under <see cref="Hyperparameters"/>, in their eigenbases. Divided by their standard deviations
/// the z of the two tasks have covariance [[I, M], [M', I]], M = r F0^1/2 V0'V1 F1^1/2 with the shrinkage F = lambda / (lambda + tau):
/// one Cholesky factor of I - MM', of the smaller of the two ranks, gives the likelihood and every posterior moment.
/// </summary>
internal sealed class JointLikelihood
{
    private readonly TaskEvidence _source;
    private readonly TaskEvidence _target;
    private readonly Matrix _coupling;
    private readonly bool _sourceFirst;

    public JointLikelihood(TaskEvidence source, TaskEvidence target, Workers workers)
    {
        _source = source;
        _target = target;
        _sourceFirst = source.Z.Length <= target.Z.Length;
        var (small, large) = _sourceFirst ? (source, target) : (target, source);
        _coupling = Product.TransposedTimes(small.Spectrum.Basis, large.Spectrum.Basis, workers);
    }

    public TaskEvidence Source => _source;

    public TaskEvidence Target => _target;

    /// <summary>The model at one point, or null where it is numerically degenerate (r too near 1 for the data to be told apart).</summary>
    public Evaluation? TryAt(Hyperparameters at, Workers workers)
    {
        var (small, large) = _sourceFirst ? (_source, _target) : (_target, _source);
        var (smallTau, largeTau) = _sourceFirst ? (at.SourceTau, at.TargetTau) : (at.TargetTau, at.SourceTau);
        var (smallNoise, largeNoise) = _sourceFirst ? (at.SourceNoise, at.TargetNoise) : (at.TargetNoise, at.SourceNoise);
        var a = Side.Of(small, smallTau, smallNoise);
        var b = Side.Of(large, largeTau, largeNoise);

        var m = new Matrix(_coupling.Rows, _coupling.Columns);
        for (var i = 0; i < m.Rows; i++)
        {
            var from = _coupling.Row(i);
            var to = m.Row(i);
            var factor = at.Correlation * a.RootShrinkage[i];
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = factor * from[j] * b.RootShrinkage[j];
            }
        }

        var k = Gram.OfRows(m, workers);
        for (var i = 0; i < k.Values.Length; i++)
        {
            k.Values[i] = -k.Values[i];
        }

        for (var i = 0; i < k.Rows; i++)
        {
            k[i, i] += 1;
        }

        var factorised = Cholesky.TryFactor(k, workers);
        return factorised is null ? null : new Evaluation(this, at, a, b, m, factorised);
    }

    /// <summary>One task at one tau and noise variance: sqrt(lambda / (lambda + tau)), z over its standard deviation, and the log terms.</summary>
    internal sealed record Side(double[] RootShrinkage, double[] Scaled, double LogTerms)
    {
        public static Side Of(TaskEvidence task, double tau, double noise)
        {
            var root = new double[task.Z.Length];
            var scaled = new double[task.Z.Length];
            var logs = (task.Degrees * Math.Log(noise)) + (task.Residual / noise);
            for (var k = 0; k < root.Length; k++)
            {
                var ratio = 1 + (task.Eigenvalues[k] / tau);
                root[k] = Math.Sqrt(task.Eigenvalues[k] / (task.Eigenvalues[k] + tau));
                scaled[k] = task.Z[k] / Math.Sqrt(noise * ratio);
                logs += Math.Log(ratio);
            }

            return new(root, scaled, logs);
        }
    }

    /// <summary>The likelihood at one point, and the posterior of the coefficients given it.</summary>
    internal sealed class Evaluation
    {
        private readonly JointLikelihood _model;
        private readonly Side _small;
        private readonly Side _large;
        private readonly Matrix _m;
        private readonly Cholesky _factor;
        private readonly double[] _smallWeights;
        private readonly double[] _largeWeights;

        internal Evaluation(JointLikelihood model, Hyperparameters at, Side small, Side large, Matrix m, Cholesky factor)
        {
            (_model, At, _small, _large, _m, _factor) = (model, at, small, large, m, factor);
            var rest = Product.Times(m, large.Scaled);
            for (var i = 0; i < rest.Length; i++)
            {
                rest[i] = small.Scaled[i] - rest[i];
            }

            _smallWeights = factor.Solve(rest);
            _largeWeights = Product.TransposedTimes(m, _smallWeights);
            for (var j = 0; j < _largeWeights.Length; j++)
            {
                _largeWeights[j] = large.Scaled[j] - _largeWeights[j];
            }

            var quadratic = Product.Dot(large.Scaled, large.Scaled) + Product.Dot(rest, _smallWeights);
            LogLikelihood = -0.5 * (small.LogTerms + large.LogTerms + factor.LogDeterminant + quadratic);
        }

        public Hyperparameters At { get; }

        /// <summary>Up to a constant that depends on the numbers of rows only.</summary>
        public double LogLikelihood { get; }

        /// <summary>E[w1 | data] (p) = sqrt(v1) (V1 F1^1/2 a1 + r V0 F0^1/2 a0), a = [[I, M], [M', I]]^-1 z.</summary>
        public double[] TargetMean()
        {
            var (source, target) = InBases();
            var scale = Math.Sqrt(At.TargetVariance(_model._target.Rows));
            Scale(target, scale);
            Scale(source, scale * At.Correlation);
            var w = Product.Times(_model._target.Spectrum.Basis, target);
            Product.AddScaled(1, Product.Times(_model._source.Spectrum.Basis, source), w);
            return w;
        }

        /// <summary>E[w0 | data] (p).</summary>
        public double[] SourceMean()
        {
            var (source, target) = InBases();
            var scale = Math.Sqrt(At.SourceVariance(_model._source.Rows));
            Scale(source, scale);
            Scale(target, scale * At.Correlation);
            var w = Product.Times(_model._source.Spectrum.Basis, source);
            Product.AddScaled(1, Product.Times(_model._target.Spectrum.Basis, target), w);
            return w;
        }

        /// <summary>Var(g'w1 | data) for each column g.</summary>
        /// <param name="inSource">V0'g (q0 x k).</param>
        /// <param name="inTarget">V1'g (q1 x k).</param>
        /// <param name="squaredNorms">|g|^2 (k).</param>
        /// <param name="workers">Threads and cancellation.</param>
        public double[] TargetVariances(Matrix inSource, Matrix inTarget, ReadOnlySpan<double> squaredNorms, Workers workers)
        {
            var variance = At.TargetVariance(_model._target.Rows);
            var (sourceSide, targetSide) = _model._sourceFirst ? (_small, _large) : (_large, _small);
            var source = ScaledRows(inSource, sourceSide.RootShrinkage, At.Correlation);
            var target = ScaledRows(inTarget, targetSide.RootShrinkage, 1);
            var (small, large) = _model._sourceFirst ? (source, target) : (target, source);
            var rest = small.Clone();
            BlockedProduct.Add(-1, MatrixView.Of(_m), MatrixView.Of(large), MatrixView.Of(rest), workers);
            var whitened = _factor.SolveLower(rest, workers);
            var explained = SquaredColumns(large);
            var more = SquaredColumns(whitened);
            var variances = new double[explained.Length];
            for (var j = 0; j < variances.Length; j++)
            {
                variances[j] = Math.Max(0, variance * (squaredNorms[j] - explained[j] - more[j]));
            }

            return variances;
        }

        // F^1/2 a of source and target.
        private (double[] Source, double[] Target) InBases()
        {
            var small = Times(_smallWeights, _small.RootShrinkage);
            var large = Times(_largeWeights, _large.RootShrinkage);
            return _model._sourceFirst ? (small, large) : (large, small);
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

        private static void Scale(double[] x, double factor)
        {
            for (var i = 0; i < x.Length; i++)
            {
                x[i] *= factor;
            }
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
    }
}
