using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>A task's rows in memory. Every row counts: its weight is above zero.</summary>
internal sealed class HeldRows
{
    /// <param name="features">X (n x p).</param>
    /// <param name="labels">y (n).</param>
    /// <param name="weights">omega (n), all above zero; null where all rows count the same.</param>
    /// <param name="featureNames">p names, or none.</param>
    public HeldRows(Matrix features, double[] labels, double[]? weights = null, IReadOnlyList<string>? featureNames = null)
    {
        if (labels.Length != features.Rows)
        {
            throw new ArgumentException($"{features.Rows} rows of features have {labels.Length} labels.", nameof(labels));
        }

        if (weights is not null && (weights.Length != features.Rows || !weights.All(w => w > 0 && double.IsFinite(w))))
        {
            throw new ArgumentException($"{features.Rows} weights above zero are needed.", nameof(weights));
        }

        Features = features;
        Labels = labels;
        IsWeighted = weights is not null;
        if (weights is null)
        {
            weights = new double[features.Rows];
            Array.Fill(weights, 1);
        }

        Weights = weights;
        TotalWeight = weights.Sum();
        FeatureNames = featureNames ?? [];
    }

    /// <summary>n.</summary>
    public int Rows => Features.Rows;

    /// <summary>p.</summary>
    public int FeatureCount => Features.Columns;

    /// <summary>X (n x p).</summary>
    public Matrix Features { get; }

    /// <summary>y (n).</summary>
    public double[] Labels { get; }

    /// <summary>omega (n), as given; all 1 where the task has no weights.</summary>
    public double[] Weights { get; }

    public bool IsWeighted { get; }

    /// <summary>The sum of the weights; n where the task has none.</summary>
    public double TotalWeight { get; }

    /// <summary>p names, or none.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>sqrt(s_i), s_i = n omega_i / sum omega: what a row is multiplied by in least squares with weights of mean 1.</summary>
    public double[] RootWeights()
    {
        var roots = new double[Rows];
        for (var i = 0; i < roots.Length; i++)
        {
            roots[i] = Math.Sqrt(Weights[i] * Rows / TotalWeight);
        }

        return roots;
    }

    /// <summary>Hands the rows on one by one, in their order.</summary>
    public void HandTo(RowTarget target)
    {
        for (var i = 0; i < Rows; i++)
        {
            Features.Row(i).CopyTo(target(Labels[i], Weights[i], i));
        }
    }

    /// <summary>Some of the rows, in the given order.</summary>
    /// <param name="rows">Their places.</param>
    public HeldRows Only(int[] rows)
    {
        var features = new Matrix(rows.Length, FeatureCount);
        for (var i = 0; i < rows.Length; i++)
        {
            Features.Row(rows[i]).CopyTo(features.Row(i));
        }

        return new HeldRows(features, Array.ConvertAll(rows, i => Labels[i]),
            IsWeighted ? Array.ConvertAll(rows, i => Weights[i]) : null, FeatureNames);
    }

    /// <summary>
    /// The same rows with a feature that is always 1 after the others: an intercept that is held like a weight is its coefficient,
    /// in a fit without an intercept of its own.
    /// </summary>
    public HeldRows WithConstantFeature()
    {
        var wider = new Matrix(Rows, FeatureCount + 1);
        for (var i = 0; i < Rows; i++)
        {
            Features.Row(i).CopyTo(wider.Row(i));
            wider[i, FeatureCount] = 1;
        }

        return new HeldRows(wider, Labels, IsWeighted ? Weights : null);
    }
}
