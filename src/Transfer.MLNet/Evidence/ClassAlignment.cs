using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// rho of log-odds weights, from the least-squares evidence of 0/1 labels (one class against the rest), each task's weights divided by its
/// own <see cref="LinkAttenuation"/>; of several classes the mean of theirs, by what signal each has.
/// </summary>
/// <param name="Alignment">rho with its 95 % interval.</param>
/// <param name="SourceSignal">|w0|^2 in log odds squared, summed over the classes; NaN where it was not estimated.</param>
/// <param name="ProbabilityAligned">P(w0'w1 &gt; 0 | data); NaN where it was not estimated.</param>
/// <param name="Spectra">Of the first class: what the features' spread is compared by. Null where nothing was estimated.</param>
internal sealed record ClassAlignment(
    AlignmentEstimate Alignment, double SourceSignal, double ProbabilityAligned, (TaskSpectrum Source, TaskSpectrum Target)? Spectra)
{
    private const string Method = "0/1 labels, corrected for the logistic link";

    private static readonly double _normal95 = Normal.InvCDF(0, 1, 0.975);

    public static ClassAlignment None(string why) => new(AlignmentEstimate.NotIdentified(why), double.NaN, double.NaN, null);

    /// <param name="source">The source's rows.</param>
    /// <param name="target">The target's rows.</param>
    /// <param name="sourceOf">The class of the source for each class of the target, or -1; of two classes only the second one counts.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static ClassAlignment Of(ClassRows source, ClassRows target, int[] sourceOf, Workers workers)
    {
        var (x0, x1) = (Dense(source), Dense(target));
        var classes = target.Outputs == 1 ? [1] : Enumerable.Range(0, sourceOf.Length).Where(k => sourceOf[k] >= 0).ToArray();
        var found = new List<(AlignmentEstimate Rho, double Signal, double Aligned)>();
        (TaskSpectrum, TaskSpectrum)? spectra = null;
        foreach (var k in classes)
        {
            var s0 = TaskSpectrum.Of(new HeldRows(x0, Indicator(source, sourceOf[k]), source.Weights), intercept: true, workers);
            var s1 = TaskSpectrum.Of(new HeldRows(x1, Indicator(target, k), target.Weights), intercept: true, workers);
            spectra ??= (s0, s1);
            var evidence = TransferEvidence.Of(s0, s1, workers);
            var c0 = Link(s0, evidence.SourceNoise, evidence.SourceNoiseUncertainty);
            var c1 = Link(s1, evidence.TargetNoise, evidence.TargetNoiseUncertainty);
            found.Add((
                Corrected(evidence.Alignment, Math.Exp(c0.LogFactor - c1.LogFactor), Math.Sqrt(Math.Pow(c0.StandardError, 2) + Math.Pow(c1.StandardError, 2))),
                evidence.SourceSignal * Math.Exp(-2 * c0.LogFactor),
                evidence.ProbabilityAligned));
        }

        return Pool(found) with { Spectra = spectra };
    }

    private static ClassAlignment Pool(List<(AlignmentEstimate Rho, double Signal, double Aligned)> found)
    {
        if (found.Count == 1)
        {
            return new(found[0].Rho, found[0].Signal, found[0].Aligned, null);
        }

        var known = found.Where(f => f.Rho.IsIdentified && f.Signal > 0).ToArray();
        if (known.Length == 0)
        {
            return None("no class of the source shows a signal that the data tell from zero");
        }

        // The classes' estimates come from the same rows: as if they erred all together, which is the worst case.
        var total = known.Sum(f => f.Signal);
        var rho = known.Sum(f => f.Signal * f.Rho.Estimate!.Value) / total;
        var error = known.Sum(f => f.Signal * f.Rho.StandardError!.Value) / total;
        return new(
            new(rho, error, rho - (_normal95 * error), rho + (_normal95 * error), $"{Method}; mean of {known.Length} classes"),
            total, Normal.CDF(0, 1, rho / error), null);
    }

    // The explained variance is known as well as the noise is.
    private static LinkAttenuation Link(TaskSpectrum spectrum, double noise, double noiseUncertainty) =>
        LinkAttenuation.Of(spectrum.LabelMean, spectrum.LabelPower - noise, noise * noiseUncertainty);

    private static AlignmentEstimate Corrected(AlignmentEstimate rho, double factor, double logError)
    {
        if (rho is not { Estimate: { } raw, StandardError: { } error, Lower: { } lower, Upper: { } upper })
        {
            return rho with { Method = $"{Method}; {rho.Method}" };
        }

        var estimate = factor * raw;
        var own = Math.Abs(estimate) * logError;
        double Wider(double half) => Math.Sqrt((half * half) + Math.Pow(_normal95 * own, 2));
        return new(
            estimate,
            Math.Sqrt(Math.Pow(factor * error, 2) + (own * own)),
            estimate - Wider(factor * (raw - lower)),
            estimate + Wider(factor * (upper - raw)),
            $"{Method}; {rho.Method}");
    }

    private static double[] Indicator(ClassRows rows, int of) => Array.ConvertAll(rows.Classes, c => c == of ? 1.0 : 0.0);

    private static Matrix Dense(ClassRows rows)
    {
        var (all, width) = (new Matrix(rows.Rows, rows.FeatureCount), rows.Design.Width);
        var block = new double[Design.BlockRows * width];
        for (var first = 0; first < rows.Rows; first += Design.BlockRows)
        {
            var count = Math.Min(Design.BlockRows, rows.Rows - first);
            rows.Design.Write(first, count, block, width);
            for (var i = 0; i < count; i++)
            {
                var row = all.Row(first + i);
                for (var j = 0; j < width; j++)
                {
                    row[rows.Design.Features?[j] ?? j] = block[(i * width) + j];
                }
            }
        }

        return all;
    }
}
