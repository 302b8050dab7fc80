using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

/// <summary>Every number of Reference/l2sp_small.json to 1e-9, by each way that leads to it.</summary>
public class ReferenceTests
{
    private const double Tolerance = 1e-9;

    private static readonly Workers Two = new(2);

    public static TheoryData<string> Cases => [.. ReferenceCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Raw_sums_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Of(name);
        foreach (var (rows, task) in new[] { (reference.Source, "source"), (reference.Target, "target") })
        {
            var expected = reference.Sums(task);

            var actual = MomentsReader.Of(rows, 2, 1, Two).Total.ToRawSums();

            Close.To(expected.Weight, actual.Weight, Tolerance);
            Close.To(expected.Features, actual.Features, Tolerance);
            Close.To(expected.Label, actual.Label, Tolerance);
            Close.To(expected.Squares.Values, actual.Squares.Values, Tolerance);
            Close.To(expected.Cross, actual.Cross, Tolerance);
            Close.To(expected.LabelSquares, actual.LabelSquares, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Source_and_target_fits_are_those_of_the_reference_by_every_way(string name)
    {
        var reference = ReferenceCase.Of(name);
        var rule = reference.Centred ? InterceptRule.Free : InterceptRule.None;
        var (source, target) = (reference.Source, reference.Target);
        var (sourceMoments, targetMoments) = (MomentsReader.Of(source, 1, 0, Two), MomentsReader.Of(target, 3, 0, Two));
        TaskSpectrum[] sourceSpectra = [TaskSpectrum.Of(source, reference.Centred, Two),
            TaskSpectrum.Of(sourceMoments, reference.Centred, Two)];
        TaskSpectrum[] targetSpectra = [TaskSpectrum.Of(target, reference.Centred, Two),
            TaskSpectrum.Of(targetMoments, reference.Centred, Two)];
        foreach (var setting in reference.Grid)
        {
            var none = Start.Zero(source.FeatureCount);
            var start = new Start(setting.SourceWeights);
            void Source(double[] w, double b) => Check(setting.SourceWeights, setting.SourceIntercept, w, b);
            void Target(double[] w, double b) => Check(setting.TargetWeights, setting.TargetIntercept, w, b);

            foreach (var spectrum in sourceSpectra)
            {
                var w = spectrum.Ridge(setting.Tau0);
                Source(w, spectrum.Intercept(w));
            }

            foreach (var spectrum in targetSpectra)
            {
                var w = spectrum.Towards(setting.SourceWeights, setting.Tau1);
                Target(w, spectrum.Intercept(w));
            }

            var fit = RidgeSolver.Solve(source, none, setting.Tau0, rule, Two);
            Source(fit.Weights, fit.Intercept);
            fit = RidgeSolver.Solve(sourceMoments, none, setting.Tau0, rule, Two);
            Source(fit.Weights, fit.Intercept);
            fit = RidgeSolver.Solve(target, start, setting.Tau1, rule, Two);
            Target(fit.Weights, fit.Intercept);
            fit = RidgeSolver.Solve(targetMoments, start, setting.Tau1, rule, Two);
            Target(fit.Weights, fit.Intercept);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Leverages_and_leave_one_out_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Of(name);
        var target = reference.Target;
        var spectrum = TaskSpectrum.Of(target, reference.Centred, Two);
        foreach (var setting in reference.Grid)
        {
            var start = new Matrix(target.FeatureCount, 1, setting.SourceWeights);

            var leaveOneOut = new LeaveOneOut(spectrum, spectrum.CentredPredictions(start, Two), Two);

            Close.To(setting.Leverages, leaveOneOut.Leverages(setting.Tau1), Tolerance);
            Close.To(setting.LeaveOneOutError, leaveOneOut.MeanSquaredErrors([setting.Tau1])[0, 0], Tolerance);
            leaveOneOut.ForEach([setting.Tau1], (_, e) => Close.To(setting.LeaveOneOutResiduals, e.Values, Tolerance));
        }
    }

    private static void Check(double[] weights, double intercept, double[] actual, double actualIntercept)
    {
        Close.To(weights, actual, Tolerance);
        Close.To(intercept, actualIntercept, Tolerance);
    }
}
