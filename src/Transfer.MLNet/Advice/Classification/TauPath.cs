using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Advice;

/// <summary>The range of taus that suits some rows, in as many steps as are wanted.</summary>
internal static class TauPath
{
    /// <summary>From strong to weak.</summary>
    public static double[] Of(ClassRows rows, int count, Workers workers)
    {
        var range = NewtonPath.Grid(rows, workers);
        var step = Math.Log(range[^1] / range[0]) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => range[0] * Math.Exp(step * i))];
    }
}
