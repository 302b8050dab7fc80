using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>
/// Row (i): how time grows with the rows, the features and the grid; exponents fitted by least squares to the logarithms.
/// </summary>
internal static class Growth
{
    public static IEnumerable<GrowthRate> Run(Bench bench)
    {
        var half = bench.Effort.Quick;
        int[] rows = half ? [4_000, 8_000, 16_000] : [10_000, 20_000, 40_000, 80_000, 160_000];
        yield return Fit("moments of n rows, p = 128", "n", rows, 1, bench, n => Moments(n, 128));
        int[] features = half ? [128, 256, 512] : [128, 256, 512, 1024];
        yield return Fit("moments of p features, n = 20,000", "p", features, 2, bench, p => Moments(half ? 4_000 : 20_000, p));
        yield return Fit("eigenvalues and vectors of p features", "p", features, 3, bench, p =>
        {
            var gram = Square(p);
            return () => SymmetricEigen.Of(gram, Workers.All);
        });
        yield return Fit("tridiagonal form of p features, the first half of that", "p", features, 3, bench, p =>
        {
            var gram = Square(p);
            return () => Tridiagonal.Reduce(gram.Clone(), Workers.All);
        });
        yield return Fit("Cholesky of p features", "p", features, 3, bench, p =>
        {
            var gram = Square(p);
            return () => Cholesky.TryFactor(gram, Workers.All);
        });
        yield return Fit("leave-one-out of T taus x T starts, n = 2,000, p = 200", "T", half ? [10, 20, 40] : [25, 50, 100, 200], 2, bench,
            Grid);
    }

    private static Action Moments(int n, int p)
    {
        var draws = new Random(1);
        var x = new Matrix(n, p);
        foreach (ref var value in x.Values.AsSpan())
        {
            value = draws.NextDouble();
        }

        var rows = new Rows.HeldRows(x, [.. Enumerable.Range(0, n).Select(i => (double)(i % 7))]);
        return () => MomentsReader.Of(rows, folds: 1, seed: 0, Workers.All);
    }

    private static Matrix Square(int p)
    {
        var x = new Matrix(2 * p, p);
        var draws = new Random(1);
        foreach (ref var value in x.Values.AsSpan())
        {
            value = draws.NextDouble() - 0.5;
        }

        var gram = new Matrix(p, p);
        Gram.Accumulate(x, 2 * p, gram, Workers.All);
        return gram;
    }

    private static Action Grid(int size)
    {
        var draws = new Random(1);
        var (x, starts) = (new Matrix(2_000, 200), new Matrix(2_000, size));
        foreach (ref var value in x.Values.AsSpan())
        {
            value = draws.NextDouble();
        }

        foreach (ref var value in starts.Values.AsSpan())
        {
            value = draws.NextDouble();
        }

        var spectrum = TaskSpectrum.Of(new Rows.HeldRows(x, [.. Enumerable.Range(0, 2_000).Select(i => (double)(i % 7))]), intercept: true,
            Workers.All);
        double[] taus = [.. Enumerable.Range(0, size).Select(i => Math.Pow(10, -3 + (6.0 * i / size)))];
        var leaveOneOut = new LeaveOneOut(spectrum, starts, Workers.All);
        return () => leaveOneOut.MeanSquaredErrors(taus);
    }

    private static GrowthRate Fit(string what, string variable, int[] sizes, double theory, Bench bench, Func<int, Action> make)
    {
        var seconds = new double[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            var run = make(sizes[i]);
            run();
            var times = Enumerable.Range(0, bench.Effort.Rounds).Select(_ => Timing.Of(run)).ToArray();
            seconds[i] = Timing.Quantile(times, 0.5);
        }

        var (x, y) = (sizes.Select(s => Math.Log((double)s)).ToArray(), seconds.Select(t => Math.Log(t)).ToArray());
        var (mx, my) = (x.Average(), y.Average());
        var slope = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Sum(a => (a - mx) * (a - mx));
        return new(what, variable, sizes, seconds, slope, theory);
    }
}
