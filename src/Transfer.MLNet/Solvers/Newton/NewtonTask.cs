using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// Rows and a start, made ready for many fits. Fits are shifts u from the start: width x outputs weights, feature by feature as the
/// design has them, and then the intercepts. What no row says anything about stays at the start, and takes no memory.
/// </summary>
internal sealed class NewtonTask
{
    private readonly double _startSize;

    /// <summary>Of classes.</summary>
    /// <exception cref="ArgumentException">The start does not fit the rows.</exception>
    public NewtonTask(ClassRows rows, Start? start, InterceptRule rule, Workers workers)
        : this(rows, Loss.Of(rows), start, rule, workers)
    {
    }

    /// <exception cref="ArgumentException">The start does not fit the rows.</exception>
    public NewtonTask(LabelledRows rows, Loss loss, Start? start, InterceptRule rule, Workers workers)
    {
        (Rows, Loss, Rule, Workers) = (rows, loss, rule, workers);
        Start = start ?? Start.Zero(rows.FeatureCount, rows.Outputs);
        Start.RequireLength(rows.FeatureCount, rows.Outputs);
        Offsets = new double[rows.Rows * Outputs];
        var weights = new double[Length];
        AddSeen(1, Start, weights);
        _startSize = Product.Dot(weights, weights);
        if (_startSize > 0)
        {
            Design.Sweep(weights, Outputs, (_, first, values) => values.CopyTo(Offsets.AsSpan(first * Outputs)), null, workers);
        }

        if (rule != InterceptRule.None)
        {
            for (var i = 0; i < Offsets.Length; i++)
            {
                Offsets[i] += Start.Intercepts[i % Outputs];
            }
        }

        for (var i = 0; i < Offsets.Length && rows.Offsets is not null; i++)
        {
            Offsets[i] += rows.Offsets[i / Outputs];
        }

        SquaredNorms = Design.SquaredNorms(workers);
    }

    private NewtonTask(NewtonTask one, int copies)
    {
        (Rows, Rule, Workers, Start, SquaredNorms, Scratch) = (
            one.Rows, one.Rule, one.Workers, one.Start, one.SquaredNorms, one.Scratch);
        Loss = new SideBySide(one.Loss, copies);
        _startSize = copies * one._startSize;
        Offsets = new double[copies * one.Offsets.Length];
        var k = one.Outputs;
        for (var i = 0; i < Rows.Rows * copies; i++)
        {
            one.Offsets.AsSpan(i / copies * k, k).CopyTo(Offsets.AsSpan(i * k));
        }
    }

    public LabelledRows Rows { get; }

    public Loss Loss { get; }

    public Start Start { get; }

    public InterceptRule Rule { get; }

    public Workers Workers { get; }

    /// <summary>Vectors for fits of this task and of its copies.</summary>
    public Scratch Scratch { get; } = new();

    public Design Design => Rows.Design;

    public int Outputs => Loss.Outputs;

    /// <summary>Weights in a shift.</summary>
    public int WeightLength => Design.Width * Outputs;

    /// <summary>Of a shift.</summary>
    public int Length => WeightLength + Outputs;

    /// <summary>The scores at the start (n x outputs).</summary>
    public double[] Offsets { get; }

    /// <summary>|x_i|^2 (n).</summary>
    public double[] SquaredNorms { get; }

    /// <summary>The same task so many times side by side, for as many sets of shares.</summary>
    public NewtonTask Times(int copies) => copies == 1 ? this : new NewtonTask(this, copies);

    /// <summary>The shift from the start to a model.</summary>
    public double[] ShiftTo(Start model)
    {
        model.RequireLength(Rows.FeatureCount, Outputs);
        var shift = new double[Length];
        AddSeen(1, model, shift);
        AddSeen(-1, Start, shift);
        return shift;
    }

    /// <summary>The model that a shift leads to.</summary>
    public (double[] Weights, double[] Intercepts) Model(double[] shift)
    {
        var weights = (double[])Start.Weights.Clone();
        for (var j = 0; j < Design.Width; j++)
        {
            var feature = Design.Features?[j] ?? j;
            for (var k = 0; k < Outputs; k++)
            {
                weights[(k * Rows.FeatureCount) + feature] += shift[(j * Outputs) + k];
            }
        }

        var intercepts = new double[Outputs];
        for (var k = 0; k < Outputs && Rule != InterceptRule.None; k++)
        {
            intercepts[k] = Start.Intercepts[k] + shift[WeightLength + k];
        }

        return (weights, intercepts);
    }

    /// <summary>The norm of the weights that a solver sees, and of the intercepts, at a shift: what an error of it is measured
    /// against.</summary>
    public double SizeAt(double[] shift) => Math.Sqrt(_startSize + Product.Dot(shift, shift));

    private void AddSeen(double factor, Start model, double[] to)
    {
        for (var j = 0; j < Design.Width; j++)
        {
            var feature = Design.Features?[j] ?? j;
            for (var k = 0; k < Outputs; k++)
            {
                to[(j * Outputs) + k] += factor * model.Weights[(k * Rows.FeatureCount) + feature];
            }
        }

        for (var k = 0; k < Outputs; k++)
        {
            to[WeightLength + k] += factor * model.Intercepts[k];
        }
    }
}
