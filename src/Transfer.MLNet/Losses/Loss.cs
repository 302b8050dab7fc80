using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Losses;

/// <summary>
/// The loss of a row as a function of its label and its scores: all that a solver, a path or left-out errors know of a task. It has no
/// state; blocks of rows come with their labels, and with shares: what each row has in the mean loss, zero where it is left out.
/// </summary>
internal abstract class Loss
{
    public static Loss Logistic { get; } = new LogisticLoss();

    /// <summary>Scores of a row.</summary>
    public abstract int Outputs { get; }

    /// <summary>How many tasks with the same rows stand side by side, each with shares and <see cref="Outputs"/> / Copies scores of its
    /// own.</summary>
    public virtual int Copies => 1;

    /// <summary>Whether labels vary about their mean as the loss has it, so that its second derivatives say how much; else the noise is
    /// estimated.</summary>
    public virtual bool NoiseIsKnown => false;

    /// <summary>Whether scores that all rise by the same have the same loss.</summary>
    public virtual bool LeavesLevelOpen => false;

    /// <summary>The loss of classes: one vector of log odds, or scores for each class.</summary>
    public static Loss Of(ClassRows rows) => rows.Outputs == 1 ? Logistic : new SoftmaxLoss(rows.Outputs);

    /// <summary>Why a label cannot be one, or null.</summary>
    public abstract string? Refusal(double label);

    /// <summary>
    /// The mean loss of a block; the residuals, share times d loss / d score; and what <see cref="Curve"/> needs to know of the second
    /// derivatives. All but labels (rows) and shares (rows x copies) are rows x outputs.
    /// </summary>
    public abstract double Evaluate(
        ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores, Span<double> residuals,
            Span<double> curvatures);

    /// <summary>From changes of the scores to changes of the residuals, in place: the Hessian with respect to the scores.</summary>
    public abstract void Curve(ReadOnlySpan<double> shares, ReadOnlySpan<double> curvatures, Span<double> values);

    /// <summary>The second derivatives with respect to each score by itself (rows x outputs).</summary>
    public abstract void Diagonal(ReadOnlySpan<double> shares, ReadOnlySpan<double> curvatures, Span<double> diagonal);

    /// <summary>All second derivatives of one row of one copy.</summary>
    public abstract void Curvatures(double share, ReadOnlySpan<double> curvatures, Span<double> all);

    /// <summary>The loss of one row with share 1.</summary>
    public abstract double Of(ReadOnlySpan<double> scores, double label);

    /// <summary>What the scores of a row say of its label: the log odds of two classes, the likeliest of several, an expected
    /// count.</summary>
    public virtual double Predicted(ReadOnlySpan<double> scores) => scores[0];

    /// <summary>Whether a prediction is the label's class; null of labels that are no classes.</summary>
    public virtual bool? IsRight(double predicted, double label) => null;

    /// <summary>Which intercepts the rows determine (one an output of a copy).</summary>
    public virtual bool[] Determined(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares)
    {
        var all = new bool[Outputs / Copies];
        Array.Fill(all, true);
        return all;
    }

    /// <summary>Why a free intercept has no finite value with these rows, or null.</summary>
    public virtual string? Unbounded(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares) => null;

    /// <summary>Whether the scores have every row on the right side, so that the loss falls to its limit as they are
    /// multiplied.</summary>
    public virtual bool Separates(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores) => false;

    /// <summary>What to add to all scores (copies with one output each) before the search begins; 0 where nothing is known.</summary>
    public virtual double Level(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores) => 0;

    /// <summary><see cref="Predicted(ReadOnlySpan{double})"/> of all rows, of their scores (n x outputs).</summary>
    public float[] Predicted(double[] scores)
    {
        var predictions = new float[scores.Length / Outputs];
        for (var i = 0; i < predictions.Length; i++)
        {
            predictions[i] = (float)Predicted(scores.AsSpan(i * Outputs, Outputs));
        }

        return predictions;
    }

    /// <summary>The losses of all rows, of scores that may have an offset added (n x outputs).</summary>
    public double[] Of(LabelledRows rows, double[] scores)
    {
        var losses = new double[rows.Rows];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = Of(scores.AsSpan(i * Outputs, Outputs), rows.Labels[i]);
        }

        return losses;
    }
}
