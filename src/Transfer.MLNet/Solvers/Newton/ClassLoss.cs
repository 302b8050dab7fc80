using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// The mean loss as a function of the scores: log(1 + exp(-yz)) for two classes, logsumexp(z) - z_y for softmax, weighted by shares
/// that sum to 1. A share of zero leaves a row out.
/// </summary>
/// <param name="classes">The class of each row.</param>
/// <param name="outputs">1 for two classes, else the number of classes.</param>
/// <param name="shares">What each row has in the mean.</param>
internal sealed class ClassLoss(int[] classes, int outputs, double[] shares)
{
    // +1 for class 1 and -1 for class 0.
    private readonly double[] _signs = outputs > 1 ? [] : Array.ConvertAll(classes, c => c == 1 ? 1.0 : -1.0);

    /// <summary>
    /// Of rows from <paramref name="first"/> on: the loss; the residuals d loss / d score; and what <see cref="Curve"/> needs to know
    /// of the second derivatives, for two classes these and for softmax the probabilities.
    /// </summary>
    public double Evaluate(int first, ReadOnlySpan<double> scores, Span<double> residuals, Span<double> curvatures) =>
        outputs == 1 ? Binary(first, scores, residuals, curvatures) : Softmax(first, scores, residuals, curvatures);

    /// <summary>From changes of the scores to changes of the residuals, in place: the Hessian with respect to the scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Curve(int first, ReadOnlySpan<double> curvatures, Span<double> values)
    {
        if (outputs == 1)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] *= curvatures[i];
            }

            return;
        }

        for (var i = 0; i * outputs < values.Length; i++)
        {
            var v = values.Slice(i * outputs, outputs);
            var p = curvatures.Slice(i * outputs, outputs);
            var mean = 0.0;
            for (var k = 0; k < p.Length; k++)
            {
                mean += p[k] * v[k];
            }

            var share = shares[first + i];
            for (var k = 0; k < p.Length; k++)
            {
                v[k] = share * p[k] * (v[k] - mean);
            }
        }
    }

    /// <summary>The second derivatives with respect to each score by itself (rows x outputs).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Diagonal(int first, ReadOnlySpan<double> curvatures, Span<double> diagonal)
    {
        for (var i = 0; i < diagonal.Length; i++)
        {
            diagonal[i] = outputs == 1 ? curvatures[i] : shares[first + (i / outputs)] * curvatures[i] * (1 - curvatures[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Binary(int first, ReadOnlySpan<double> scores, Span<double> residuals, Span<double> curvatures)
    {
        var w = Vector<double>.Count;
        var sums = Vector<double>.Zero;
        var i = 0;
        for (; i + w <= scores.Length; i += w)
        {
            var sign = new Vector<double>(_signs, first + i);
            var share = new Vector<double>(shares, first + i);
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
            var (sign, share) = (_signs[first + i], shares[first + i]);
            var margin = sign * scores[i];
            var e = Math.Exp(-Math.Abs(margin));
            var inverse = 1 / (1 + e);
            sum += share * (Math.Max(-margin, 0) + Math.Log(1 + e));
            residuals[i] = -sign * share * inverse * (margin >= 0 ? e : 1);
            curvatures[i] = share * e * inverse * inverse;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Softmax(int first, ReadOnlySpan<double> scores, Span<double> residuals, Span<double> probabilities)
    {
        var rows = scores.Length / outputs;
        for (var i = 0; i < rows; i++)
        {
            var z = scores.Slice(i * outputs, outputs);
            var largest = z[0];
            foreach (var value in z)
            {
                largest = Math.Max(largest, value);
            }

            var to = probabilities.Slice(i * outputs, outputs);
            for (var k = 0; k < to.Length; k++)
            {
                to[k] = z[k] - largest;
            }
        }

        var loss = 0.0;
        for (var i = 0; i < rows; i++)
        {
            // The exponent of the row's own class is still needed when the others have become powers.
            loss -= shares[first + i] * probabilities[(i * outputs) + classes[first + i]];
        }

        Exponentiate(probabilities);
        for (var i = 0; i < rows; i++)
        {
            var p = probabilities.Slice(i * outputs, outputs);
            var r = residuals.Slice(i * outputs, outputs);
            var sum = 0.0;
            foreach (var e in p)
            {
                sum += e;
            }

            var (y, share, inverse) = (classes[first + i], shares[first + i], 1 / sum);
            loss += share * Math.Log(sum);
            var others = 0.0;
            for (var k = 0; k < p.Length; k++)
            {
                p[k] *= inverse;
                r[k] = share * p[k];
                others += k == y ? 0 : p[k];
            }

            // 1 - p would lose the digits of a row that is almost sure.
            r[y] = -share * others;
        }

        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentiate(Span<double> values)
    {
        var w = Vector<double>.Count;
        var i = 0;
        for (; i + w <= values.Length; i += w)
        {
            Vector.Exp(new Vector<double>(values[i..])).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] = Math.Exp(values[i]);
        }
    }
}
