namespace Transfer.MLNet.Trees.Solvers;

/// <summary>The loss of one row as a function of its score.</summary>
internal abstract class RowLoss
{
    /// <summary>log(1 + exp(f)) - y f, y being 0 or 1.</summary>
    public static RowLoss Logistic { get; } = new LogisticLoss();

    /// <summary>exp(f) - y f, the Poisson deviance but for what does not depend on f.</summary>
    public static RowLoss Poisson { get; } = new PoissonLoss();

    /// <summary>(f - y)^2 / 2.</summary>
    public static RowLoss Squared { get; } = new SquaredLoss();

    public abstract double Value(double label, double score);

    /// <summary>The first and the second derivative.</summary>
    public abstract (double Slope, double Curvature) Derivatives(double label, double score);

    private sealed class LogisticLoss : RowLoss
    {
        public override double Value(double label, double score)
            => Math.Max(score, 0) - (label * score) + double.LogP1(Math.Exp(-Math.Abs(score)));

        public override (double Slope, double Curvature) Derivatives(double label, double score)
        {
            var p = 1 / (1 + Math.Exp(-score));
            return (p - label, p * (1 - p));
        }
    }

    private sealed class PoissonLoss : RowLoss
    {
        // exp overflows at 709; a rate of e^300 means that something else is wrong, and a step back finds a smaller loss.
        private const double Largest = 300;

        public override double Value(double label, double score) => Math.Exp(Math.Min(score, Largest)) - (label * score);

        public override (double Slope, double Curvature) Derivatives(double label, double score)
        {
            var rate = Math.Exp(Math.Min(score, Largest));
            return (rate - label, rate);
        }
    }

    private sealed class SquaredLoss : RowLoss
    {
        public override double Value(double label, double score) => (score - label) * (score - label) / 2;

        public override (double Slope, double Curvature) Derivatives(double label, double score) => (score - label, 1);
    }
}
