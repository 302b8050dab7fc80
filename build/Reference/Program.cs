using System.Reflection;
using ReferenceMaker;

const string Help = """
    Makes docs/reference from the packages as they are built and their XML documentation. docfx reads them; see .config/dotnet-tools.json.

      dotnet run -c Release --project build/Reference [-- --check]

      --check   writes nothing: fails where a page is not what is built now, or a public member says nothing of itself
    """;

if (args is not ([] or ["--check"]))
{
    Console.Error.WriteLine(Help);
    return args is ["--help" or "-h"] ? 0 : 2;
}

var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root.FullName, "Transfer.MLNet.sln")))
{
    root = root.Parent ?? throw new DirectoryNotFoundException($"Above {AppContext.BaseDirectory} there is no Transfer.MLNet.sln.");
}

var configuration = typeof(Docfx).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Configuration").Value!;
Dictionary<string, string> made;
try
{
    made = Reference.Of(Docfx.Pages(root.FullName, configuration));
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

var folder = Path.Combine(root.FullName, "docs", "reference");
Directory.CreateDirectory(folder);
var there = Directory.GetFiles(folder, "*.md").ToDictionary(f => Path.GetFileName(f), f => File.ReadAllText(f));
string[] differ = [.. made.Keys.Union(there.Keys).Where(name => made.GetValueOrDefault(name) != there.GetValueOrDefault(name))
    .Order(StringComparer.Ordinal)];
if (args is ["--check"])
{
    foreach (var name in differ)
    {
        Console.Error.WriteLine($"docs/reference/{name} is {(!made.ContainsKey(name) ? "of no type that there is" : there.ContainsKey(name) ? "not what is built now" : "not there")}.");
    }

    if (differ.Length > 0)
    {
        Console.Error.WriteLine("dotnet run -c Release --project build/Reference makes the pages again.");
    }

    return differ.Length == 0 ? 0 : 1;
}

foreach (var name in differ)
{
    var path = Path.Combine(folder, name);
    if (made.TryGetValue(name, out var page))
    {
        File.WriteAllText(path, page);
    }
    else
    {
        File.Delete(path);
    }
}

Console.WriteLine($"{made.Count} pages in docs/reference, {differ.Length} of them new or changed.");
return 0;
