using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// The empirical route: the errors of every starting point and every tau_1 on target rows that were left out, and how sure the
/// difference of two of them is.
/// </summary>
internal abstract class LeftOutErrors
{
    protected LeftOutErrors(double[] taus, Matrix means)
    {
        Taus = taus;
        Means = means;
    }

    /// <summary>tau_1 of the grid, ascending; the last stands for infinity: no training on the target.</summary>
    public double[] Taus { get; }

    /// <summary>The mean squared error (T x J) of every tau and every start.</summary>
    public Matrix Means { get; }

    /// <summary>
    /// The standard errors of the mean squared errors of pairs (t, j) less that of one of them, paired row by row or fold by fold.
    /// </summary>
    /// <param name="pairs">What is compared.</param>
    /// <param name="reference">With what.</param>
    public abstract double[] PairedErrors(IReadOnlyList<(int Tau, int Start)> pairs, (int Tau, int Start) reference);

    /// <summary>
    /// The standard error of the scaled start at tau t, of a scale c between column none (0) and column one (1), less the reference.
    /// </summary>
    public abstract double PairedErrorOfScale(int t, int none, int one, double scale, (int Tau, int Start) reference);

    /// <summary>The squared error of each row, left out, under one pair; null where only moments are known.</summary>
    public abstract double[]? Losses((int Tau, int Start) of);

    /// <summary>By leaving out rows, or clusters of them.</summary>
    public static LeftOutErrors ByRows(TaskSpectrum target, Matrix starts, double[] taus, Workers workers, int[][]? clusters = null) =>
        new Rows(new LeaveOneOut(target, target.CentredPredictions(starts, workers), workers, clusters), taus, clusters);

    public static LeftOutErrors ByFolds(Moments target, bool intercept, Matrix starts, double[] taus, Workers workers)
    {
        var folds = new KFold(target, intercept, starts, workers);
        return new Blocks([.. target.Blocks.Where(b => b.Count > 0).Select(b => b.Weight)], folds.SquaredErrors(taus), taus);
    }

    private sealed class Rows(LeaveOneOut leaveOneOut, double[] taus, int[][]? clusters)
        : LeftOutErrors(taus, leaveOneOut.MeanSquaredErrors(taus))
    {
        public override double[]? Losses((int Tau, int Start) of) => Array.ConvertAll(Column(of), e => e * e);

        public override double[] PairedErrors(IReadOnlyList<(int Tau, int Start)> pairs, (int Tau, int Start) reference)
        {
            var errors = new double[pairs.Count];
            var against = Column(reference);
            foreach (var group in Enumerable.Range(0, pairs.Count).GroupBy(i => pairs[i].Tau))
            {
                leaveOneOut.ForEach([Taus[group.Key]], (_, residuals) =>
                {
                    foreach (var i in group)
                    {
                        errors[i] = StandardError(row => residuals[row, pairs[i].Start], against);
                    }
                });
            }

            return errors;
        }

        public override double PairedErrorOfScale(int t, int none, int one, double scale, (int Tau, int Start) reference)
        {
            var against = Column(reference);
            var error = 0.0;
            leaveOneOut.ForEach([Taus[t]], (_, residuals) => error = StandardError(
                row => residuals[row, none] + (scale * (residuals[row, one] - residuals[row, none])), against));
            return error;
        }

        private double[] Column((int Tau, int Start) of)
        {
            var column = new double[leaveOneOut.Rows];
            leaveOneOut.ForEach([Taus[of.Tau]], (_, residuals) =>
            {
                for (var i = 0; i < column.Length; i++)
                {
                    column[i] = residuals[i, of.Start];
                }
            });
            return column;
        }

        private double StandardError(Func<int, double> residual, double[] against)
        {
            var differences = new double[against.Length];
            for (var i = 0; i < differences.Length; i++)
            {
                var e = residual(i);
                differences[i] = (e * e) - (against[i] * against[i]);
            }

            return MeanDifference.Of(differences, clusters).StandardError;
        }
    }

    private sealed class Blocks(double[] weights, Matrix[] sums, double[] taus) : LeftOutErrors(taus, Mean(weights, sums))
    {
        public override double[]? Losses((int Tau, int Start) of) => null;

        public override double[] PairedErrors(IReadOnlyList<(int Tau, int Start)> pairs, (int Tau, int Start) reference) =>
            [.. pairs.Select(p => OfFolds(k => sums[k][p.Tau, p.Start] - sums[k][reference.Tau, reference.Start]))];

        public override double PairedErrorOfScale(int t, int none, int one, double scale, (int Tau, int Start) reference)
        {
            // The column of twice the start follows that of the start.
            return OfFolds(k => Quadratic.Through(sums[k][t, none], sums[k][t, one], sums[k][t, one + 1])
                .At(scale) - sums[k][reference.Tau, reference.Start]);
        }

        private double OfFolds(Func<int, double> difference) =>
            MeanDifference.Of([.. Enumerable.Range(0, sums.Length).Select(k => difference(k) / weights[k])]).StandardError;

        private static Matrix Mean(double[] weights, Matrix[] sums)
        {
            var mean = new Matrix(sums[0].Rows, sums[0].Columns);
            foreach (var sum in sums)
            {
                Product.AddScaled(1 / weights.Sum(), sum.Values, mean.Values);
            }

            return mean;
        }
    }
}
