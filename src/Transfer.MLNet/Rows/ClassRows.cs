namespace Transfer.MLNet.Rows;

/// <summary>The rows of a classification task in memory. Every row counts: its weight is above zero.</summary>
internal sealed class ClassRows
{
    /// <param name="design">X (n x p).</param>
    /// <param name="classes">The class of each row, 0 .. classCount - 1; of two classes 1 is the positive one.</param>
    /// <param name="classCount">How many classes there are, those without rows counted too; at least 2.</param>
    /// <param name="weights">omega (n), all above zero; null where all rows count the same.</param>
    /// <param name="featureNames">p names, or none.</param>
    /// <param name="softmax">Whether two classes have weights each, as more always have, and not one vector of log odds.</param>
    public ClassRows(
        Design design, int[] classes, int classCount, double[]? weights = null, IReadOnlyList<string>? featureNames = null, bool softmax = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        if (classes.Length != design.Rows)
        {
            throw new ArgumentException($"{design.Rows} rows of features have {classes.Length} labels.", nameof(classes));
        }

        if (weights is not null && (weights.Length != design.Rows || !weights.All(w => w > 0 && double.IsFinite(w))))
        {
            throw new ArgumentException($"{design.Rows} weights above zero are needed.", nameof(weights));
        }

        RowCounts = new int[classCount];
        foreach (var c in classes)
        {
            if (c < 0 || c >= classCount)
            {
                throw new ArgumentOutOfRangeException(nameof(classes), c, $"Classes are 0 .. {classCount - 1}.");
            }

            RowCounts[c]++;
        }

        Design = design;
        Classes = classes;
        ClassCount = classCount;
        Weights = weights;
        TotalWeight = weights?.Sum() ?? design.Rows;
        FeatureNames = featureNames ?? [];
        Outputs = classCount > 2 || softmax ? classCount : 1;
    }

    /// <summary>X (n x p).</summary>
    public Design Design { get; }

    /// <summary>n.</summary>
    public int Rows => Design.Rows;

    /// <summary>p.</summary>
    public int FeatureCount => Design.FeatureCount;

    /// <summary>The class of each row (n).</summary>
    public int[] Classes { get; }

    public int ClassCount { get; }

    /// <summary>Weight vectors that a fit has: one for the log odds of two classes, otherwise one a class.</summary>
    public int Outputs { get; }

    /// <summary>How many rows each class has.</summary>
    public int[] RowCounts { get; }

    /// <summary>omega (n), as given; null where all rows count the same.</summary>
    public double[]? Weights { get; }

    /// <summary>The sum of the weights; n where the task has none.</summary>
    public double TotalWeight { get; }

    /// <summary>p names, or none.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

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

    /// <summary>The classes that have rows.</summary>
    public int[] Present() => [.. Enumerable.Range(0, ClassCount).Where(k => RowCounts[k] > 0)];

    /// <summary>The same rows of several classes with the classes numbered anew, so that each has some.</summary>
    /// <param name="present">Those that have rows.</param>
    public ClassRows Only(int[] present)
    {
        if (present.Length == ClassCount)
        {
            return this;
        }

        var numbers = new int[ClassCount];
        for (var i = 0; i < present.Length; i++)
        {
            numbers[present[i]] = i;
        }

        return new ClassRows(Design, Array.ConvertAll(Classes, c => numbers[c]), present.Length, Weights, FeatureNames, softmax: true);
    }

    /// <summary>Some of the rows, in the order given.</summary>
    public ClassRows Take(ReadOnlySpan<int> rows)
    {
        var classes = new int[rows.Length];
        var weights = Weights is null ? null : new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            classes[i] = Classes[rows[i]];
            if (weights is not null)
            {
                weights[i] = Weights![rows[i]];
            }
        }

        return new ClassRows(Design.Take(rows), classes, ClassCount, weights, FeatureNames, Outputs > 1);
    }
}
