using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Losses;

/// <summary>Two classes: log(1 + exp(-sz)) with s = 1 for label 1 and -1 for label 0; the score is the log odds of 1.</summary>
internal sealed class LogisticLoss : ScoreLoss
{
    public override bool NoiseIsKnown => true;

    public override string? Refusal(double label) => label is 0 or 1 ? null : "is neither 0 nor 1";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Evaluate(
        ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores, Span<double> residuals,
            Span<double> curvatures)
    {
        var w = Vector<double>.Count;
        var sums = Vector<double>.Zero;
        var two = new Vector<double>(2);
        var i = 0;
        for (; i + w <= scores.Length; i += w)
        {
            var sign = (two * new Vector<double>(labels[i..])) - Vector<double>.One;
            var share = new Vector<double>(shares[i..]);
            var margin = sign * new Vector<double>(scores[i..]);
            var e = Vector.Exp(-Vector.Abs(margin));
            var inverse = Vector<double>.One / (Vector<double>.One + e);
            var right = Vector.GreaterThanOrEqual(margin, Vector<double>.Zero);
            sums += share * (Vector.Max(-margin, Vector<double>.Zero) + Vector.Log(Vector<double>.One + e));
            (-sign * share * inverse * Vector.ConditionalSelect(right, e, Vector<double>.One)).CopyTo(residuals[i..]);
            (share * e * inverse * inverse).CopyTo(curvatures[i..]);
        }

        var sum = Vector.Sum(sums);
        for (; i < scores.Length; i++)
        {
            var (sign, share) = ((2 * labels[i]) - 1, shares[i]);
            var margin = sign * scores[i];
            var e = Math.Exp(-Math.Abs(margin));
            var inverse = 1 / (1 + e);
            sum += share * (Math.Max(-margin, 0) + Math.Log(1 + e));
            residuals[i] = -sign * share * inverse * (margin >= 0 ? e : 1);
            curvatures[i] = share * e * inverse * inverse;
        }

        return sum;
    }

    public override double Of(ReadOnlySpan<double> scores, double label)
    {
        var margin = label == 1 ? scores[0] : -scores[0];
        return Math.Max(-margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
    }

    /// <summary>As ML.NET has it: log odds of zero are no.</summary>
    public override bool? IsRight(double predicted, double label) => predicted > 0 == (label == 1);

    public override string? Unbounded(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares)
    {
        var (rows, ones) = (0, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            rows += shares[i] > 0 ? 1 : 0;
            ones += shares[i] > 0 && labels[i] == 1 ? 1 : 0;
        }

        return ones > 0 && ones < rows ? null
            : $"All {rows} rows are of one class, so that a free intercept has no finite value. "
            + "Add rows of the other class; or train from a starting point with L2SpLogisticRegression and PullIntercept = true, which "
            + "holds the intercept to that point's.";
    }

    public override bool Separates(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if (shares[i] != 0 && !(labels[i] == 1 ? scores[i] > 0 : scores[i] < 0))
            {
                return false;
            }
        }

        return true;
    }
}
