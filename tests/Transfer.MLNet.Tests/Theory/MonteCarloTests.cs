using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using PhaseTransition.Theory;
using Xunit;

namespace Transfer.MLNet.Tests.Theory;

/// <summary>
/// The formulas against simulations that share no code with them: rows drawn, both ridges solved with whole matrices, risks averaged.
/// Tolerance: four standard errors plus 2 %, the O(1 / n) error of a limit at these sizes (n1 = 60).
/// </summary>
public class MonteCarloTests
{
    private const double Limit = 0.02;

    [Fact]
    public void Isotropic_risks_come_out_as_the_closed_form_says()
    {
        const int p = 60, n0 = 40, n1 = 60, draws = 250;
        const double rho = 0.6, tau0 = 1.2, tau1 = 0.4, noise1 = 0.5;
        var world = new World(11, p, n0, n1, tau0, tau1, rho, alpha0: 0, alpha1: 0, rotate: false, noise1);
        var simulated = world.Simulate(draws);

        var limit = new IsotropicLimit((double)p / n0, 1);
        var target = new IsotropicTarget((double)p / n1, noise1);
        var scratch = rho * rho;
        simulated.Source.Agrees(limit.SourceRisk(tau0));
        simulated.Transfer.Agrees(target.Risk(tau1, scratch + limit.Delta(MarchenkoPastur.Shrinkage(limit.Gamma, tau0), rho)));
        simulated.Scratch.Agrees(target.Risk(tau1, scratch));
    }

    [Fact]
    public void Risks_with_two_covariances_that_share_no_directions_come_out_as_the_equivalents_say()
    {
        const int p = 60, n0 = 80, n1 = 60, draws = 250;
        const double rho = 0.8, tau0 = 0.3, tau1 = 0.2, noise1 = 0.5;
        var world = new World(12, p, n0, n1, tau0, tau1, rho, alpha0: 1, alpha1: 0.5, rotate: true, noise1);
        var simulated = world.Simulate(draws);

        var rotation = new Transfer.MLNet.Kernels.Matrix(p, p);
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++)
            {
                rotation[i, j] = world.Rotation[i, j];
            }
        }

        var pair = new DeterministicEquivalent(
            Spectra.PowerLaw(p, 1), n0, 1, Spectra.PowerLaw(p, 0.5), n1, noise1, new FixedTruths(world.W0.ToArray(), world.W1.ToArray()),
                rotation);
        simulated.Source.Agrees(pair.SourceRisk(tau0));
        simulated.Transfer.Agrees(pair.Target(tau1).Risk(tau0));
        simulated.Scratch.Agrees(pair.Target(tau1).ScratchRisk);
    }

    private sealed record Mean(double Value, double Error)
    {
        public static Mean Of(List<double> values) => new(values.Mean(), values.StandardDeviation() / Math.Sqrt(values.Count));

        public void Agrees(double formula) => Assert.True(
            Math.Abs(Value - formula) <= (4 * Error) + (Limit * Math.Abs(formula)), $"formula {formula}, simulated {Value} +- {Error}");
    }

    private sealed class World
    {
        private readonly Normal _normal;
        private readonly int _p, _n0, _n1;
        private readonly double _tau0, _tau1, _noise1;
        private readonly Vector<double> _sigma0, _sigma1;

        public World(int seed, int p, int n0, int n1, double tau0, double tau1, double rho, double alpha0, double alpha1, bool rotate,
            double noise1)
        {
            (_p, _n0, _n1, _tau0, _tau1, _noise1) = (p, n0, n1, tau0, tau1, noise1);
            _normal = new Normal(0, 1, new Random(seed));
            _sigma0 = Vector<double>.Build.DenseOfArray(Spectra.PowerLaw(p, alpha0));
            _sigma1 = Vector<double>.Build.DenseOfArray(Spectra.PowerLaw(p, alpha1));
            W0 = Draw(p, 1).Column(0).Normalize(2);
            W1 = rho * W0;
            Rotation = rotate ? Draw(p, p).QR().Q : Matrix<double>.Build.DenseIdentity(p);
        }

        public Vector<double> W0 { get; }

        public Vector<double> W1 { get; }

        /// <summary>The target's eigenvectors in the source's basis.</summary>
        public Matrix<double> Rotation { get; }

        public (Mean Source, Mean Transfer, Mean Scratch) Simulate(int draws)
        {
            List<double> source = [], transfer = [], scratch = [];
            for (var i = 0; i < draws; i++)
            {
                var x0 = Rows(_n0, _sigma0);
                var start = Ridge(x0, (x0 * W0) + Draw(_n0, 1).Column(0), _tau0, W0 * 0);
                var x1 = Rows(_n1, _sigma1) * Rotation.Transpose();
                var y1 = (x1 * W1) + (Math.Sqrt(_noise1) * Draw(_n1, 1).Column(0));
                source.Add((start - W0).PointwisePower(2) * _sigma0);
                transfer.Add((Rotation.TransposeThisAndMultiply(Ridge(x1, y1, _tau1, start) - W1)).PointwisePower(2) * _sigma1);
                scratch.Add((Rotation.TransposeThisAndMultiply(Ridge(x1, y1, _tau1, W0 * 0) - W1)).PointwisePower(2) * _sigma1);
            }

            return (Mean.Of(source), Mean.Of(transfer), Mean.Of(scratch));
        }

        private Matrix<double> Draw(int rows, int columns) => Matrix<double>.Build.Dense(rows, columns, (_, _) => _normal.Sample());

        private Matrix<double> Rows(int n, Vector<double> sigma) =>
            Draw(n, _p) * Matrix<double>.Build.DenseOfDiagonalVector(sigma.PointwiseSqrt());

        private Vector<double> Ridge(Matrix<double> x, Vector<double> y, double tau, Vector<double> start) =>
            start + ((x.TransposeThisAndMultiply(x) / x.RowCount) + (tau * Matrix<double>.Build.DenseIdentity(_p)))
                .Cholesky().Solve(x.TransposeThisAndMultiply(y - (x * start)) / x.RowCount);
    }
}
