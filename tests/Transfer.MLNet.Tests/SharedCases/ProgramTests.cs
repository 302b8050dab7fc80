using System.Globalization;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Transfer.MLNet.Tests.Documentation;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.SharedCases;

/// <summary>Programs as users write them, which lie beside the repository where it is checked out with them: they compile as they stand and
/// end with what they are for.</summary>
[Collection(nameof(CurrentFolder))]
public sealed partial class ProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Many_shops_are_foretold_better_than_by_the_model_of_all()
    {
        var said = Run("many-shops.cs", ("int shops = 1000", "int shops = 60"), ("Take(100)", "Take(5)"));
        var errors = Before().Match(said);
        Assert.True(errors.Success, said);
        Assert.True(Number(errors, 2) < 0.95 * Number(errors, 1), said);
        Assert.DoesNotContain("NotSupported", said, StringComparison.Ordinal);
    }

    /// <summary>Weights that drift: who retrains each month foretells the next better than who never does, and the last month's model is
    /// a better start than none.</summary>
    [Fact]
    public void Month_after_month_retraining_is_better_than_none_and_than_from_scratch()
    {
        var said = Run("monthly.cs", ("int.Parse(Environment.GetCommandLineArgs()[2])", "1"), ("args[0] == \"chicago\"", "false"),
            ("Simulated(args[0])", "Simulated(\"slow\")"), ("{args[0],-10}", "slow"));
        double Error(string way) => Number(Regex.Match(said, Regex.Escape(way) + @" +RMSE next month ([\d.]+)"), 1);
        Assert.True(Error("1 FineTune from last month") < Error("0 never retrained"), said);
        Assert.True(Error("1 FineTune from last month") < Error("3 scratch on month"), said);
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private string Run(string file, params (string Old, string New)[] shortened)
    {
        var code = File.ReadAllText(Programs(file));
        foreach (var (old, other) in shortened)
        {
            Assert.Contains(old, code, StringComparison.Ordinal);
            code = code.Replace(old, other, StringComparison.Ordinal);
        }

        const string Implicit = "global using System; global using System.Collections.Generic; global using System.IO; global using "
            + "System.Linq;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            "program", new[] { code, Implicit }.Select(c => CSharpSyntaxTree.ParseText(c)), references);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        var main = new AssemblyLoadContext(file).LoadFromStream(image).EntryPoint!;
        var (folder, console) = (Environment.CurrentDirectory, Console.Out);
        using var said = new StringWriter(CultureInfo.InvariantCulture);
        try
        {
            Environment.CurrentDirectory = _folder.File("");
            Console.SetOut(said);
            main.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = folder;
        }

        return said.ToString();
    }

    private static string Programs(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var program = Path.Combine(folder.FullName, "shared", "cases", "programs", file);
            if (File.Exists(program))
            {
                return program;
            }
        }

        Assert.Skip("there is no shared/cases/programs in a folder above");
        return "";
    }

    [GeneratedRegex(@"RMSE before ([\d.]+) after ([\d.]+)")]
    private static partial Regex Before();
}
