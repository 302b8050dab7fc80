using System.Numerics;
using System.Runtime.CompilerServices;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Losses;

/// <summary>Several classes: logsumexp(z) - z_y. Curvatures are the probabilities.</summary>
/// <param name="outputs">Classes.</param>
internal sealed class SoftmaxLoss(int outputs) : Loss
{
    public override int Outputs => outputs;

    public override bool LeavesLevelOpen => true;

    public override bool NoiseIsKnown => true;

    public override string? Refusal(double label) =>
        label >= 0 && label < outputs && label == Math.Floor(label) ? null : $"is none of 0 .. {outputs - 1}";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Evaluate(
        ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores, Span<double> residuals,
            Span<double> curvatures)
    {
        var probabilities = curvatures;
        var rows = scores.Length / outputs;
        for (var i = 0; i < rows; i++)
        {
            var z = scores.Slice(i * outputs, outputs);
            var to = probabilities.Slice(i * outputs, outputs);
            if (outputs >= Product.Wide)
            {
                SoftmaxRow.Lower(z, to);
                continue;
            }

            var largest = z[0];
            foreach (var value in z)
            {
                largest = Math.Max(largest, value);
            }

            for (var k = 0; k < to.Length; k++)
            {
                to[k] = z[k] - largest;
            }
        }

        var loss = 0.0;
        for (var i = 0; i < rows; i++)
        {
            // The exponent of the row's own class is still needed when the others have become powers.
            loss -= shares[i] * probabilities[(i * outputs) + (int)labels[i]];
        }

        Exponentiate(probabilities);
        for (var i = 0; i < rows; i++)
        {
            var p = probabilities.Slice(i * outputs, outputs);
            var r = residuals.Slice(i * outputs, outputs);
            var sum = 0.0;
            if (outputs >= Product.Wide)
            {
                loss += SoftmaxRow.Normalise(p, r, (int)labels[i], shares[i]);
                continue;
            }

            foreach (var e in p)
            {
                sum += e;
            }

            var (y, share, inverse) = ((int)labels[i], shares[i], 1 / sum);
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
    public override void Curve(ReadOnlySpan<double> shares, ReadOnlySpan<double> curvatures, Span<double> values)
    {
        for (var i = 0; i * outputs < values.Length; i++)
        {
            var v = values.Slice(i * outputs, outputs);
            var p = curvatures.Slice(i * outputs, outputs);
            if (outputs >= Product.Wide)
            {
                SoftmaxRow.Curve(shares[i], p, v);
                continue;
            }

            var mean = 0.0;
            for (var k = 0; k < p.Length; k++)
            {
                mean += p[k] * v[k];
            }

            var share = shares[i];
            for (var k = 0; k < p.Length; k++)
            {
                v[k] = share * p[k] * (v[k] - mean);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Diagonal(ReadOnlySpan<double> shares, ReadOnlySpan<double> curvatures, Span<double> diagonal)
    {
        for (var i = 0; i * outputs < diagonal.Length; i++)
        {
            var share = shares[i];
            var p = curvatures.Slice(i * outputs, outputs);
            var to = diagonal.Slice(i * outputs, outputs);
            for (var k = 0; k < p.Length; k++)
            {
                to[k] = share * p[k] * (1 - p[k]);
            }
        }
    }

    public override void Curvatures(double share, ReadOnlySpan<double> curvatures, Span<double> all)
    {
        for (var a = 0; a < outputs; a++)
        {
            for (var b = 0; b < outputs; b++)
            {
                all[(a * outputs) + b] = share * curvatures[a] * ((a == b ? 1 : 0) - curvatures[b]);
            }
        }
    }

    public override bool? IsRight(double predicted, double label) => predicted == label;

    /// <summary>The class with the largest score, the first of them.</summary>
    public override double Predicted(ReadOnlySpan<double> scores)
    {
        var best = 0;
        for (var k = 1; k < scores.Length; k++)
        {
            best = scores[k] > scores[best] ? k : best;
        }

        return best;
    }

    public override double Of(ReadOnlySpan<double> scores, double label)
    {
        var y = (int)label;
        var largest = scores[y];
        foreach (var z in scores)
        {
            largest = Math.Max(largest, z);
        }

        var sum = 0.0;
        foreach (var z in scores)
        {
            sum += Math.Exp(z - largest);
        }

        return Math.Log(sum) + largest - scores[y];
    }

    public override bool[] Determined(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares)
    {
        var has = new bool[outputs];
        for (var i = 0; i < labels.Length; i++)
        {
            has[(int)labels[i]] |= shares[i] > 0;
        }

        return has;
    }

    public override bool Separates(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            var y = (int)labels[i];
            var z = scores.Slice(i * outputs, outputs);
            for (var k = 0; k < z.Length && shares[i] != 0; k++)
            {
                if (k != y && !(z[k] < z[y]))
                {
                    return false;
                }
            }
        }

        return true;
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
