using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Advice;

/// <summary>
/// The choice between the two routes: the least sum of left-out error and expected error, each relative to its own least value. Left-out
/// errors alone search too much where target rows are few; the estimated model alone does harm where it does not hold; the sum lost
/// least over both (docs/validation.md).
/// </summary>
internal sealed class Balance
{
    private readonly Matrix _leftOut;
    private readonly Matrix? _expected;
    private readonly int _taus;
    private readonly double _leastLeftOut;
    private readonly double _leastExpected;

    /// <param name="leftOut">T x J, the mean squared errors on rows left out.</param>
    /// <param name="expected">T x J, the expected squared errors, noise included; null where there is no model.</param>
    /// <param name="taus">How many of the taus, the first ones, are real choices.</param>
    /// <param name="starts">How many of the starts, the first ones, the least values are taken over.</param>
    public Balance(Matrix leftOut, Matrix? expected, int taus, int starts)
    {
        _leftOut = leftOut;
        _expected = expected;
        _taus = taus;
        _leastLeftOut = Least(leftOut, taus, starts);
        _leastExpected = expected is null ? 1 : Least(expected, taus, starts);
    }

    /// <summary>The best tau of one start.</summary>
    public int BestTau(int start) => Enumerable.Range(0, _taus).MinBy(t => Score(t, start));

    /// <summary>The best of the first <paramref name="starts"/> columns, each with its own best tau.</summary>
    public (int Tau, int Start) Best(int starts)
    {
        var start = Enumerable.Range(0, starts).MinBy(j => Score(BestTau(j), j));
        return (BestTau(start), start);
    }

    /// <summary>The best scale and tau of a start.</summary>
    /// <param name="none">The column without a start.</param>
    /// <param name="one">The column of the start as it is; that of twice the start follows it.</param>
    /// <param name="most">The largest scale.</param>
    public (int Tau, double Scale) BestScale(int none, int one, double most)
    {
        var (best, scale, least) = (0, 0.0, double.PositiveInfinity);
        for (var t = 0; t < _taus; t++)
        {
            var curve = Quadratic.Through(Score(t, none), Score(t, one), Score(t, one + 1));
            var c = curve.Best(most);
            if (curve.At(c) < least)
            {
                (best, scale, least) = (t, c, curve.At(c));
            }
        }

        return (best, scale);
    }

    private double Score(int t, int j) => (_leftOut[t, j] / _leastLeftOut) + (_expected is null ? 0 : _expected[t, j] / _leastExpected);

    private static double Least(Matrix errors, int taus, int starts)
    {
        var least = double.PositiveInfinity;
        for (var t = 0; t < taus; t++)
        {
            for (var j = 0; j < starts; j++)
            {
                least = Math.Min(least, errors[t, j]);
            }
        }

        // Rows that are fitted without any error: nothing to be relative to.
        return least > 0 ? least : 1;
    }
}
