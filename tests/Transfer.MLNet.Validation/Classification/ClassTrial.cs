using System.Diagnostics;
using Microsoft.ML;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Evidence.Blend.Responses;
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
        var ml = new MLContext();
        using var inquiry = new ClassInquiry(ml.BinaryClassification, LabelReader.Boolean, options);
        var advice = inquiry.Advise(AdvisedTask.Binary, ClassPair.Binary(source, target), new AdviceOrigin(ml.BinaryClassification, []));
        var milliseconds = watch.Elapsed.TotalMilliseconds;

        NewtonFit Fit(ClassRows rows, Start? start, double tau) => NewtonFit.Of(rows, start, new(tau, Tolerance: 1e-6), workers: workers);
        Start From(double tau) => Fit(source, null, tau) is var fit ? new(fit.Weights, fit.Intercepts)
            : throw new InvalidOperationException();
        double Risk(Start? start, double tau) => Fit(target, start, tau) is var fit ? truth.Risk(fit.Weights, fit.Intercepts[0])
            : double.NaN;
        Start Scaled(double scale, Start start) => new(Array.ConvertAll(start.Weights, w => scale * w), start.Intercepts);

        var (training, rho) = (advice.SourceTraining!, advice.Sources[0].Alignment);
        var (way, factor) = (advice.Way(TransferWayKind.FromTransferOptimal)!, advice.Way(TransferWayKind.ScaledStart)!);
        var scratchTau = advice.TargetAlone.TargetTau!.Value;
        var scratch = Risk(null, scratchTau);
        var targetTaus = NewtonPath.Grid(target, workers, options.TargetTauCount);
        var starts = training.RiskCurve.Select(p => (Start?)From(p.SourceTau)).Append(null).ToArray();
        var oracle = starts.Min(start => targetTaus.Min(tau => Risk(start, tau)));
        var own = From(training.SourceOptimalTau);
        var retrained = Risk(From(way.SourceTau!.Value), way.TargetTau!.Value);

        // The advice keeps no model of the blend: it is made anew, and must be the one that was advised on.
        var blend = ClassBlend.Of(
            source, target, [0], training.SourceOptimalTau, CurvedSettings.Of(options).Blend(scratchTau), workers)!;
        var told = advice.Way(TransferWayKind.Blend)!.LeftOutRisk;
        if (!(Math.Abs(blend.LeftOutLosses.Average() - told) <= 1e-9 * told))
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{cell.Name}, draw {draw}: the blend's left-out loss is {blend.LeftOutLosses.Average():R}, the advice says {told:R}."));
        }

        var advised = advice.Advised.Kind switch
        {
            TransferWayKind.Blend => truth.Risk(blend.Fit.Weights, blend.Fit.Intercepts[0]),
            TransferWayKind.TargetAlone => scratch,
            var other => throw new InvalidOperationException($"{cell.Name}, draw {draw}: {other} is advised, which has no risk here."),
        };
        return new(
            cell.Name, draw, 0, rho.Estimate ?? double.NaN, rho.Lower ?? double.NegativeInfinity, rho.Upper ?? double.PositiveInfinity,
                rho.Method.Replace(',', ';'),
            advice.ProbabilityOfHelp, advice.Verdict, advice.Advised.UsesSource,
            advice.Warnings.Any(w => w.Kind == AdviceWarningKind.CovariateShift), oracle, scratch,
            targetTaus.Min(tau => Risk(own, tau)), retrained, double.NaN, advised,
            Risk(Scaled(factor.Scale!.Value, own), factor.TargetTau!.Value), retrained, double.NaN, milliseconds,
            truth.Risk(blend.Average.Weights, blend.Average.Intercepts[0]));
    }
}
