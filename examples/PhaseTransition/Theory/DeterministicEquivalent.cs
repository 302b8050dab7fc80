using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;

namespace PhaseTransition.Theory;

/// <summary>
/// Risk of L2-SP transfer for any two covariances S0 and S1 by deterministic equivalents (<see cref="TaskEquivalent"/>; with
/// kappa^2 [G C G + c_C G S G] in place of tau^2 Q C Q for a fixed matrix C, G = (S + kappa I)^-1, c_C = (1/n) tr(C G S G) / (1 - q)).
/// </summary>
/// <remarks>
/// The target turns a start w into an error (w - w1)' M (w - w1) with M ~ kappa1^2 G1 S1 G1 / (1 - q1), plus noise of its own
/// V1 = s1^2 q1 / (1 - q1). Unlike in the isotropic limit whether a start helps depends on n1 and tau_1, through M, and for a fixed w0
/// the sign rule in rho can fail: source and target weigh directions differently.
/// </remarks>
internal sealed class DeterministicEquivalent
{
    private readonly double[] _sourceSpectrum;
    private readonly double[] _targetSpectrum;
    private readonly double _sourceRows;
    private readonly double _targetRows;
    private readonly double _sourceNoise;
    private readonly double _targetNoise;
    private readonly TaskTruths _truths;
    private readonly Matrix? _rotation;
    private readonly double[]? _targetInTargetBasis;

