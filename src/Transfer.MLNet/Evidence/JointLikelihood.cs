using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// The likelihood of both tasks together under <see cref="Hyperparameters"/>, in their eigenbases. Divided by their standard deviations
/// the z of the two tasks have covariance [[I, rM], [rM', I]], M = F0^1/2 V0'V1 F1^1/2 with the shrinkage F = lambda / (lambda + tau):
/// one Cholesky factor of I - r^2 MM', of the smaller of the two ranks, gives the likelihood, its gradient and every posterior moment.
/// </summary>
internal sealed class JointLikelihood
{
    public JointLikelihood(TaskEvidence source, TaskEvidence target, Workers workers)
    {
        Source = source;
        Target = target;
        SourceIsSmaller = source.Z.Length <= target.Z.Length;
        var (small, large) = SourceIsSmaller ? (source, target) : (target, source);
        Coupling = Product.TransposedTimes(small.Spectrum.Basis, large.Spectrum.Basis, workers);
    }

    public TaskEvidence Source { get; }

    public TaskEvidence Target { get; }

    /// <summary>Whether the source has the smaller rank (or the same).</summary>
    public bool SourceIsSmaller { get; }

    /// <summary>V'V of the task of smaller rank (rows) with the other (columns).</summary>
    public Matrix Coupling { get; }

    /// <summary>The model at one point, or null where it is numerically degenerate (r too near 1 for the data to be told apart).</summary>
    public JointEvaluation? TryAt(Hyperparameters at, Workers workers)
    {
        var source = Side.Of(Source, at.SourceTau, at.SourceNoise);
        var target = Side.Of(Target, at.TargetTau, at.TargetNoise);
        var (small, large) = SourceIsSmaller ? (source, target) : (target, source);

        var m = new Matrix(Coupling.Rows, Coupling.Columns);
        for (var i = 0; i < m.Rows; i++)
        {
            var from = Coupling.Row(i);
            var to = m.Row(i);
            var factor = small.RootShrinkage[i];
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = factor * from[j] * large.RootShrinkage[j];
            }
        }

        var k = new Matrix(m.Rows, m.Rows);
        for (var i = 0; i < k.Rows; i++)
        {
            k[i, i] = 1;
        }

        var view = MatrixView.Of(m);
        BlockedProduct.Add(-at.Correlation * at.Correlation, view, view.Transposed, MatrixView.Of(k), workers, Part.Lower);
        var factorised = Cholesky.TryFactor(k, workers);
        return factorised is null ? null : new JointEvaluation(this, at, source, target, m, factorised, workers);
    }

    /// <summary>sum over i, j of a_i (v0_i'v1_j)^2 b_j = tr(V0 diag(a) V0' V1 diag(b) V1').</summary>
    public double SharedTrace(ReadOnlySpan<double> source, ReadOnlySpan<double> target)
    {
        var small = SourceIsSmaller ? source : target;
        var large = SourceIsSmaller ? target : source;
        var sum = 0.0;
        for (var i = 0; i < small.Length; i++)
        {
            var row = Coupling.Row(i);
            var inner = 0.0;
            for (var j = 0; j < row.Length; j++)
            {
                inner += row[j] * row[j] * large[j];
            }

            sum += small[i] * inner;
        }

        return sum;
    }

    /// <summary>One task at one tau and noise variance.</summary>
    /// <param name="RootShrinkage">sqrt f, f = lambda / (lambda + tau).</param>
    /// <param name="Scaled">u: z over its standard deviation.</param>
    /// <param name="LogTerms">What the task adds to -2 log likelihood besides u'u.</param>
    internal sealed record Side(double[] RootShrinkage, double[] Scaled, double LogTerms)
    {
        public double Shrinkage(int k) => RootShrinkage[k] * RootShrinkage[k];

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
}
