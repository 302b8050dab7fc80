namespace Transfer.MLNet.Rows;

/// <summary>The rows of a classification task: labels are the numbers of classes.</summary>
internal sealed class ClassRows : LabelledRows
{
    /// <param name="design">X (n x p).</param>
    /// <param name="classes">The class of each row, 0 .. classCount - 1; of two classes 1 is the positive one.</param>
    /// <param name="classCount">How many classes there are, those without rows counted too; at least 2.</param>
    /// <param name="weights">omega (n), all above zero; null where all rows count the same.</param>
    /// <param name="featureNames">p names, or none.</param>
    /// <param name="softmax">Whether two classes have weights each, as more always have, and not one vector of log odds.</param>
    public ClassRows(
        Design design, int[] classes, int classCount, double[]? weights = null, IReadOnlyList<string>? featureNames = null,
        bool softmax = false)
        : base(design, Array.ConvertAll(classes, c => (double)c), weights, featureNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        RowCounts = new int[classCount];
        foreach (var c in classes)
        {
            if (c < 0 || c >= classCount)
            {
                throw new ArgumentOutOfRangeException(nameof(classes), c, $"Classes are 0 .. {classCount - 1}.");
            }

            RowCounts[c]++;
        }

        Classes = classes;
        ClassCount = classCount;
        Outputs = classCount > 2 || softmax ? classCount : 1;
    }

    /// <summary>The class of each row (n).</summary>
    public int[] Classes { get; }

    public int ClassCount { get; }

    /// <summary>Weight vectors that a fit has: one for the log odds of two classes, otherwise one a class.</summary>
    public override int Outputs { get; }

    /// <summary>How many rows each class has.</summary>
    public int[] RowCounts { get; }

    /// <summary>Whether it is the only row of its class.</summary>
    public override bool IsLonely(int row) => RowCounts[Classes[row]] == 1;

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

    public override ClassRows With(Design design) => new(design, Classes, ClassCount, Weights, softmax: Outputs > 1);

    /// <summary>Some of the rows, in the order given.</summary>
    public override ClassRows Take(ReadOnlySpan<int> rows)
    {
        var classes = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            classes[i] = Classes[rows[i]];
        }

        return new ClassRows(Design.Take(rows), classes, ClassCount, Pick(Weights, rows), FeatureNames, Outputs > 1);
    }
}
