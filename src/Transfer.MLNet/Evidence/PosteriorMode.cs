using MathNet.Numerics.LinearAlgebra;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// The hyperparameters' most likely point by BFGS, and around it the normal approximation: their covariance, and what is expected of the
/// coefficients as a linear function of them.
/// </summary>
internal sealed class PosteriorMode
{
    private const int MostSteps = 60;

    // A step in a logarithm of more than this is an extrapolation.
    private const double LongestStep = 2;
    private const double SufficientDecrease = 1e-4;
    private const double Shortening = 0.4;
    private const double ShortestStep = 1e-4;

    // What the logarithm of the density can still gain where the search ends: a hundredth of a standard deviation.
    private const double Precision = 1e-4;

    private const double DifferenceStep = 1e-3;

    // A direction that the data say nothing of has a standard deviation of 1 / sqrt(0.05) = 4.5 on the logarithmic scale.
    private const double LeastCurvature = 0.05;

    private PosteriorMode(JointEvaluation evaluation, Matrix<double> covariance, SecondMoments moments, Fieller alignment, Matrix targetRoot, double targetSignalVariance)
    {
        (Evaluation, Covariance, Moments, Alignment, TargetRoot, TargetSignalVariance) = (evaluation, covariance, moments, alignment, targetRoot, targetSignalVariance);
    }

    /// <summary>The model at the mode.</summary>
    public JointEvaluation Evaluation { get; }

    /// <summary>The covariance of the hyperparameters (5 x 5), in the coordinates of <see cref="Hyperparameters.ToVector"/>.</summary>
    public Matrix<double> Covariance { get; }

    /// <summary>What is expected of the coefficients at the mode.</summary>
    public SecondMoments Moments { get; }

    /// <summary>w0'w1 and |w0|^2 with their covariance, that of the coefficients and that of the hyperparameters together.</summary>
    public Fieller Alignment { get; }

    /// <summary>R (p x 5), RR' = the covariance of E[w1 | data, hyperparameters] over the hyperparameters.</summary>
    public Matrix TargetRoot { get; }

    /// <summary>The variance of E[|w1|^2 | data, hyperparameters] over the hyperparameters.</summary>
    public double TargetSignalVariance { get; }

    public static PosteriorMode Find(HyperparameterPosterior posterior, Workers workers) => Around(Climb(posterior, workers), workers);

    private static HyperparameterPosterior.Point Climb(HyperparameterPosterior posterior, Workers workers)
    {
        var likelihood = posterior.Likelihood;
        var here = posterior.Start(workers);
        var gradient = Vector<double>.Build.DenseOfArray(here.Gradient());
        // The curvature to begin with: noise is known as well as its degrees of freedom say, the rest within a factor.
        var inverse = Matrix<double>.Build.DenseOfDiagonalArray([0.3, 0.3, 2 / likelihood.Source.Degrees, 2 / likelihood.Target.Degrees, 0.1]);
        for (var step = 0; step < MostSteps; step++)
        {
            workers.Cancellation.ThrowIfCancellationRequested();
            var move = inverse * gradient;
            move *= Math.Min(1, LongestStep / Math.Max(move.AbsoluteMaximum(), double.Epsilon));
            var slope = move * gradient;
            if (!(slope > Precision) || Walk(posterior, here, move, slope, workers) is not { } next)
            {
                break;
            }

            var moved = Vector<double>.Build.DenseOfArray(next.At) - Vector<double>.Build.DenseOfArray(here.At);
            var nextGradient = Vector<double>.Build.DenseOfArray(next.Gradient());
            inverse = Updated(inverse, moved, gradient - nextGradient);
            (here, gradient) = (next, nextGradient);
        }

        return here;
    }

    // Backtracking: the first of ever shorter moves that rises as its slope promises, or null where none does.
    private static HyperparameterPosterior.Point? Walk(
        HyperparameterPosterior posterior, HyperparameterPosterior.Point from, Vector<double> move, double slope, Workers workers)
    {
        for (var length = 1.0; length > ShortestStep; length *= Shortening)
        {
            var factor = length;
            var at = from.At.Zip(move, (x, d) => x + (factor * d)).ToArray();
            if (posterior.TryAt(at, workers) is { } next && next.LogDensity >= from.LogDensity + (SufficientDecrease * length * slope))
            {
                return next;
            }
        }

        return null;
    }

    // The BFGS update of the inverse curvature, left out where the density is not concave along the move.
    private static Matrix<double> Updated(Matrix<double> inverse, Vector<double> moved, Vector<double> bent)
    {
        var along = moved * bent;
        if (along <= 1e-12)
        {
            return inverse;
        }

        var left = Matrix<double>.Build.DenseIdentity(moved.Count) - (moved.OuterProduct(bent) / along);
        return (left * inverse * left.Transpose()) + (moved.OuterProduct(moved) / along);
    }

