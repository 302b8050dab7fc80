using System.Buffers;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Models;

/// <summary>
/// A file's rows as they stand there, and behind them what a model says of each: written as the file is, with its delimiter and its decimal
/// sign.
/// </summary>
internal sealed class ScoredRows
{
    // Names that no column of a file has: the file's own cells beside the columns that the model reads.
    private const string Own = "\u0001";

    private readonly IDataView _scored;
    private readonly TableFile _file;
    private readonly ModelTask _task;
    private readonly IReadOnlyList<string> _classes;

    private ScoredRows(IDataView scored, TableFile file, ModelTask task, IReadOnlyList<string> classes, IReadOnlyList<string> added)
    {
        (_scored, _file, _task, _classes, Added) = (scored, file, task, classes, added);
    }

    /// <summary>The columns that stand behind the file's own.</summary>
    public IReadOnlyList<string> Added { get; }

    public long Rows { get; private set; }

    /// <summary>What of the last row that was written looks like a summary of the others; null where nothing does.</summary>
    public string? Summary { get; private set; }

    public static ScoredRows Of(Work work, SavedModel model, RowSource source, string? exposure)
    {
        var data = ModelData.Of(work, model, [model.Model], source, null, source.File.Names, exposure);
        var own = source.File.Names.Select((n, i) => TableColumn.Words($"{Own}{i}") with { Cells = [n], AsItStands = true });
        // Every cell as it stands in the file; the model's columns are read from the same cells.
        var table = new Table(source.File, [.. source.File.Names.Select(_ => ColumnMode.Raw)], MemoryBudget.OfMachine(), work.Cancellation);
        var view = new TableView([data.Slice with { Table = table }], [.. data.Rows.Columns, .. own], null, work.Cancellation);
        var scored = model.Model.Transform(view);
        var task = ModelTask.Of(model, scored.Schema);
        ExposureOption.RequireCounts(exposure, task.Kind, $"{model.Path} predicts");
        scored = Exposed.Of(work.Ml, scored, exposure);
        var label = SavedLabel.Of(model);
        string Free(string name) => source.File.Names.Contains(name) ? $"{name} (model)" : name;
        IReadOnlyList<string> added = task.Kind switch
        {
            TaskKind.Regression or TaskKind.Count => [Free(label.Name is { } name ? $"predicted {name}" : "Score")],
            TaskKind.Binary => [Free(label.Name is { } name ? $"predicted {name}" : "PredictedLabel"), Free("Score"), .. task.HasProbability
                ? [Free("Probability")] : Array.Empty<string>()],
            _ => [Free(label.Name is { } name ? $"predicted {name}" : "PredictedLabel"),
                .. task.Classes.Select(c => Free($"{(task.HasProbability ? "Probability" : "Score")}.{c}"))],
        };
        return new ScoredRows(scored, source.File, task, label.Classes, added);
    }

    public void WriteTo(TextWriter text)
    {
        using var row = _scored.GetRowCursor(_scored.Schema.Where(c => !c.IsHidden
            && (c.Name.StartsWith(Own, StringComparison.Ordinal) || c.Name is "Score" or "Probability" or "PredictedLabel")));
        var own = _file.Names.Select((_, i) => row.GetGetter<ReadOnlyMemory<char>>(row.Schema[$"{Own}{i}"])).ToArray();
        var predictions = Predictions(row);
        WriteRow(text, [.. _file.Names.Select(n => n == Header.RowNames ? "" : n), .. Added]);
        var cells = new string[own.Length + Added.Count];
        var cell = default(ReadOnlyMemory<char>);
        while (row.MoveNext())
        {
            for (var i = 0; i < own.Length; i++)
            {
                own[i](ref cell);
                cells[i] = cell.ToString();
            }

            predictions(cells.AsSpan(own.Length));
            WriteRow(text, cells);
            Rows++;
        }

        text.Flush();
        Summary = Rows == 0 ? null : SummaryRow.Told(_file, c => cells[c]);
    }

    private delegate void Fill(Span<string> cells);

    private Fill Predictions(DataViewRowCursor row)
    {
        ValueGetter<T> Get<T>(string column) => row.GetGetter<T>(row.Schema[column]);
        switch (_task.Kind)
        {
            case TaskKind.Regression or TaskKind.Count:
                {
                    var score = Get<float>("Score");
                    float value = 0;
                    return cells =>
                    {
                        score(ref value);
                        cells[0] = Text(value);
                    };
                }

            case TaskKind.Binary:
                {
                    var (predicted, score) = (Get<bool>("PredictedLabel"), Get<float>("Score"));
                    var probability = _task.HasProbability ? Get<float>("Probability") : null;
                    var yes = false;
                    float value = 0;
                    return cells =>
                    {
                        predicted(ref yes);
                        score(ref value);
                        cells[0] = _classes.Count == 2 ? _classes[yes ? 1 : 0] : yes ? "true" : "false";
                        cells[1] = Text(value);
                        if (probability is not null)
                        {
                            probability(ref value);
                            cells[2] = Text(value);
                        }
                    };
                }

            default:
                {
                    var scores = Get<VBuffer<float>>("Score");
                    var values = default(VBuffer<float>);
                    return cells =>
                    {
                        scores(ref values);
                        var best = 0;
                        for (var k = 0; k < _task.Classes.Count; k++)
                        {
                            cells[k + 1] = Text(values.GetItemOrDefault(k));
                            best = values.GetItemOrDefault(k) > values.GetItemOrDefault(best) ? k : best;
                        }

                        cells[0] = _task.Classes[best];
                    };
                }
        }
    }

    private string Text(float value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        return _file.Point.Sign == ',' ? text.Replace('.', ',') : text;
    }

    private void WriteRow(TextWriter text, string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                text.Write(_file.Delimiter);
            }

            var cell = cells[i];
            if (cell.Contains(_file.Delimiter, StringComparison.Ordinal) || cell.AsSpan().ContainsAny(s_special)
                || (_file.Delimiter == ' ' && cell.Length == 0))
            {
                text.Write($"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            }
            else
            {
                text.Write(cell);
            }
        }

        text.Write('\n');
    }

    private static readonly SearchValues<char> s_special = SearchValues.Create("\"\r\n");
}