    /// <param name="sourceSpectrum">sigma0 (p), eigenvalues of S0.</param>
    /// <param name="sourceRows">n0.</param>
    /// <param name="sourceNoise">s0^2.</param>
    /// <param name="targetSpectrum">sigma1 (p), eigenvalues of S1; in the order of sigma0's directions where there is no rotation.</param>
    /// <param name="targetRows">n1.</param>
    /// <param name="targetNoise">s1^2.</param>
    /// <param name="truths">What is known of w0 and w1.</param>
    /// <param name="rotation">O = U0'U1 (p x p), U the eigenvectors; null where S0 and S1 share them, and all is then O(p) for each
    /// tau.</param>
    public DeterministicEquivalent(
        double[] sourceSpectrum, double sourceRows, double sourceNoise,
        double[] targetSpectrum, double targetRows, double targetNoise,
        TaskTruths truths, Matrix? rotation = null)
    {
        var p = sourceSpectrum.Length;
        if (targetSpectrum.Length != p)
        {
            throw new ArgumentException($"The source has {p} directions, the target {targetSpectrum.Length}; they must be the same "
                + $"features.", nameof(targetSpectrum));
        }

        if (rotation is not null && (rotation.Rows != p || rotation.Columns != p))
        {
            throw new ArgumentException($"The rotation must be {p} x {p}, not {rotation.Rows} x {rotation.Columns}.", nameof(rotation));
        }

        if (truths is FixedTruths w && (w.Source.Length != p || w.Target.Length != p))
        {
            throw new ArgumentException($"Both coefficient vectors must have {p} elements, not {w.Source.Length} and {w.Target.Length}.",
                nameof(truths));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(sourceNoise);
        ArgumentOutOfRangeException.ThrowIfNegative(targetNoise);
        (_sourceSpectrum, _sourceRows, _sourceNoise) = (sourceSpectrum, sourceRows, sourceNoise);
        (_targetSpectrum, _targetRows, _targetNoise) = (targetSpectrum, targetRows, targetNoise);
        (_truths, _rotation) = (truths, rotation);
        _targetInTargetBasis = truths is FixedTruths f ? ToTargetBasis(f.Target) : null;
    }

    /// <summary>The source at one tau_0.</summary>
    public TaskEquivalent Source(double tau) => new(_sourceSpectrum, _sourceRows, tau);

    /// <summary>E|what0 - w0|^2_S0.</summary>
    public double SourceRisk(double tau) => Source(tau).Risk(SourceSquares(), _sourceNoise);

    /// <summary>tau_S*, where <see cref="SourceRisk"/> is least.</summary>
    public TauMinimum BestSourceTau()
    {
        var squares = SourceSquares();
        return Search(tau => Source(tau).Risk(squares, _sourceNoise));
    }

    /// <summary>The target at one tau_1, for any number of sources.</summary>
    public TargetSide Target(double tau) => new(this, new TaskEquivalent(_targetSpectrum, _targetRows, tau));

    private double[] SourceSquares() => _truths switch
    {
        FixedTruths f => Array.ConvertAll(f.Source, v => v * v),
        RandomTruths r => Filled(r.SourceSquaredNorm / _sourceSpectrum.Length),
        _ => throw new InvalidOperationException($"Unknown kind of truths {_truths.GetType().Name}."),
    };

    private double[] Filled(double value)
    {
        var all = new double[_sourceSpectrum.Length];
        Array.Fill(all, value);
        return all;
    }

    private double[] ToTargetBasis(double[] v) => _rotation is null ? v : Product.TransposedTimes(_rotation, v);

    // kappa is what tau is measured against; below 1e-8 and above 1e8 of the spectrum's scale the ends 0 and infinity stand in.
    private TauMinimum Search(Func<double, double> value)
    {
        var scale = Math.Max(_sourceSpectrum.Sum() / Math.Min(_sourceRows, _sourceSpectrum.Length), _sourceSpectrum.Max());
        return scale > 0 ? TauMinimum.Find(value, 1e-8 * scale, 1e8 * scale)
            : new TauMinimum(double.PositiveInfinity, value(double.PositiveInfinity));
    }

    /// <summary>What the target makes of a start, at one tau_1.</summary>
    internal sealed class TargetSide
    {
        private readonly DeterministicEquivalent _pair;
        private readonly double[] _weights;
        private readonly double[] _sourceWeights;

        internal TargetSide(DeterministicEquivalent pair, TaskEquivalent task)
        {
            _pair = pair;
            Task = task;
            // M in the basis of S1 is diagonal.
            _weights = new double[task.Spectrum.Length];
            for (var j = 0; j < _weights.Length; j++)
            {
                _weights[j] = task.Spectrum[j] * task.Lost[j] * task.Lost[j] / (1 - task.Overfit);
            }

            _sourceWeights = pair._rotation is null ? _weights : DiagonalInSourceBasis(pair._rotation, _weights);
        }

        /// <summary>The target's own kappa, q and shrinkage.</summary>
        public TaskEquivalent Task { get; }

        /// <summary>The diagonal of M in the basis of S0: sum_j O_ij^2 M_j.</summary>
        public ReadOnlySpan<double> Weights => _sourceWeights;

        /// <summary>V1 = s1^2 q1 / (1 - q1), what the target's noise adds whatever the start.</summary>
        public double NoiseRisk => _pair._targetNoise * Task.Overfit / (1 - Task.Overfit);

        /// <summary>E|w1|^2_M: what is left to learn from scratch.</summary>
        public double ScratchDistance => _pair._truths switch
        {
            RandomTruths r => r.TargetSquaredNorm * _weights.Sum() / _weights.Length,
            _ => Quadratic(_pair._targetInTargetBasis!),
        };

        /// <summary>E|w1hat - w1|^2_S1 of the ridge from zero.</summary>
        public double ScratchRisk => ScratchDistance + NoiseRisk;

        /// <summary>D_M = E|c what0 - w1|^2_M of the start trained at <paramref name="tau"/> and scaled by c.</summary>
        public double Distance(double tau, double scale = 1)
        {
            var source = _pair.Source(tau);
            return Bias(source, scale) + (scale * scale * Spread(source) * (SourceBias(source) + _pair._sourceNoise));
        }

        /// <summary>
        /// |c E what0 - w1|^2_M and the part of the spread of what0 that is owed to the source's rows, not to its noise: D_M at s0 = 0.
        /// </summary>
        public double NoiseFreeDistance(double tau, double scale = 1)
        {
            var source = _pair.Source(tau);
            return Bias(source, scale) + (scale * scale * Spread(source) * SourceBias(source));
        }

        /// <summary>s0^2 c^2 c_M, the part owed to the source's noise.</summary>
        public double NoiseDistance(double tau, double scale = 1) => scale * scale * Spread(_pair.Source(tau)) * _pair._sourceNoise;

        /// <summary>R1 = D_M + V1 = E|w1hat - w1|^2_S1 of the target started from a source trained at <paramref name="tau"/>.</summary>
        public double Risk(double tau, double scale = 1) => Distance(tau, scale) + NoiseRisk;

        /// <summary>Whether that start is better than zero at the same tau_1. Free of the target's noise.</summary>
        public bool Helps(double tau, double scale = 1) => Distance(tau, scale) < ScratchDistance;

        /// <summary>tau_0*, where <see cref="Distance"/> is least on [0, infinity], and the least.</summary>
        public TauMinimum BestSourceTau() => _pair.Search(tau => Distance(tau));

        // |c H0 w0 - w1|^2_M with H0 ~ diag(h), averaged over random truths.
        private double Bias(TaskEquivalent source, double scale)
        {
            if (_pair._truths is RandomTruths r)
            {
                var sum = 0.0;
                for (var i = 0; i < _sourceWeights.Length; i++)
                {
                    var kept = scale * source.Kept[i];
                    sum += _sourceWeights[i] * kept * (kept - (2 * r.Alignment));
                }

                return ScratchDistance + (sum * r.SourceSquaredNorm / _sourceWeights.Length);
            }

            var f = (FixedTruths)_pair._truths;
            var miss = new double[f.Source.Length];
            for (var i = 0; i < miss.Length; i++)
            {
                miss[i] = (scale * source.Kept[i] * f.Source[i]) - f.Target[i];
            }

            return Quadratic(_pair.ToTargetBasis(miss));
        }

        // kappa0^2 w0'G0 S0 G0 w0.
        private double SourceBias(TaskEquivalent source)
        {
            var squares = _pair.SourceSquares();
            var sum = 0.0;
            for (var i = 0; i < squares.Length; i++)
            {
                sum += source.Spectrum[i] * source.Lost[i] * source.Lost[i] * squares[i];
            }

            return sum;
        }

        // c_M = (1 / n0) tr(M G0 S0 G0) / (1 - q0).
        private double Spread(TaskEquivalent source)
        {
            var sum = 0.0;
            for (var i = 0; i < _sourceWeights.Length; i++)
            {
                if (source.Kept[i] > 0)
                {
                    sum += _sourceWeights[i] * source.Kept[i] * source.Kept[i] / source.Spectrum[i];
                }
            }

            return sum / source.Rows / (1 - source.Overfit);
        }

        private double Quadratic(double[] inTargetBasis)
        {
            var sum = 0.0;
            for (var j = 0; j < inTargetBasis.Length; j++)
            {
                sum += _weights[j] * inTargetBasis[j] * inTargetBasis[j];
            }

            return sum;
        }

        private static double[] DiagonalInSourceBasis(Matrix rotation, double[] weights)
        {
            var diagonal = new double[weights.Length];
            for (var i = 0; i < diagonal.Length; i++)
            {
                var row = rotation.Row(i);
                for (var j = 0; j < row.Length; j++)
                {
                    diagonal[i] += row[j] * row[j] * weights[j];
                }
            }

            return diagonal;
        }
    }
}
