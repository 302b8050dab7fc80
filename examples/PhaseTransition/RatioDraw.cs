using PhaseTransition.Theory;
using Transfer.MLNet.Kernels;

namespace PhaseTransition;

/// <summary>
/// One draw of the ratio experiment: the grid optima of the source's and of the target's risk, and what the theory says of this w0.
/// </summary>
/// <param name="SourceAtEdge">The source's best tau is the first or last of the grid: its ratio is no optimum's.</param>
/// <param name="LogRatios">log(best tau_0 for the target / best tau for the source), for each rho.</param>
/// <param name="TargetAtEdge">Whether the target's best tau_0 is an end of the grid, for each rho.</param>
/// <param name="TheoryLogRatios">The same by deterministic equivalents, given w0 and the spectrum but none of the rows.</param>
internal sealed record RatioDraw(bool SourceAtEdge, double[] LogRatios, bool[] TargetAtEdge, double[] TheoryLogRatios)
{
    private const int TheoryPoints = 393;

    public static RatioDraw Run(Protocol protocol, double alpha, double gamma, int draw, Workers workers)
    {
        var p = protocol.Features;
        var spectrum = protocol.Spectrum(alpha);
        var deviations = Array.ConvertAll(spectrum, Math.Sqrt);
        var draws = new NormalDraws(protocol.Seed, (int)Math.Round(alpha * 1000), (int)Math.Round(gamma * 1000), draw);
        var w0 = draws.Direction(p);
        var source = SourceTask.Draw(draws, w0, protocol.SourceRows(gamma), deviations, workers);
        var starts = source.Ridges(protocol.Taus, workers);
        var target = draws.Rows(protocol.TargetRows, deviations);

        var sourceRisk = new double[protocol.Taus.Length];
        for (var t = 0; t < sourceRisk.Length; t++)
        {
            var start = starts.Row(t);
            for (var j = 0; j < p; j++)
            {
                sourceRisk[t] += spectrum[j] * (start[j] - w0[j]) * (start[j] - w0[j]);
            }
        }

        // tau_1 Q1 is linear, so |tau_1 Q1 (what0 - rho w0)|^2_S is a quadratic in rho for every tau_0.
        var passed = PassedOn(starts, target, protocol.TargetTau, deviations, workers);
        var truth = PassedOn(new Matrix(1, p, w0), target, protocol.TargetTau, deviations, workers).Row(0).ToArray();
        var quadratics = new (double Square, double Cross)[sourceRisk.Length];
        for (var t = 0; t < quadratics.Length; t++)
        {
            quadratics[t] = (Product.Dot(passed.Row(t), passed.Row(t)), Product.Dot(passed.Row(t), truth));
        }

        var best = IndexOfLeast(sourceRisk, v => v);
        var (logRatios, edges) = (new double[protocol.Rhos.Length], new bool[protocol.Rhos.Length]);
        for (var r = 0; r < logRatios.Length; r++)
        {
            var rho = protocol.Rhos[r];
            var at = IndexOfLeast(quadratics, q => q.Square - (2 * rho * q.Cross));
            logRatios[r] = Math.Log(protocol.Taus[at] / protocol.Taus[best]);
            edges[r] = IsEdge(at, quadratics.Length);
        }

        return new RatioDraw(IsEdge(best, sourceRisk.Length), logRatios, edges, Theory(protocol, spectrum, gamma, w0));
    }

    /// <summary>S^1/2 tau_1 Q1 w for each row w: w - X'(K + tau_1 I)^-1 X w / n1 with K = XX' / n1, as n1 &lt; p.</summary>
    private static Matrix PassedOn(Matrix vectors, Matrix rows, double tau, double[] deviations, Workers workers)
    {
        var kernel = Gram.OfRows(rows, workers);
        for (var i = 0; i < kernel.Rows; i++)
        {
            var row = kernel.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = (row[j] / rows.Rows) + (i == j ? tau : 0);
            }
        }

        var factor = Cholesky.TryFactor(kernel, workers) ?? throw new InvalidOperationException("tau_1 must be positive.");
        var solved = factor.Solve(Product.TimesTransposed(rows, vectors, workers), workers);
        var fitted = Product.TransposedTimes(solved, rows, workers);
        var result = new Matrix(vectors.Rows, vectors.Columns);
        for (var i = 0; i < result.Rows; i++)
        {
            for (var j = 0; j < result.Columns; j++)
            {
                result[i, j] = deviations[j] * (vectors[i, j] - (fitted[i, j] / rows.Rows));
            }
        }

        return result;
    }

    // On the range of the protocol's grid, where the simulated optimum is looked for too, but eight times as fine.
    private static double[] Theory(Protocol protocol, double[] spectrum, double gamma, double[] w0)
    {
        var taus = Protocol.LogGrid(protocol.Taus[0], protocol.Taus[^1], TheoryPoints);
        DeterministicEquivalent Pair(double rho) => new(
            spectrum, protocol.SourceRows(gamma), 1, spectrum, protocol.TargetRows, 1,
                new FixedTruths(w0, Array.ConvertAll(w0, v => rho * v)));

        // D_M is quadratic in rho: D(0), D(1) and |w1|^2_M at rho = 1 give it for all.
        var (none, one) = (Pair(0), Pair(1).Target(protocol.TargetTau));
        var zero = none.Target(protocol.TargetTau);
        var sourceRisk = Array.ConvertAll(taus, none.SourceRisk);
        var squares = Array.ConvertAll(taus, t => zero.Distance(t));
        var crosses = taus.Select((t, i) => (squares[i] + one.ScratchDistance - one.Distance(t)) / 2).ToArray();
        var best = taus[IndexOfLeast(sourceRisk, v => v)];
        return Array.ConvertAll(protocol.Rhos, rho =>
            Math.Log(taus[IndexOfLeast(squares.Zip(crosses).ToArray(), q => q.First - (2 * rho * q.Second))] / best));
    }

    private static bool IsEdge(int index, int count) => index == 0 || index == count - 1;

    private static int IndexOfLeast<T>(T[] values, Func<T, double> key)
    {
        var least = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (key(values[i]) < key(values[least]))
            {
                least = i;
            }
        }

        return least;
    }
}
