// The pages of docs/reference, from the XML documentation of the built libraries:
//   dotnet build -c Release && dotnet run build/reference.cs              writes them
//   dotnet build -c Release && dotnet run build/reference.cs -- --check   writes nothing, and fails where a page is not what the libraries say
// docfx reads the documentation; what is done here is to make its pages read well as Markdown, and to list what users type.
#:property PublishAot=false
#:property TreatWarningsAsErrors=false
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, ".."));
var (raw, place) = (Path.Combine(root, "artifacts", "reference"), Path.Combine(root, "docs", "reference"));
if (args is not ([] or ["--check"]))
{
    Console.Error.WriteLine("reference.cs [--check]");
    return 2;
}

if (Directory.Exists(raw))
{
    Directory.Delete(raw, recursive: true);
}

var code = Run("tool", "restore");
code = code == 0 ? Run("docfx", "metadata", "build/docfx.json", "--warningsAsErrors") : code;
if (code != 0)
{
    return code;
}

// A type is a page; the namespace's own page is replaced by one of what users type.
var found = Directory.GetFiles(raw, "*.md").ToDictionary(f => Path.GetFileNameWithoutExtension(f)!, f => File.ReadAllText(f).ReplaceLineEndings("\n"));
found.Remove("Transfer.MLNet");
var pages = found.ToDictionary(p => p.Key + ".md", p => Readable(p.Value));
pages["README.md"] = Index();
if (args.Length == 0)
{
    Directory.CreateDirectory(place);
    foreach (var (name, text) in pages)
    {
        File.WriteAllText(Path.Combine(place, name), text);
    }

    foreach (var old in Directory.GetFiles(place).Where(f => !pages.ContainsKey(Path.GetFileName(f))))
    {
        File.Delete(old);
    }

    Console.WriteLine($"docs/reference: {pages.Count} pages");
    return 0;
}

var stale = pages.Keys.Union(Directory.GetFiles(place).Select(f => Path.GetFileName(f)!))
    .Where(name => !pages.TryGetValue(name, out var text) || !File.Exists(Path.Combine(place, name)) || File.ReadAllText(Path.Combine(place, name)).ReplaceLineEndings("\n") != text)
    .Order(StringComparer.Ordinal).ToArray();
foreach (var name in stale)
{
    Console.Error.WriteLine($"docs/reference/{name} is not what the libraries say: run `dotnet build -c Release && dotnet run build/reference.cs`.");
}

return stale.Length == 0 ? 0 : 1;

int Run(params string[] arguments)
{
    var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true };
    using var process = Process.Start(start)!;
    var errors = process.StandardError.ReadToEndAsync();
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        Console.Error.WriteLine(output + errors.Result);
    }

    return process.ExitCode;
}

string Readable(string page)
{
    page = Regex.Replace(page, @"^#### (Inherited Members|Inheritance)\n.*?(?=^#|\z)", "", RegexOptions.Singleline | RegexOptions.Multiline);
    page = page.Replace("Namespace: [Transfer.MLNet](Transfer.MLNet.md)  \n", "");
    page = Regex.Replace(page, @"<xref href=""([^""]+)""[^>]*></xref>", m => Link(Uri.UnescapeDataString(m.Groups[1].Value)));
    page = Regex.Replace(page, @"<code(?: class=""\w+"")?>([^<\n]*)</code>", m => $"`{System.Net.WebUtility.HtmlDecode(m.Groups[1].Value)}`");
    page = Regex.Replace(page, @"^<p>|</p>", m => m.Value.Length > 3 ? "\n" : "", RegexOptions.Multiline);
    page = Regex.Replace(page, @"^[ \t]+(?=\S)|[ \t]+$", "", RegexOptions.Multiline);
    return Regex.Replace(page, @"\n{3,}", "\n\n").Trim() + "\n";
}

