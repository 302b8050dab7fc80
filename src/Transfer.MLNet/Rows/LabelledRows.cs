namespace Transfer.MLNet.Rows;

/// <summary>The rows of a task in memory, dense or sparse, with a number as the label. Every row counts: its weight is above
/// zero.</summary>
internal class LabelledRows
{
    private readonly int _positive;

    /// <param name="design">X (n x p).</param>
    /// <param name="labels">y (n).</param>
    /// <param name="weights">omega (n), all above zero; null where all rows count the same.</param>
    /// <param name="featureNames">p names, or none.</param>
    /// <param name="offsets">What is added to the score of each row (n); null: nothing.</param>
    public LabelledRows(
        Design design, double[] labels, double[]? weights = null, IReadOnlyList<string>? featureNames = null, double[]? offsets = null)
    {
        if (labels.Length != design.Rows)
        {
            throw new ArgumentException($"{design.Rows} rows of features have {labels.Length} labels.", nameof(labels));
        }

        if (weights is not null && (weights.Length != design.Rows || !weights.All(w => w > 0 && double.IsFinite(w))))
        {
            throw new ArgumentException($"{design.Rows} weights above zero are needed.", nameof(weights));
        }

        if (offsets is not null && (offsets.Length != design.Rows || !offsets.All(double.IsFinite)))
        {
            throw new ArgumentException($"{design.Rows} finite offsets are needed.", nameof(offsets));
        }

        Design = design;
        Labels = labels;
        Weights = weights;
        TotalWeight = weights?.Sum() ?? design.Rows;
        FeatureNames = featureNames ?? [];
        Offsets = offsets;
        _positive = labels.Count(y => y > 0);
    }

    /// <summary>X (n x p).</summary>
    public Design Design { get; }

    /// <summary>n.</summary>
    public int Rows => Design.Rows;

    /// <summary>p.</summary>
    public int FeatureCount => Design.FeatureCount;

    /// <summary>y (n).</summary>
    public double[] Labels { get; }

    /// <summary>Weight vectors that a fit has.</summary>
    public virtual int Outputs => 1;

    /// <summary>omega (n), as given; null where all rows count the same.</summary>
    public double[]? Weights { get; }

    /// <summary>The sum of the weights; n where the task has none.</summary>
    public double TotalWeight { get; }

    /// <summary>p names, or none.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>What is added to the score of each row (n); null: nothing.</summary>
    public double[]? Offsets { get; }

    /// <summary>Whether the row is the only one of its kind (the only count above zero), and cannot be foretold from others.</summary>
    public virtual bool IsLonely(int row) => Rows == 1 || (Labels[row] > 0 && _positive == 1);

    /// <summary>omega_i / sum omega (n): what each row has in the mean loss.</summary>
    public double[] Shares()
    {
        var shares = new double[Rows];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = (Weights?[i] ?? 1) / TotalWeight;
        }

        return shares;
    }

    /// <summary>The same labels, weights and offsets with other features.</summary>
    public virtual LabelledRows With(Design design) => new(design, Labels, Weights, null, Offsets);

    /// <summary>Some of the rows, in the order given.</summary>
    public virtual LabelledRows Take(ReadOnlySpan<int> rows) =>
        new(Design.Take(rows), Pick(Labels, rows)!, Pick(Weights, rows), FeatureNames, Pick(Offsets, rows));

    protected static double[]? Pick(double[]? values, ReadOnlySpan<int> rows)
    {
        if (values is null)
        {
            return null;
        }

        var picked = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            picked[i] = values[rows[i]];
        }

        return picked;
    }
}
