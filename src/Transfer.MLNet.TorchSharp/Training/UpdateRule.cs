using System.Numerics;
using System.Runtime.InteropServices;

namespace Transfer.MLNet.Networks.Training;

/// <summary>
/// One step of an optimizer on one parameter, penalties included, in one pass over the numbers: TorchSharp's own optimizers make a pass
/// for each operation, know no L2-SP, and cannot be put back to where a checkpoint left them.
/// </summary>
internal abstract record UpdateRule
{
    /// <summary>How many numbers it remembers for each weight.</summary>
    public abstract int Memories { get; }

    /// <summary>Changes the weights.</summary>
    /// <param name="weights">The parameter.</param>
    /// <param name="gradient">The loss's gradient by it.</param>
    /// <param name="start">What it is pulled to; empty: nothing.</param>
    /// <param name="penalty">How strongly it is pulled, and to zero.</param>
    /// <param name="first">The rule's first memory.</param>
    /// <param name="second">The rule's second memory.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">From 1.</param>
    public abstract void Step(
        Span<float> weights, ReadOnlySpan<float> gradient, ReadOnlySpan<float> start, Penalty penalty, Span<float> first,
            Span<float> second, double rate, long step);

    /// <summary>The numbers of a span, as many at once as the processor takes; the rest one by one.</summary>
    protected static int WholeVectors(ReadOnlySpan<float> values) => values.Length - (values.Length % Vector<float>.Count);
}

/// <summary>The gradient that the penalties add: Pull (w - start) + Shrink w, of (Pull / 2) |w - start|^2 + (Shrink / 2) |w|^2.</summary>
internal readonly record struct Penalty(float Pull, float Shrink);

/// <summary>Stochastic gradient descent with momentum.</summary>
internal sealed record MomentumRule(double Momentum, bool Nesterov) : UpdateRule
{
    public override int Memories => 1;

    // A checkpoint knows its optimizer by this text, in whatever culture it goes on.
    public override string ToString() =>
        FormattableString.Invariant($"MomentumRule {{ Memories = {Memories}, Momentum = {Momentum}, Nesterov = {Nesterov} }}");

    public override void Step(
        Span<float> weights, ReadOnlySpan<float> gradient, ReadOnlySpan<float> start, Penalty penalty, Span<float> first,
            Span<float> second, double rate, long step)
    {
        var (mu, eta) = ((float)Momentum, (float)rate);
        var whole = WholeVectors(weights);
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights[..whole]);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient[..whole]);
        var s = MemoryMarshal.Cast<float, Vector<float>>(start.IsEmpty ? start : start[..whole]);
        var v = MemoryMarshal.Cast<float, Vector<float>>(first[..whole]);
        for (var i = 0; i < w.Length; i++)
        {
            var total = g[i] + (penalty.Shrink * w[i]);
            total = s.IsEmpty ? total : total + (penalty.Pull * (w[i] - s[i]));
            v[i] = (mu * v[i]) + total;
            w[i] -= eta * (Nesterov ? total + (mu * v[i]) : v[i]);
        }

        for (var i = whole; i < weights.Length; i++)
        {
            var total = gradient[i] + (penalty.Shrink * weights[i]);
            total = start.IsEmpty ? total : total + (penalty.Pull * (weights[i] - start[i]));
            first[i] = (mu * first[i]) + total;
            weights[i] -= eta * (Nesterov ? total + (mu * first[i]) : first[i]);
        }
    }
}

/// <summary>Adam, or AdamW where the penalties are decoupled.</summary>
internal sealed record AdamRule(double Beta1, double Beta2, double Epsilon, bool Decoupled) : UpdateRule
{
    public override int Memories => 2;

    public override string ToString() =>
        FormattableString.Invariant($"AdamRule {{ Memories = {Memories}, Beta1 = {Beta1}, Beta2 = {Beta2}, Epsilon = {Epsilon}, Decoupled = {Decoupled} }}");

    public override void Step(
        Span<float> weights, ReadOnlySpan<float> gradient, ReadOnlySpan<float> start, Penalty penalty, Span<float> first,
            Span<float> second, double rate, long step)
    {
        var (b1, b2, epsilon) = ((float)Beta1, (float)Beta2, (float)Epsilon);
        var (c1, c2) = ((float)(1 - Beta1), (float)(1 - Beta2));
        var size = (float)(rate / (1 - Math.Pow(Beta1, step)));
        var root = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step)));
        var inGradient = Decoupled ? default : penalty;
        var apart = Decoupled ? new Penalty((float)(rate * penalty.Pull), (float)(rate * penalty.Shrink)) : default;
        var whole = WholeVectors(weights);
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights[..whole]);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient[..whole]);
        var m = MemoryMarshal.Cast<float, Vector<float>>(first[..whole]);
        var v = MemoryMarshal.Cast<float, Vector<float>>(second[..whole]);
        var s = MemoryMarshal.Cast<float, Vector<float>>(start.IsEmpty ? start : start[..whole]);
        var eps = new Vector<float>(epsilon);
        for (var i = 0; i < w.Length; i++)
        {
            var away = s.IsEmpty ? Vector<float>.Zero : w[i] - s[i];
            var total = g[i] + (inGradient.Shrink * w[i]) + (inGradient.Pull * away);
            m[i] = (b1 * m[i]) + (c1 * total);
            v[i] = (b2 * v[i]) + (c2 * (total * total));
            w[i] = w[i] - (apart.Shrink * w[i]) - (apart.Pull * away) - (size * m[i] / ((root * Vector.SquareRoot(v[i])) + eps));
        }

        for (var i = whole; i < weights.Length; i++)
        {
            var away = start.IsEmpty ? 0 : weights[i] - start[i];
            var total = gradient[i] + (inGradient.Shrink * weights[i]) + (inGradient.Pull * away);
            first[i] = (b1 * first[i]) + (c1 * total);
            second[i] = (b2 * second[i]) + (c2 * (total * total));
            weights[i] = weights[i] - (apart.Shrink * weights[i]) - (apart.Pull * away) - (
                size * first[i] / ((root * MathF.Sqrt(second[i])) + epsilon));
        }
    }
}
