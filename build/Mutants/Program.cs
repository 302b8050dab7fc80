// FOLDER [--count N] [--seed S] [--only FILE] [--tests Evidence,Advice]
// A sample of the mutants of one folder of src/Transfer.MLNet, all compiled at once into a copy of this checkout, each switched on by an
// environment variable; the tests of the folders that are named (its own) are run once for each. Prints those that no test noticed.
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Transfer.MLNet.Mutants;

if (args is not [var folder, ..])
{
    Console.Error.WriteLine("FOLDER [--count N] [--seed S] [--only FILE] [--tests Evidence,Advice]");
    return 2;
}

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

var copy = Directory.CreateTempSubdirectory("mutants-").FullName;
try
{
    Run("git", Environment.CurrentDirectory, null, "clone", "-q", "--local", ".", copy);
    var core = Path.Combine(copy, "src", "Transfer.MLNet");
    string[] files = [.. Directory.GetFiles(Path.Combine(core, folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Where(f => Option("--only") is not { } only || Path.GetFileName(f) == only + ".cs")];
    var all = files.SelectMany(file =>
    {
        var root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
        return Mutator.Of(root).Select(m => (File: file, m.From, m.To));
    }).ToArray();
    var random = new Random(Number("--seed", 1));
    var sample = all.OrderBy(_ => random.Next()).Take(Number("--count", 100)).ToList();
    File.WriteAllText(Path.Combine(core, "Mutant.cs"),
        "namespace Transfer.MLNet;\ninternal static class Mutant\n{\n    private static readonly string? s_on = "
        + "System.Environment.GetEnvironmentVariable(\"MUTANT\");\n    public static bool Is(string number) => s_on == number;\n}\n");
    Console.WriteLine($"{all.Length} mutants of {files.Length} files, {sample.Count} of them taken");

    // A mutant that does not compile is left out; which one it is the line says.
    var gone = new HashSet<int>();
    while (Compile(copy, core, sample, gone, Option("--tests") ?? folder) is { Count: > 0 } wrong)
    {
        gone.UnionWith(wrong);
    }

    var tests = Path.Combine(copy, "build", "Mutation", "bin", "Release", "net10.0", "Transfer.MLNet.Tests.dll");
    var watch = Stopwatch.StartNew();
    if (Run("dotnet", copy, null, tests, "-noColor") != 0)
    {
        throw new InvalidOperationException("The tests fail without a mutant.");
    }

    // Processor time and clock: a mutant may go on for ever.
    var limit = TimeSpan.FromSeconds(20) + (10 * watch.Elapsed);
    var (killed, survived) = (0, 0);
    for (var i = 0; i < sample.Count; i++)
    {
        if (gone.Contains(i))
        {
            continue;
        }

        var (file, from, to) = sample[i];
        if (Run("dotnet", copy, (i.ToString(CultureInfo.InvariantCulture), limit), tests, "-noColor", "-stopOnFail") != 0)
        {
            killed++;
            continue;
        }

        survived++;
        var line = from.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        Console.WriteLine($"survives: {Path.GetRelativePath(core, file)}:{line}: {from} -> {to}");
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{killed} of {killed + survived} killed, {100.0 * killed / (killed + survived):F0} %; {gone.Count} did not compile"));
    return 0;
}
finally
{
    Directory.Delete(copy, recursive: true);
}

static List<int> Compile(string copy, string core, List<(string File, ExpressionSyntax From, ExpressionSyntax To)> sample,
    HashSet<int> gone, string tests)
{
    foreach (var file in sample.Select((m, i) => (m.File, Mutant: m, Number: i)).GroupBy(m => m.File))
    {
        var root = file.First().Mutant.From.SyntaxTree.GetRoot();
        var mine = file.Where(m => !gone.Contains(m.Number)).ToLookup(m => m.Mutant.From);
        // From the innermost outwards: a mutant may stand within another one's place.
        var mutated = root.ReplaceNodes(mine.Select(m => m.Key), (original, inner) => mine[original].Aggregate(
            (ExpressionSyntax)inner,
            (now, m) => m.Mutant.From.Parent is ExpressionStatementSyntax
                ? SyntaxFactory.ParseExpression($"_ = Mutant.Is(\"{m.Number}\") ? ({m.Mutant.To.NormalizeWhitespace()}) : ({now})")
                : SyntaxFactory.ParseExpression($"(Mutant.Is(\"{m.Number}\") ? ({m.Mutant.To.NormalizeWhitespace()}) : ({now}))")));
        File.WriteAllText(file.Key, mutated.ToFullString());
    }

    string[] build = ["build", Path.Combine(copy, "build", "Mutation"), "-c", "Release", "-v", "q", "-nologo",
        "-p:RunAnalyzersDuringBuild=false", "-p:TreatWarningsAsErrors=false"];
    var start = new ProcessStartInfo("dotnet", build) { RedirectStandardOutput = true };
    start.Environment["Mutated"] = tests;
    using var process = Process.Start(start)!;
    var said = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode == 0)
    {
        return [];
    }

    var wrong = new HashSet<int>();
    foreach (Match error in Regex.Matches(said, @"(?m)^\s*(?<file>[^\s(]+\.cs)\((?<line>\d+),(?<at>\d+)\): error"))
    {
        var line = File.ReadLines(error.Groups["file"].Value)
            .ElementAt(int.Parse(error.Groups["line"].ValueSpan, CultureInfo.InvariantCulture) - 1);
        wrong.UnionWith(Regex.Matches(line, "Mutant\\.Is\\(\"(\\d+)\"\\)")
            .Select(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
    }

    return wrong.Count > 0 ? [.. wrong] : throw new InvalidOperationException(said);
}

static int Run(string program, string folder, (string Number, TimeSpan Limit)? mutant, params string[] arguments)
{
    var start = new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
    if (mutant is { } on)
    {
        start.Environment["MUTANT"] = on.Number;
    }

    using var process = Process.Start(start)!;
    process.OutputDataReceived += static (_, _) => { };
    process.ErrorDataReceived += static (_, _) => { };
    process.BeginOutputReadLine();
    process.BeginErrorReadLine();
    if (!process.WaitForExit(mutant?.Limit ?? TimeSpan.FromMinutes(10)))
    {
        process.Kill(entireProcessTree: true);
        return -1;
    }

    return process.ExitCode;
}