    private static PosteriorMode Around(HyperparameterPosterior.Point mode, Workers workers)
    {
        const int d = Hyperparameters.Count;
        var posterior = mode.Posterior;
        var moments = mode.Evaluation.SecondMoments();
        var curvature = Matrix<double>.Build.Dense(d, d);
        // Of w0'w1, |w0|^2 and |w1|^2 by the hyperparameters.
        var slopes = Matrix<double>.Build.Dense(3, d);
        var means = Matrix<double>.Build.Dense(moments.TargetMean.Length, d);
        // Of the prior precision of (w0j, w1j), at fixed noise, by the hyperparameters.
        var precisions = Matrix<double>.Build.Dense(3, d);
        for (var i = 0; i < d; i++)
        {
            // A step to a point that cannot be evaluated (r next to 1) is one to the mode itself: a one-sided difference.
            var (up, down) = (Moved(posterior, mode, i, DifferenceStep, workers), Moved(posterior, mode, i, -DifferenceStep, workers));
            var width = up.At[i] - down.At[i];
            var (gradientUp, gradientDown) = (up.Gradient(), down.Gradient());
            var (momentsUp, momentsDown) = (up.Evaluation.SecondMoments(), down.Evaluation.SecondMoments());
            for (var j = 0; j < d; j++)
            {
                curvature[i, j] = (gradientDown[j] - gradientUp[j]) / width;
            }

            slopes[0, i] = (momentsUp.Cross - momentsDown.Cross) / width;
            slopes[1, i] = (momentsUp.Signal - momentsDown.Signal) / width;
            slopes[2, i] = (momentsUp.TargetSignal - momentsDown.TargetSignal) / width;
            for (var j = 0; j < means.RowCount; j++)
            {
                means[j, i] = (momentsUp.TargetMean[j] - momentsDown.TargetMean[j]) / width;
            }

            var (precisionUp, precisionDown) = (Precisions(up.Evaluation), Precisions(down.Evaluation));
            for (var j = 0; j < 3; j++)
            {
                precisions[j, i] = (precisionUp[j] - precisionDown[j]) / width;
            }
        }

        var evd = ((curvature + curvature.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        var root = evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalArray(
            evd.EigenValues.Select(v => 1 / Math.Sqrt(Math.Max(v.Real, LeastCurvature))).ToArray());
        var conditional = GivenHyperparameters(slopes, precisions);
        var between = slopes * root;
        var total = conditional + (between * between.Transpose());
        var alignment = new Fieller(moments.Cross, moments.Signal, total[0, 0], total[1, 1], total[0, 1]);
        return new(mode.Evaluation, root * root.Transpose(), moments, alignment, ToMatrix(means * root), total[2, 2]);
    }

    // The posterior of the coefficients is an exponential family in the prior precision L: exp(-(L00 |w0|^2 + 2 L01 w0'w1 + L11 |w1|^2) / 2),
    // so the covariances of w0'w1, |w0|^2 and |w1|^2 are derivatives of their means (Louis 1982): Cov(., w0'w1) = -d./dL01,
    // Cov(., |w0|^2) = -2 d./dL00, Cov(., |w1|^2) = -2 d./dL11.
    private static Matrix<double> GivenHyperparameters(Matrix<double> slopes, Matrix<double> precisions)
    {
        // At fixed noise the precision is a function of the two taus and of r.
        int[] free = [0, 1, 4];
        var byPrecision = Columns(slopes, free) * Columns(precisions, free).Inverse();
        var covariance = Matrix<double>.Build.Dense(3, 3);
        for (var i = 0; i < 3; i++)
        {
            covariance[i, 0] = -byPrecision[i, 1];
            covariance[i, 1] = -2 * byPrecision[i, 0];
            covariance[i, 2] = -2 * byPrecision[i, 2];
        }

        return (covariance + covariance.Transpose()) / 2;
    }

    // (L00, L01, L11) = [[v0, v01], [v01, v1]]^-1.
    private static double[] Precisions(JointEvaluation at)
    {
        var (v0, v1, r) = (at.SourceVariance, at.TargetVariance, at.At.Correlation);
        var unexplained = 1 - (r * r);
        return [1 / (v0 * unexplained), -r / (Math.Sqrt(v0 * v1) * unexplained), 1 / (v1 * unexplained)];
    }

    private static HyperparameterPosterior.Point Moved(
        HyperparameterPosterior posterior, HyperparameterPosterior.Point from, int coordinate, double step, Workers workers)
    {
        var at = (double[])from.At.Clone();
        at[coordinate] += step;
        return posterior.TryAt(at, workers) ?? from;
    }

    private static Matrix<double> Columns(Matrix<double> from, int[] columns) =>
        Matrix<double>.Build.DenseOfColumnVectors(columns.Select(from.Column));

    private static Matrix ToMatrix(Matrix<double> from) => new(from.RowCount, from.ColumnCount, from.ToRowMajorArray());
}
