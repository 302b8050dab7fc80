using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Trees.Ensembles;

namespace Transfer.MLNet.Trees.Leaves;

/// <summary>
/// Reads rows as a tree model sees them. Features may be missing, which trees know what to do with; a row without a label, or of weight
/// zero, is
/// left out.
/// </summary>
internal static class LeafRowsReader
{
    private const int RowsBetweenLooks = 256;

    /// <param name="layer">The model.</param>
    /// <param name="data">Rows as they reach it.</param>
    /// <param name="columns">Which columns they are read from.</param>
    /// <param name="outputOf">For each class of the label that of the model; null where the label is no class.</param>
    /// <param name="warn">Told once of rows that were left out.</param>
    /// <param name="featureRows">Up to how many rows their features are kept; 0: never.</param>
    /// <param name="cancellation">Looked at every few hundred rows.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the features are not as many as the
    /// model's.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, a label is not what the model predicts, or
    /// the rows
    /// do not fit in memory.</exception>
    public static LeafRows Read(
        TreeLayer layer,
        IDataView data,
        TaskColumns columns,
        Func<int, int>? outputOf,
        Action<string> warn,
        int featureRows,
        CancellationToken cancellation)
    {
        var labels = layer.Task switch
        {
            TreeTask.Regression or TreeTask.Rate => LabelReader.Number,
            TreeTask.Binary => LabelReader.Boolean,
            _ => LabelReader.Key,
        };
        var label = ColumnTypes.Find(data.Schema, columns.Label, "label");
        labels.Check(label);
        var features = ColumnTypes.Find(data.Schema, columns.Features, "feature");
        RequireFeatures(layer, ColumnTypes.RequireVectorOfSingle(features), columns.Features);
        DataViewSchema.Column? weight = columns.Weight is null ? null : ColumnTypes.Find(data.Schema, columns.Weight, "weight");
        if (weight is { } column)
        {
            ColumnTypes.RequireSingle(column, "weight");
        }

        var store = new LeafStore(layer, new FeatureStore(featureRows, layer.FeatureCount));
        long position = 0, skipped = 0;
        using var cursor = data.GetRowCursor(weight is { } w ? [label, features, w] : [label, features]);
        var nextLabel = labels.Open(cursor, label);
        var nextFeatures = cursor.GetGetter<VBuffer<float>>(features);
        var nextWeight = weight is { } found ? cursor.GetGetter<float>(found) : null;
        var row = default(VBuffer<float>);
        var omega = 1f;
        for (; cursor.MoveNext(); position++)
        {
            if (position % RowsBetweenLooks == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                store.RequireMemory(position, columns.Features);
            }

            nextWeight?.Invoke(ref omega);
            var y = nextLabel();
            if (omega < 0)
            {
                throw new InvalidOperationException(
                    $"The weight column '{columns.Weight}' has the value {omega} in row {cursor.Position}; weights must not be negative. "
                    + "Correct it, or leave the row out with ml.Data.FilterRowsByColumn.");
            }

            if (layer.Task == TreeTask.Rate && y < 0)
            {
                throw new InvalidOperationException(
                    $"The label column '{columns.Label}' has the value {y} in row {cursor.Position}, but the model predicts a rate "
                        + $"(Tweedie): "
                        + $"labels must be zero or above. "
                    + "Correct it, or leave the row out with ml.Data.FilterRowsByColumn.");
            }

            if (omega == 0)
            {
                continue;
            }

            if (!double.IsFinite(y) || !float.IsFinite(omega))
            {
                skipped++;
                continue;
            }

            nextFeatures(ref row);
            store.Add(in row, outputOf is null ? y : outputOf((int)y), omega);
        }

        if (store.Count == 0)
        {
            throw new InvalidOperationException(
                position == 0 ? "The data has no rows: there is nothing to move the model to. Check the filters and the path that it "
                    + "was loaded from."
                : $"None of the {position} rows can be used: {skipped} have no label (or an infinite one, or an infinite weight) and "
                + $"the others weigh zero. "
                    + $"Look at how the columns '{columns.Label}'{(columns.Weight is null ? string.Empty : $" and '{columns.Weight}'")} "
                    + $"were made.");
        }

        if (skipped > 0)
        {
            warn($"{skipped} of {position} rows were left out: they have no label in column '{columns.Label}', or an infinite one. "
                + $"Filter such rows to choose yourself what happens to them.");
        }

        return store.ToRows();
    }

    private static void RequireFeatures(TreeLayer layer, int count, string column)
    {
        if (count != layer.FeatureCount)
        {
            throw new ArgumentException(
                $"The feature column '{column}' of the rows has {count} features, but the model was trained on {layer.FeatureCount}. "
                + "Give rows with the columns that the model was trained on, in their order.");
        }
    }

    /// <summary>Rows as they come in.</summary>
    private sealed class LeafStore(TreeLayer layer, FeatureStore features)
    {
        private const int Slack = 2;

        private readonly List<int>[] _leaves = [.. layer.Outputs.Select(_ => new List<int>())];
        private readonly int[][] _buffers = [.. layer.Outputs.Select(o => new int[o.Trees])];
        private readonly double[][] _values = [.. layer.Outputs.Select(o => o.Values())];
        private readonly List<double> _scores = [];
        private readonly List<double> _labels = [];
        private readonly List<double> _weights = [];

        public int Count => _labels.Count;

        public void RequireMemory(long rows, string column)
        {
            // Lists double when they are full.
            var bytes = Slack * (Count + 1L) * (
                (sizeof(int) * _buffers.Sum(b => (long)b.Length)) + (sizeof(double) * (2L + layer.Outputs.Length)));
            if (!MemoryBudget.OfProcess.FitsBytes(bytes) || _leaves.Any(l => l.Count > Array.MaxLength / 2))
            {
                throw new InvalidOperationException(
                    $"More than {rows} rows of column '{column}' do not fit in memory with the leaves that they fall into "
                        + $"({_buffers.Sum(b => b.Length)} trees). "
                    + "Take a sample of the rows (ml.Data.TakeRows after ml.Data.ShuffleRows).");
            }
        }

        public void Add(in VBuffer<float> row, double label, double weight)
        {
            for (var k = 0; k < _buffers.Length; k++)
            {
                var (output, leaves, values) = (layer.Outputs[k], _buffers[k], _values[k]);
                output.LeavesOf(in row, leaves);
                _leaves[k].AddRange(leaves);
                var sum = 0.0;
                foreach (var leaf in leaves)
                {
                    sum += values[leaf];
                }

                _scores.Add(layer.Links[k].Of(output.Offset + (output.Unit * sum)));
            }

            _labels.Add(label);
            _weights.Add(weight);
            features.Add(in row);
        }

        public LeafRows ToRows() => new(
            [.. _leaves.Select(l => l.ToArray())],
            [.. layer.Outputs.Select(o => o.LeafCount)],
            new Matrix(Count, layer.Outputs.Length, [.. _scores]),
            [.. _labels],
            [.. _weights],
            features.ToRows())
        {
            WhyNoFeatures = features.WhyNot,
        };
    }
}
