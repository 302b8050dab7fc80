using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// The starting points that are compared, from one factorisation of the source: what0(tau_0) over the grid, none, what0(tau_S*), and
/// twice that. Errors are quadratic in the scale of a start, so that its values at 0, 1 and 2 give it at every scale.
/// </summary>
internal sealed class SourceStarts
{
    private SourceStarts(double[] taus, double sourceOptimalTau, Matrix weights)
    {
        Taus = taus;
        SourceOptimalTau = sourceOptimalTau;
        Weights = weights;
    }

    /// <summary>tau_0 of the grid, ascending: columns 0 .. count - 1.</summary>
    public double[] Taus { get; }

    /// <summary>tau_S*.</summary>
    public double SourceOptimalTau { get; }

    /// <summary>W (p x J).</summary>
    public Matrix Weights { get; }

    public int Count => Weights.Columns;

    /// <summary>The column without a start: the target's rows alone.</summary>
    public int None => Taus.Length;

    /// <summary>The column of the source at tau_S*.</summary>
    public int SourceOptimal => Taus.Length + 1;

    /// <summary>The column of twice the source at tau_S*.</summary>
    public int Twice => Taus.Length + 2;

    public static SourceStarts Of(TaskSpectrum source, double[] taus, double sourceOptimalTau, Workers workers)
    {
        var path = source.Ridge([.. taus, sourceOptimalTau], workers);
        var weights = new Matrix(path.Rows, taus.Length + 3);
        for (var i = 0; i < path.Rows; i++)
        {
            var from = path.Row(i);
            var to = weights.Row(i);
            from[..taus.Length].CopyTo(to);
            to[taus.Length + 1] = from[taus.Length];
            to[taus.Length + 2] = 2 * from[taus.Length];
        }

        return new(taus, sourceOptimalTau, weights);
    }

    /// <summary>Starting points without their source's rows: none, the given one, and twice it.</summary>
    public static SourceStarts Of(ReadOnlySpan<double> given)
    {
        var weights = new Matrix(given.Length, 3);
        for (var i = 0; i < given.Length; i++)
        {
            weights[i, 1] = given[i];
            weights[i, 2] = 2 * given[i];
        }

        return new([], double.NaN, weights);
    }
}
