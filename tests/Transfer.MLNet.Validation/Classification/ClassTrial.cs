using System.Diagnostics;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Validation.Classification;

/// <summary>One draw: the advice by the code that users call, followed, and the truth about every pair of taus.</summary>
internal static class ClassTrial
{
    public static Outcome Run(ClassCell cell, int draw)
    {
        var workers = new Workers(1);
        var truth = new ClassPopulation(cell, draw);
        var source = truth.Rows(cell.SourceRows, truth.Source);
        var target = truth.Rows(cell.TargetRows, truth.Target);
        var options = new ClassifierAdviceOptions { NumberOfThreads = 1 };
        var watch = Stopwatch.StartNew();
        var advice = ClassAdvisor.Advise(ClassPair.Binary(source, target), options, [], workers);
        var milliseconds = watch.Elapsed.TotalMilliseconds;

        NewtonFit Fit(ClassRows rows, Start? start, double tau) => NewtonFit.Of(rows, start, new(tau, Tolerance: 1e-6), workers: workers);
        Start From(double tau) => Fit(source, null, tau) is var fit ? new(fit.Weights, fit.Intercepts) : throw new InvalidOperationException();
        double Risk(Start? start, double tau) => Fit(target, start, tau) is var fit ? truth.Risk(fit.Weights, fit.Intercepts[0]) : double.NaN;
        Start Scaled(double scale, Start start) => new(Array.ConvertAll(start.Weights, w => scale * w), start.Intercepts);

        var scratchTau = advice.RiskCurve[^1].TargetTau;
        var scratch = Risk(null, scratchTau);
        var targetTaus = TauPath.Of(target, options.TargetTauCount, workers);
        var starts = advice.RiskCurve.Select(p => double.IsInfinity(p.SourceTau) ? null : From(p.SourceTau)).ToArray();
        var oracle = starts.Min(start => targetTaus.Min(tau => Risk(start, tau)));
        var own = From(advice.SourceOptimalTau);
        var best = advice.RiskCurve.Take(advice.RiskCurve.Count - 1).MinBy(p => p.Risk.Empirical)!;
        var retrained = Risk(From(best.SourceTau), best.TargetTau);
        return new(
            cell.Name, draw, 0, advice.Alignment.Estimate, advice.Alignment.Lower, advice.Alignment.Upper, advice.Alignment.Method.Replace(',', ';'),
            advice.ProbabilityOfHelp, advice.TransferHelps, advice.UsesSource, advice.Warnings.Any(w => w.Kind == AdviceWarningKind.CovariateShift), oracle, scratch,
            targetTaus.Min(tau => Risk(own, tau)), retrained, double.NaN,
            advice.UsesSource ? Risk(From(advice.SourceTau), advice.TargetTau) : scratch,
            advice.StartingPointScale > 0 ? Risk(Scaled(advice.StartingPointScale, own), advice.ScaledTargetTau) : scratch,
            retrained, double.NaN, milliseconds);
    }
}
