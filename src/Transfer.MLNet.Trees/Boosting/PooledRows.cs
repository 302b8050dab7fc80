using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Trees.Boosting;

/// <summary>
/// The rows of both tasks, the source's first, with one feature more than they have: 1 for a row of the target, 0 for one of the source.
/// </summary>
internal sealed class PooledRows
{
    /// <summary>More features than this are not given to trees, which take them as dense numbers.</summary>
    public const int MostFeatures = 10_000;

    // 256 MB of features, and what a few dozen trainings of a second each can take.
    private const int MostNumbers = 1 << 26;
    private const int MostRows = 50_000;

    private PooledRows(Part source, Part target, int features, int classes)
    {
        (SourceRows, TargetRows, SourceRowsGiven, TargetRowsGiven) = (source.X.Count, target.X.Count, source.Seen, target.Seen);
        (Features, Classes, TargetPositions) = (features, classes, [.. target.Positions]);
        X = [.. source.X, .. target.X];
        Labels = [.. source.Labels, .. target.Labels];
        Weights = [.. source.Weights, .. target.Weights];
    }

    /// <summary>Features and the domain (n x (p + 1)).</summary>
    public float[][] X { get; }

    public double[] Labels { get; }

    public double[] Weights { get; }

    public int SourceRows { get; }

    public int TargetRows { get; }

    /// <summary>Before a sample was drawn.</summary>
    public long SourceRowsGiven { get; }

    /// <summary>Before a sample was drawn.</summary>
    public long TargetRowsGiven { get; }

    /// <summary>Where in their view the target's rows are, ascending.</summary>
    public long[] TargetPositions { get; }

    /// <summary>p.</summary>
    public int Features { get; }

    /// <summary>How many classes the target's label has; of another task 0.</summary>
    public int Classes { get; }

    /// <exception cref="InvalidOperationException">No row can be used.</exception>
    /// <exception cref="ArgumentException">The features are too many, or classes cannot be matched.</exception>
    public static PooledRows Read(
        AdviceQuestion question, IDataView? source, IDataView target, Action<string> warn, CancellationToken cancellation)
    {
        var labels = question.Task switch
        {
            AdvisedTask.Binary => LabelReader.Boolean,
            AdvisedTask.Multiclass => LabelReader.Key,
            _ => LabelReader.Number,
        };
        var of = new RowReader(target, question.Columns, labels);
        RequireFew(of.FeatureCount, question.FeatureColumn);
        var limit = Math.Min(MostRows, MostNumbers / (of.FeatureCount + 1));
        var own = Part.Read(of, isTarget: true, limit, question.Seed, y => y, warn, cancellation);
        var (classOf, classes) = Classed(question, source, target, warn);
        var other = source is null ? new Part() : Part.Read(
            new RowReader(source, question.Columns, labels), isTarget: false, limit, question.Seed, classOf, warn, cancellation);
        return new(other, own, of.FeatureCount, classes);
    }

    /// <exception cref="ArgumentException">There are more than <see cref="MostFeatures"/>.</exception>
    public static void RequireFew(int features, string column)
    {
        if (features > MostFeatures)
        {
            throw new ArgumentException(
                $"CompareTrees: column '{column}' has {features} features, and boosted trees are compared up to {MostFeatures}: they take "
                + "each as a dense number. Leave CompareTrees out, or keep fewer features (ml.Transforms.FeatureSelection).");
        }
    }

    // A source's class as the target numbers it; NaN where the target does not know it.
    private static (Func<double, double> Of, int Classes) Classed(
        AdviceQuestion question, IDataView? source, IDataView target, Action<string> warn)
    {
        if (question.Task != AdvisedTask.Multiclass)
        {
            return (y => y, 0);
        }

        var keys = ClassKeys.Of(ColumnTypes.Find(target.Schema, question.LabelColumn, "label"));
        if (source is null)
        {
            return (y => y, keys.Count);
        }

        var sourceOf = ClassPair.Match(ClassKeys.Of(ColumnTypes.Find(source.Schema, question.LabelColumn, "label")), keys, warn);
        var known = Enumerable.Range(0, keys.Count).Where(k => sourceOf(k) >= 0).ToDictionary(k => sourceOf(k));
        return (y => known.TryGetValue((int)y, out var k) ? k : double.NaN, keys.Count);
    }

    /// <summary>The rows of one task: all, or a sample drawn in one pass (Vitter 1985, algorithm R).</summary>
    private sealed class Part
    {
        public List<float[]> X { get; private set; } = [];

        public List<double> Labels { get; private set; } = [];

        public List<double> Weights { get; private set; } = [];

        public List<long> Positions { get; private set; } = [];

        public long Seen { get; private set; }

        public static Part Read(
            RowReader reader, bool isTarget, int limit, int seed, Func<double, double> classOf, Action<string> warn,
            CancellationToken cancellation)
        {
            var part = new Part();
            var random = new Random(seed);
            reader.Read(
                (in features, label, weight, position) =>
                {
                    var y = classOf(label);
                    if (double.IsNaN(y))
                    {
                        return;
                    }

                    part.Seen++;
                    var at = part.X.Count < limit ? part.X.Count : random.NextInt64(part.Seen);
                    if (at < limit)
                    {
                        part.Put((int)at, in features, isTarget, y, weight, position);
                    }
                },
                warn,
                cancellation);
            part.Sort();
            return part;
        }

        private void Put(int at, in VBuffer<float> features, bool isTarget, double label, double weight, long position)
        {
            var x = new float[features.Length + 1];
            features.CopyTo(x);
            x[^1] = isTarget ? 1 : 0;
            if (at == X.Count)
            {
                X.Add(x);
                Labels.Add(label);
                Weights.Add(weight);
                Positions.Add(position);
                return;
            }

            (X[at], Labels[at], Weights[at], Positions[at]) = (x, label, weight, position);
        }

        // In the order of the view, as they are read again.
        private void Sort()
        {
            var order = Enumerable.Range(0, X.Count).OrderBy(i => Positions[i]).ToArray();
            X = [.. order.Select(i => X[i])];
            Labels = [.. order.Select(i => Labels[i])];
            Weights = [.. order.Select(i => Weights[i])];
            Positions = [.. order.Select(i => Positions[i])];
        }
    }
}
