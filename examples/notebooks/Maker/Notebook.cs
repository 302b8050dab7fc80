using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookMaker;

/// <summary>The file format of notebooks (nbformat 4.5).</summary>
internal static class Notebook
{
    private static readonly JsonSerializerOptions _options =
        new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static string Of(IReadOnlyList<Cell> cells, IReadOnlyList<Output?> outputs)
    {
        var json = new JsonArray();
        var count = 0;
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = new JsonObject
            {
                ["cell_type"] = cells[i].IsCode ? "code" : "markdown",
                ["id"] = $"cell-{i + 1}",
                ["metadata"] = new JsonObject(),
                ["source"] = Lines(cells[i].Text)
            };
            if (cells[i].IsCode)
            {
                cell["execution_count"] = ++count;
                cell["outputs"] = Outputs(outputs[i]!);
            }

            json.Add((JsonNode)cell);
        }

        return new JsonObject
        {
            ["cells"] = json,
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
                ["language_info"] = new JsonObject { ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#" },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString(_options) + "\n";
    }

    /// <summary>The cells and outputs that a file has.</summary>
    public static (IReadOnlyList<Cell> Cells, IReadOnlyList<Output?> Outputs) Read(string json)
    {
        var cells = JsonNode.Parse(json)!["cells"]!.AsArray();
        return (
            [.. cells.Select(c => new Cell((string?)c!["cell_type"] == "code", Joined(c["source"]!)))],
            [.. cells.Select(c => c!["outputs"] is JsonArray outputs ? Of(outputs) : null)]);
    }

    private static JsonArray Outputs(Output output)
    {
        var all = new JsonArray();
        if (output.Text.Length > 0)
        {
            all.Add((JsonNode)new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = Lines(output.Text) });
        }

        foreach (var picture in output.Pictures)
        {
            all.Add((JsonNode)new JsonObject
            {
                ["data"] = new JsonObject { ["image/png"] = Convert.ToBase64String(picture) },
                ["metadata"] = new JsonObject(),
                ["output_type"] = "display_data",
            });
        }

        return all;
    }

    private static Output Of(JsonArray outputs) => new(
        string.Concat(outputs.Where(o => (string?)o!["output_type"] == "stream").Select(o => Joined(o!["text"]!))),
        [.. outputs.Where(o => (string?)o!["output_type"] == "display_data")
            .Select(o => Convert.FromBase64String((string)o!["data"]!["image/png"]!))]);

    private static string Joined(JsonNode lines) => string.Concat(lines.AsArray().Select(l => (string?)l));

    private static JsonArray Lines(string text)
    {
        var lines = text.Split('\n');
        return [.. lines.Select((l, i) => (JsonNode)(i + 1 < lines.Length ? l + "\n" : l)!)
            .Where((_, i) => i + 1 < lines.Length || lines[i].Length > 0)];
    }
}
