// Pages of HTML that build/screenshots takes pictures of:
//   dotnet run build/pages.cs -- terminal COMMAND PRINTED PAGE    what a program printed on a terminal, in its colours
//   dotnet run build/pages.cs -- notebook NOTEBOOK PAGE           a notebook with its outputs
#:package Markdig
#:property PublishAot=false
#:property TreatWarningsAsErrors=false
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;

string title, body;
switch (args)
{
    case ["terminal", var command, var printed, _]:
        title = command;
        body = $"<pre class='terminal'><b class='command'>$ "
            + $"{WebUtility.HtmlEncode(command)}</b>\n{Coloured(File.ReadAllText(printed))}</pre>";
        break;
    case ["notebook", var notebook, _]:
        title = Path.GetFileName(notebook);
        body = string.Concat(JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray().Select(c => Cell(c!)));
        break;
    default:
        Console.Error.WriteLine("pages.cs terminal COMMAND PRINTED PAGE | notebook NOTEBOOK PAGE");
        return 2;
}

File.WriteAllText(args[^1], $$"""
    <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{WebUtility.HtmlEncode(title)}}</title><style>
    body { font: 15px/1.5 sans-serif; color: #222; background: #fff; margin: 0 auto; max-width: 900px; padding: 16px; }
    pre { font: 13px/1.35 monospace; overflow-x: auto; margin: 0 0 12px; }
    .terminal { background: #16181d; color: #d8dce4; padding: 14px 16px; border-radius: 8px; margin: 0; }
    .command { white-space: pre-wrap; color: #fff; }
    .code { background: #f4f5f7; border-left: 3px solid #4a7bd0; padding: 8px 12px; }
    .output { padding: 0 12px; color: #333; }
    img { max-width: 100%; }
    </style></head><body>{{body}}</body></html>
    """);
return 0;

// The colours and weights that a terminal is told by SGR sequences; what moves its cursor is left out.
static string Coloured(string printed)
{
    string[] palette = ["#000", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dce4"];
    var text = new StringBuilder();
    var open = 0;
    foreach (var part in Regex.Split(printed.Replace("\r", "", StringComparison.Ordinal), @"(\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>])"))
    {
        if (!part.StartsWith('\x1b'))
        {
            text.Append(WebUtility.HtmlEncode(part));
        }
        else if (part.EndsWith('m'))
        {
            int[] codes = [.. part[2..^1].Split(';')
                .Select(c => c.Length == 0 ? 0 : int.Parse(c, System.Globalization.CultureInfo.InvariantCulture))];
            if (codes is [0])
            {
                text.Insert(text.Length, "</span>", open);
                open = 0;
                continue;
            }

            var colour = codes is [38, 5, var index] ? index & 7 : codes.Where(c => c is >= 30 and <= 37 or >= 90 and <= 97)
                .Select(c => c % 10).DefaultIfEmpty(-1).First();
            text.Append($"<span style='{(codes.Contains(1) ? "font-weight:bold;color:#fff;" : "")}{(colour >= 0 ? $"color:{palette[colour]}" : "")}'>");
            open++;
        }
    }

    return text.Insert(text.Length, "</span>", open).ToString();
}

static string Cell(JsonNode cell)
{
    var source = Joined(cell["source"]!);
    return (string)cell["cell_type"]! == "markdown"
        ? Markdown.ToHtml(source, new MarkdownPipelineBuilder().UsePipeTables().Build())
        : $"<pre class='code'>{WebUtility.HtmlEncode(source)}</pre>" + string.Concat(cell["outputs"]!.AsArray().Select(o => Output(o!)));
}

static string Output(JsonNode output) => output["text"] is { } text ? $"<pre class='output'>{WebUtility.HtmlEncode(Joined(text))}</pre>"
    : output["data"]?["image/png"] is { } image ? $"<img alt='' src='data:image/png;base64,{Joined(image).Trim()}'>"
    : output["data"]?["text/plain"] is { } plain ? $"<pre class='output'>{WebUtility.HtmlEncode(Joined(plain))}</pre>" : "";

static string Joined(JsonNode lines) => lines is JsonArray array ? string.Concat(array.Select(l => (string)l!)) : (string)lines!;