// To a type's page, or to a member's place on it.
string Link(string name)
{
    var bare = name.Split('(')[0];
    var type = bare;
    while (!found.ContainsKey(type) && type.Contains('.', StringComparison.Ordinal))
    {
        type = type[..type.LastIndexOf('.')];
    }

    var shown = bare.Split('.')[^1];
    return !found.ContainsKey(type) ? $"`{shown}`"
        : type == bare ? $"[{Short(type)}]({type}.md)"
        : $"[{(type.EndsWith("Catalog", StringComparison.Ordinal) ? "" : Short(type) + ".")}{shown}]({type}.md#{Regex.Replace(name, @"[^A-Za-z0-9]", "_")})";
}

static string Short(string type) => type.Replace("Transfer.MLNet.", "", StringComparison.Ordinal);

string Index()
{
    var typed = found.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => Regex.Matches(p.Value, @"^### <a id=""(\w+)""></a>.*?^public static (\S+) (\w+)(?:<\w+>)?\(this ([\w.]+) ", RegexOptions.Singleline | RegexOptions.Multiline)
            .Select(m => (Page: p.Key, Anchor: m.Groups[1].Value, Gives: m.Groups[2].Value, Name: m.Groups[3].Value, On: m.Groups[4].Value.Split('.')[^1], Text: Summary(m.Value, p.Value, m.Index))))
        .GroupBy(m => (m.On, m.Name)).Select(g => g.First()).OrderBy(m => On(m.On), StringComparer.Ordinal).ThenBy(m => m.Name, StringComparer.Ordinal);
    var rows = typed.Select(m => $"| [`{On(m.On)}.{m.Name}(...)`]({m.Page}.md#{m.Anchor}) | {m.Text} |");
    var packages = found.GroupBy(p => Regex.Match(p.Value, @"^Assembly: (.*)\.dll", RegexOptions.Multiline).Groups[1].Value).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => $"## {g.Key}\n\n| type | |\n|---|---|\n{string.Join('\n', g.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"| [{Short(p.Key)}]({p.Key}.md) | {Summary(p.Value, p.Value, 0)} |"))}\n");
    return $"""
        # Reference

        Every public type and member, from the XML documentation of the libraries. All are in the namespace `Transfer.MLNet`, whatever the package. Taus are
        per row everywhere ([what that is in other libraries](../concepts.md#what-tau-is-here-and-elsewhere)).

        ## What is typed

        | on ML.NET's catalogs | |
        |---|---|
        {string.Join('\n', rows)}

        {string.Join('\n', packages)}
        Made by `dotnet run build/reference.cs`; edit the comments in the sources.

        """.ReplaceLineEndings("\n");
}

// The first sentence of what stands between a heading and the signature, or, of a page, behind its assembly.
string Summary(string part, string page, int at)
{
    var text = Readable(at == 0 ? Regex.Match(page, @"^Assembly:[^\n]*\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value
        : Regex.Match(part, @"\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value).Trim().Split("\n\n")[0].Replace('\n', ' ');
    var end = Regex.Match(text, @"[.:;](?= [A-Z(])|[.:;]$");
    return (end.Success ? text[..end.Index] : text).Replace("|", "\\|", StringComparison.Ordinal);
}

static string On(string catalog) => catalog switch
{
    "RegressionTrainers" => "ml.Regression.Trainers",
    "BinaryClassificationTrainers" => "ml.BinaryClassification.Trainers",
    "MulticlassClassificationTrainers" => "ml.MulticlassClassification.Trainers",
    "RegressionCatalog" => "ml.Regression",
    "BinaryClassificationCatalog" => "ml.BinaryClassification",
    "MulticlassClassificationCatalog" => "ml.MulticlassClassification",
    "ModelOperationsCatalog" => "ml.Model",
    "DataOperationsCatalog" => "ml.Data",
    "TransformsCatalog" => "ml.Transforms",
    "TransferAdvice" => "advice",
    var other => other,
};

static string Here([CallerFilePath] string path = "") => path;
