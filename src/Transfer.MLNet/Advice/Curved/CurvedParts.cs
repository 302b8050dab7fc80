using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>
/// Classes and counts: starts by the loss of left-out rows, and the blend on the working response, where the rows as dense numbers may be
/// held.
/// </summary>
internal sealed class CurvedParts : AdviceParts
{
    private readonly CurvedSettings _settings;
    private readonly LabelledRows _target;
    private readonly LabelledRows? _source;
    private readonly Workers _workers;

    private CurvedParts(
        CurvedSettings settings, LabelledRows target, Loss loss, LabelledRows? source, CurvedStarts starts,
        Func<ResponseSettings, ResponseSource?> prepared, int[] sourceOf, string withoutBlend, Workers workers,
        ReadOnlySpan<ShareDone> parts)
    {
        (_settings, _target, _source, WithoutBlend, _workers) = (settings, target, source, withoutBlend, workers.With(ShareDone.Untold));
        var losses = LeftOutLosses.Of(target, loss, starts.All, settings, workers.With(parts[0]));
        Compared = new CurvedComparison(losses, starts);
        var wanted = settings.Blend(losses.Taus[Compared.Scratch.Tau]);
        if (sourceOf.Any(k => k >= 0) && ResponseBlend.Holds(target, wanted) && prepared(wanted) is { } ready)
        {
            var blend = ResponseBlend.Of(ready, sourceOf, target, loss, wanted, workers.With(parts[1]));
            Blend = TargetBlend.Of(blend, target, settings.Measure, settings.Unit);
        }

        EndlessTau = 1e12 * Math.Max(1, target.Design.SquaredNorms(workers).Max());
    }

    public override RiskMeasure Measure => _settings.Measure;

    public override StartComparison Compared { get; }

    public override TargetBlend? Blend { get; }

    public override string WithoutBlend { get; }

    public override int FeatureCount => _target.FeatureCount;

    public override long TargetRows => _target.Rows;

    public override long? SourceRows => _source?.Rows;

    public override double EndlessTau { get; }

    public override AdviceWarning? Shift(Func<string, bool>? divides)
    {
        if (_source is null)
        {
            return null;
        }

        var (ofTarget, ofSource) = (_target.FeatureNames, _source.FeatureNames);
        var shift = CurvedShift.Of(_source, _target, _settings.HeldBytes, _workers, divides is null ? null
            : CovariateShift.Named(divides, ofTarget, ofSource));
        return shift is null ? null : Warnings.OfShift(shift, ofTarget, ofSource);
    }

    /// <summary>From the rows of both.</summary>
    public static CurvedParts Of(CurvedPair pair, CurvedSettings settings, Workers workers)
    {
        var (source, target) = (pair.Source, pair.Target);
        var all = CurvedStarts.Count(settings.SourceTaus);
        var parts = workers.Progress.Split(
            CurvedCosts.Starts(source, settings), CurvedCosts.LeftOut(target, all, settings),
            CurvedCosts.Source(source), CurvedCosts.Blend(target, settings));
        var starts = CurvedStarts.OfSource(pair, settings, workers.With(parts[0]));
        return new(
            settings, target, pair.Loss, source, starts,
            wanted => ResponseSource.Of(source, pair.SourceLoss, starts.SourceOptimalTau, wanted, workers.With(parts[2])),
            pair.SourceOf,
            pair.Overlaps ? "the rows as dense numbers would take more than HeldBytes" : "source and target have no class in common",
            workers,
            [parts[1], parts[3]]);
    }

    /// <summary>From a model of the source, in the target's outputs, and the target's rows.</summary>
    public static CurvedParts OfModel(Start model, LabelledRows target, Loss loss, CurvedSettings settings, Workers workers)
    {
        model.RequireLength(target.FeatureCount, loss.Outputs);
        var p = target.FeatureCount;

        // Weights of zero: an output that the source does not have.
        int[] known = [.. Enumerable.Range(0, loss.Outputs).Select(k => model.Weights.AsSpan(k * p, p).ContainsAnyExcept(0.0) ? k : -1)];
        return new(
            settings, target, loss, null, CurvedStarts.OfModel(model),
            _ => ResponseSource.OfModel(model),
            known,
            "the model's weights are all zero, or the rows as dense numbers would take more than HeldBytes",
            workers,
            workers.Progress.Split(CurvedCosts.LeftOut(target, CurvedStarts.Count(0), settings), CurvedCosts.Blend(target, settings)));
    }

    /// <summary>Beside the target alone as the table has it, whose rows are left out by folds: the blend's own is another.</summary>
    public override TransferWay? BlendWay(TransferWay alone) =>
        Blend?.Way(BlendKind) is { } way ? way with { Gain = alone.LeftOutRisk - way.LeftOutRisk } : null;

    public override string TrainingReason(double? leftOut) =>
        "The formula of tau_0 is of least squares and does not choose here: the pair of taus has the least "
        + $"{(Measure == RiskMeasure.Deviance ? "deviance" : "log-loss")} on left-out target rows.";
}
