using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

public class TaskSpectrumTests
{
    private static readonly Workers Two = new(2);

    [Xunit.Theory]
    [InlineData(50, 7, false)]
    [InlineData(7, 50, false)]
    [InlineData(50, 7, true)]
    public void A_path_of_taus_is_what_each_tau_gives_by_itself(int n, int p, bool fromMoments)
    {
        var rows = Sample.Rows(n, p, 3, weighted: true);
        var spectrum = fromMoments
            ? TaskSpectrum.Of(MomentsReader.Of(rows, folds: 1, seed: 0, Two), intercept: true, Two)
            : TaskSpectrum.Of(rows, intercept: true, Two);
        double[] taus = [1e-3, 0.2, 5, 1e4];

        var path = spectrum.Ridge(taus, Two);

        for (var t = 0; t < taus.Length; t++)
        {
            var column = Enumerable.Range(0, p).Select(j => path[j, t]).ToArray();
            Close.To(Dense.Fit(rows, taus[t], Start.Zero(p), InterceptRule.Free).Weights, column, 1e-9);
            Close.To(spectrum.Ridge(taus[t]), column, 1e-12);
        }
    }

    [Fact]
    public void A_path_refuses_a_tau_that_is_none() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => TaskSpectrum.Of(Sample.Rows(9, 3, 1), intercept: true, Two).Ridge([1, double.NaN], Two));
}
