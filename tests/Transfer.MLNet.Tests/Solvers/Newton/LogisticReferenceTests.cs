using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers.Newton;

/// <summary>Minima that another program has found, from the start and from a fit with another tau.</summary>
public class LogisticReferenceTests
{
    private static readonly Workers Two = new(2);

    public static MatrixTheoryData<string, bool> Cases => new([.. LogisticReferenceCase.Names], [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_minimum_is_that_of_the_reference(string name, bool sparse)
    {
        var reference = LogisticReferenceCase.Of(name);
        var rows = reference.Rows(sparse);
        var warm = Start.Zero(rows.FeatureCount, rows.Outputs);
        foreach (var (tau, weights, intercepts, objective, logLoss) in reference.Fits)
        {
            var settings = new NewtonSettings(tau, reference.Rule);
            Check(NewtonFit.Of(rows, reference.Start, settings with { Tolerance = 1e-11 }, warm, Two), 1e-10);
            Check(NewtonFit.Of(rows, reference.Start, settings with { Tolerance = 1e-11 }, null, Two), 1e-10);
            var fit = NewtonFit.Of(rows, reference.Start, settings, null, Two);
            Check(fit, 1e-7);
            warm = new Start(fit.Weights, fit.Intercepts);

            void Check(NewtonFit found, double tolerance)
            {
                Assert.True(found.Converged);
                Close.To([.. weights, .. intercepts], [.. found.Weights, .. found.Intercepts], tolerance);
                Close.To(objective, found.Objective, 1e-14);
                Close.To(logLoss, found.Loss, tolerance);
            }
        }
    }
}
