using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// Cross-validation from moments in folds: for each fold one factorisation of the others, after which the error of a start and a tau
/// is a quadratic form in the eigenbasis.
/// </summary>
/// <remarks>
/// tau is per row of the rows that are fitted, so that it means the same as in a fit to all; leave-one-out keeps the summed penalty
/// instead. The moments of the others are merged anew rather than subtracted from the total, which would lose digits.
/// </remarks>
internal sealed class KFold
{
    private readonly Fold[] _folds;
    private readonly Workers _workers;
    private readonly int _starts;

    /// <param name="moments">In two or more folds.</param>
    /// <param name="intercept">Whether the fits have an intercept.</param>
    /// <param name="starts">Starting points in columns (p x J); a zero column is plain ridge.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="InvalidOperationException">Fewer than two folds have rows.</exception>
    public KFold(Moments moments, bool intercept, Matrix starts, Workers workers)
    {
        if (starts.Rows != moments.FeatureCount)
        {
            throw new ArgumentException($"Starting points of {starts.Rows} weights for {moments.FeatureCount} features.", nameof(starts));
        }

        var filled = moments.Blocks.Where(b => b.Count > 0).ToList();
        if (filled.Count < 2)
        {
            throw new InvalidOperationException(
                $"Moments in {filled.Count} {(filled.Count == 1 ? "fold" : "folds")} with rows cannot be cross-validated. "
                + "Compute them with folds: 10 (and at least two rows), or give tau.");
        }

        _starts = starts.Columns;
        _workers = workers;
        _folds = [.. filled.Select(held => new Fold(
            MomentBlock.Merge(filled.Where(b => b != held), moments.FeatureCount), held, intercept, starts, workers))];
    }

    /// <summary>Folds with rows.</summary>
    public int Count => _folds.Length;

    /// <summary>The mean squared error (T x J) of every tau and every start over all folds.</summary>
    public Matrix MeanSquaredErrors(IReadOnlyList<double> taus)
    {
        var total = new Matrix(taus.Count, _starts);
        foreach (var errors in SquaredErrors(taus))
        {
            Product.AddScaled(1 / _folds.Sum(f => f.Weight), errors.Values, total.Values);
        }

        return total;
    }

    /// <summary>The sums of squared errors (T x J) in each fold: their differences show how sure a comparison is.</summary>
    public Matrix[] SquaredErrors(IReadOnlyList<double> taus)
    {
        foreach (var tau in taus)
        {
            Tau.Require(tau);
        }

        return [.. _folds.Select(f => f.SquaredErrors(taus, _workers))];
    }

    /// <summary>A fold that is held out, in the eigenbasis of the others: SSE(start + V g) = e - 2 g'c + g'G g.</summary>
    private sealed class Fold
    {
        private readonly double[] _eigenvalues;
        private readonly double[] _coefficients;
        private readonly Matrix _starts;
        private readonly double[] _power;
        private readonly Matrix _cross;
        private readonly Matrix _gram;

        public Fold(MomentBlock others, MomentBlock held, bool intercept, Matrix starts, Workers workers)
        {
            var spectrum = TaskSpectrum.Of(others, intercept, workers);
            _eigenvalues = spectrum.Eigenvalues;
            _coefficients = spectrum.Coefficients;
            _starts = Product.TransposedTimes(spectrum.Basis, starts, workers);
            Weight = held.Weight;

            // The moments of the held fold about the means that the fit is centred at.
            var shift = (double[])held.FeatureMeans.Clone();
            Product.AddScaled(-1, spectrum.FeatureMeans, shift);
            var labelShift = held.LabelMean - spectrum.LabelMean;
            var scatter = held.Scatter.Clone();
            for (var i = 0; i < shift.Length; i++)
            {
                Product.AddScaled(held.Weight * shift[i], shift, scatter.Row(i));
            }

            var moved = Product.Times(scatter, starts, workers);
            var residual = new Matrix(starts.Rows, starts.Columns);
            _power = new double[starts.Columns];
            for (var j = 0; j < starts.Columns; j++)
            {
                _power[j] = held.LabelScatter + (held.Weight * labelShift * labelShift);
                for (var i = 0; i < starts.Rows; i++)
                {
                    var cross = held.Cross[i] + (held.Weight * shift[i] * labelShift);
                    residual[i, j] = cross - moved[i, j];
                    _power[j] -= starts[i, j] * (cross + residual[i, j]);
                }
            }

            _cross = Product.TransposedTimes(spectrum.Basis, residual, workers);
            _gram = Product.TransposedTimes(spectrum.Basis, Product.Times(scatter, spectrum.Basis, workers), workers);
        }

        public double Weight { get; }

        public Matrix SquaredErrors(IReadOnlyList<double> taus, Workers workers)
        {
            var errors = new Matrix(taus.Count, _power.Length);
            var moves = new Matrix(_eigenvalues.Length, _power.Length);
            for (var t = 0; t < taus.Count; t++)
            {
                workers.Cancellation.ThrowIfCancellationRequested();
                for (var k = 0; k < _eigenvalues.Length; k++)
                {
                    for (var j = 0; j < _power.Length; j++)
                    {
                        moves[k, j] = (_coefficients[k] - (_eigenvalues[k] * _starts[k, j])) / (_eigenvalues[k] + taus[t]);
                    }
                }

                var curved = Product.Times(_gram, moves, workers);
                _power.CopyTo(errors.Row(t));
                for (var k = 0; k < _eigenvalues.Length; k++)
                {
                    for (var j = 0; j < _power.Length; j++)
                    {
                        errors[t, j] += moves[k, j] * (curved[k, j] - (2 * _cross[k, j]));
                    }
                }

                foreach (ref var error in errors.Row(t))
                {
                    // A perfect fit leaves rounding errors of either sign.
                    error = Math.Max(0, error);
                }
            }

            return errors;
        }
    }
}
