using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tests.Solvers.Newton;

/// <summary>Designs of small tables.</summary>
internal static class Designs
{
    public static Design Of(double[][] rows, bool sparse)
    {
        var p = rows[0].Length;
        if (!sparse)
        {
            return new DenseDesign(rows.Length, p, [.. rows.SelectMany(r => r).Select(v => (float)v)]);
        }

        var columns = rows.Select(r => Enumerable.Range(0, p).Where(j => r[j] != 0).ToArray()).ToArray();
        var starts = new long[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = starts[i] + columns[i].Length;
        }

        return new SparseDesign(
            p, starts, [.. columns.SelectMany(c => c)], [.. rows.Zip(columns).SelectMany(r => r.Second.Select(j => (float)r.First[j]))]);
    }
}
