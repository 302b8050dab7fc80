using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// Many targets of a model that has no one layer to share: each is moved by itself, from its own rows. The rows are passed over once for
/// each target and each of its passes.
/// </summary>
internal sealed class TargetByTarget(
    TransferableModel kind, IHostEnvironment environment, StockLog log, PlaceInChain place, IDataView rows, string keyColumn)
{
    // With fewer rows there is nothing to leave out that would say which way is better.
    private const int FewestRows = 10;

    public IReadOnlyList<(FineTunedTarget Report, ITransformer? Moved)> Run(FineTuneOptions options, CancellationToken cancellation)
    {
        var keys = new RowKeys(rows.Schema, keyColumn);
        var numbers = new List<int>();
        using (var cursor = rows.GetRowCursor([keys.Column]))
        {
            var read = keys.Open(cursor);
            while (cursor.MoveNext())
            {
                read();
                numbers.Add(keys.Current);
            }
        }

        if (keys.MissingWarning is { } missing)
        {
            log.Warning(missing);
        }

        var moved = new List<(FineTunedTarget, ITransformer?)>();
        for (var target = 0; target < keys.Names.Count; target++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool[] own = [.. numbers.Select(n => n == target)];
            moved.Add(One(keys.Names[target], new PickedRows(rows, own), options));
        }

        return moved;
    }

    private (FineTunedTarget Report, ITransformer? Moved) One(string key, PickedRows own, FineTuneOptions options)
    {
        var count = own.GetRowCount()!.Value;
        if (count < FewestRows)
        {
            return (Unchanged($"it has {count} rows, and with fewer than {FewestRows} nothing tells which way is better"), null);
        }

        var (transformer, report) = kind.Move(environment, log, place, own, options);
        if (report.Way == FineTuneWay.AsItIs)
        {
            return (Unchanged("left-out rows say that it is best as it is"), null);
        }

        var squares = report.Measure == "mean squared error";
        var error = report.Candidates.FirstOrDefault(c => c.Way == report.Way)?.LeftOutError;
        var told = new FineTunedTarget
        {
            Key = key,
            Rows = report.Rows,
            Tau = report.Tau,
            LeaveOneOutError = squares && error is { } e ? Math.Sqrt(e) : error,
            Measure = squares ? "root mean squared error" : report.Measure,
        };
        return (told, transformer);

        FineTunedTarget Unchanged(string reason) => new() { Key = key, Rows = count, ReasonUnchanged = reason };
    }
}
