using System.Text.Json;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>What the user says of columns, on the command line or in a file of JSON: <c>{ "zip": "category", "*": "ignore" }</c>.</summary>
internal sealed class ColumnWishes
{
    private readonly Dictionary<string, ColumnKind> _wishes = new(StringComparer.Ordinal);

    // Of every column that is not named.
    private const string Others = "*";

    public ColumnKind? Of(string name) => _wishes.TryGetValue(name, out var kind) || _wishes.TryGetValue(Others, out kind) ? kind : null;

    public void Add(IEnumerable<string> names, ColumnKind kind)
    {
        foreach (var name in names.Select(Writing.Spelling.Name))
        {
            if (_wishes.TryGetValue(name, out var other) && other != kind)
            {
                throw Failure.Usage($"Column '{name}' is said to be {other} and {kind}. Say one.");
            }

            _wishes[name] = kind;
        }
    }

    /// <summary>What the command line says goes before what the file says.</summary>
    public void AddFile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            foreach (var member in document.RootElement.EnumerateObject())
            {
                _wishes.TryAdd(Writing.Spelling.Name(member.Name), Parse(path, member.Name, member.Value.ToString()));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Failure.Input($"{path} is no JSON object of columns and their kinds ({{ \"zip\": \"category\" }}): {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure.Input($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A column that no feature is made of, unless the user says what it is.</summary>
    public void LeaveOut(string name) => _wishes.TryAdd(name, ColumnKind.Ignored);

    /// <summary>Every wish is for a column that there is.</summary>
    public void RequireColumns(IReadOnlyCollection<string> names)
    {
        if (_wishes.Keys.FirstOrDefault(w => w != Others && !names.Contains(w)) is { } unknown)
        {
            throw Failure.Input($"There is no column '{unknown}', of which you said what it is; there are: "
                + $"{Names.Of(names)}.{Nearest.Hint(unknown, names)}");
        }
    }

    private static ColumnKind Parse(string path, string column, string kind) => kind.ToUpperInvariant() switch
    {
        "NUMBER" => ColumnKind.Number,
        "CATEGORY" => ColumnKind.Category,
        "DATE" => ColumnKind.Date,
        "TEXT" => ColumnKind.Text,
        "IGNORE" => ColumnKind.Ignored,
        _ => throw Failure.Input($"{path}: column '{column}' is said to be '{kind}'; say number, date, category, text or ignore."),
    };
}
