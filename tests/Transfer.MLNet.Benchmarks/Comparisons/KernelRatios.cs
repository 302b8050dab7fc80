using System.Text.Json.Nodes;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>The kernels against those of the BLAS and LAPACK that NumPy and SciPy stand on.</summary>
internal static class KernelRatios
{
    public static IEnumerable<Result> Run(Bench bench)
    {
        foreach (var (n, p) in new[] { (20_000, 512), (100_000, 64) })
        {
            var x = Random(n, p);
            bench.Data.Write("x", x.Values);
            yield return Against(bench, FormattableString.Invariant($"Gram matrix, {n:#,0} x {p}"), "`dsyrk`", "gram", p, 0.7, () =>
            {
                var gram = new Matrix(p, p);
                Gram.Accumulate(x, n, gram, Workers.All);
                return gram.Values;
            }, (ours, theirs) => Bench.Difference(Lower(ours, p), Lower(theirs, p)));
        }

        var a = Random(1024, 1024);
        bench.Data.Write("x", a.Values);
        yield return Against(bench, "product, 1024 x 1024", "`dgemm`", "product", 1024, null, () => Product.Times(a, a, Workers.All)
            .Values);
        foreach (var p in new[] { 200, 512, 1024 })
        {
            var gram = new Matrix(p, p);
            Gram.Accumulate(Random(2 * p, p), 2 * p, gram, Workers.All);
            bench.Data.Write("x", gram.Values);
            yield return Against(
                bench, $"Cholesky, {p} x {p}", "`dpotrf`", "cholesky", p, null,
                () => [Cholesky.TryFactor(gram, Workers.All)!.LogDeterminant],
                (ours, theirs) => Bench.Difference(ours, [2 * Enumerable.Range(0, p).Sum(i => Math.Log(theirs[(i * p) + i]))]));
            yield return Against(bench, $"symmetric eigenvalues and vectors, {p} x {p}", "`dsyevd`", "eigen", p, null,
                () => [.. SymmetricEigen.Of(gram, Workers.All).Values.Reverse()]);
        }
    }

    private static Result Against(
        Bench bench, string what, string peer, string kernel, int p, double? goal, Func<double[]> ours,
            Func<double[], double[], string>? note = null) =>
        bench.Against("kernel", what, peer, "NumPy", "kernel", new JsonObject { ["p"] = p, ["kernel"] = kernel }, ours, goal, note);

    private static Matrix Random(int rows, int columns)
    {
        var draws = new Random(7);
        var matrix = new Matrix(rows, columns);
        foreach (ref var value in matrix.Values.AsSpan())
        {
            value = draws.NextDouble() - 0.5;
        }

        return matrix;
    }

    private static double[] Lower(double[] square, int p) =>
        [.. Enumerable.Range(0, p).SelectMany(i => square.Skip(i * p).Take(i + 1))];
}
