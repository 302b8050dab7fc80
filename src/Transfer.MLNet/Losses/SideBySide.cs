namespace Transfer.MLNet.Losses;

/// <summary>
/// Several tasks with the same rows and labels and other shares, as one: the folds of a cross-validation, whose products with the rows
/// are then one product. Scores of a row are those of the first copy, then of the second; shares are rows x copies.
/// </summary>
internal sealed class SideBySide(Loss loss, int copies) : Loss
{
    public override int Outputs => copies * loss.Outputs;

    public override int Copies => copies;

    public override bool LeavesLevelOpen => loss.LeavesLevelOpen;

    public override string? Refusal(double label) => loss.Refusal(label);

    public override double Evaluate(
        ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores, Span<double> residuals,
            Span<double> curvatures)
    {
        // A copy of a row is as good as a row.
        var repeated = new double[labels.Length * copies];
        for (var i = 0; i < repeated.Length; i++)
        {
            repeated[i] = labels[i / copies];
        }

        return loss.Evaluate(repeated, shares, scores, residuals, curvatures);
    }

    public override void Curve(ReadOnlySpan<double> shares, ReadOnlySpan<double> curvatures, Span<double> values) =>
        loss.Curve(shares, curvatures, values);

    public override void Diagonal(ReadOnlySpan<double> shares, ReadOnlySpan<double> curvatures, Span<double> diagonal) =>
        loss.Diagonal(shares, curvatures, diagonal);

    public override void Curvatures(double share, ReadOnlySpan<double> curvatures, Span<double> all) =>
        loss.Curvatures(share, curvatures, all);

    public override double Of(ReadOnlySpan<double> scores, double label) => loss.Of(scores, label);

    public override double Predicted(ReadOnlySpan<double> scores) => loss.Predicted(scores);

    public override bool[] Determined(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares)
    {
        var own = new double[labels.Length];
        var all = new List<bool>();
        for (var f = 0; f < copies; f++)
        {
            Take(shares, own, 1, f);
            all.AddRange(loss.Determined(labels, own));
        }

        return [.. all];
    }

    public override string? Unbounded(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares)
    {
        var own = new double[labels.Length];
        for (var f = 0; f < copies; f++)
        {
            Take(shares, own, 1, f);
            if (loss.Unbounded(labels, own) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    public override bool Separates(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores)
    {
        var (own, z) = (new double[labels.Length], new double[labels.Length * loss.Outputs]);
        for (var f = 0; f < copies; f++)
        {
            Take(shares, own, 1, f);
            Take(scores, z, loss.Outputs, f);
            if (loss.Separates(labels, own, z))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of the first copy: a place to begin for all.</summary>
    public override double Level(ReadOnlySpan<double> labels, ReadOnlySpan<double> shares, ReadOnlySpan<double> scores)
    {
        var (own, z) = (new double[labels.Length], new double[labels.Length * loss.Outputs]);
        Take(shares, own, 1, 0);
        Take(scores, z, loss.Outputs, 0);
        return loss.Level(labels, own, z);
    }

    private void Take(ReadOnlySpan<double> all, Span<double> own, int width, int copy)
    {
        for (var i = 0; i < own.Length / width; i++)
        {
            all.Slice(((i * copies) + copy) * width, width).CopyTo(own[(i * width)..]);
        }
    }
}
