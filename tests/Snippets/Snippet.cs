using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Transfer.MLNet.Tests.Snippets;

/// <summary>A block of C# in README.md or docs, compiled with the names that readers have of their own.</summary>
internal sealed partial class Snippet
{
    // What the prose around the blocks speaks of, and a reader's program has.
    private const string Readers = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Transfer.MLNet;
        public partial class Reader
        {
            public static MLContext ml = new(1);
            public static IDataView sourceRows = null!, targetRows = null!, freshRows = null!, rows = null!, topicRows = null!, source = null!, target = null!;
            public static IDataView sourceSales = null!, targetSales = null!;
            public static ITransformer production = null!;
            public static StartingPoint given = null!;
            public static MulticlassPredictionTransformer<Microsoft.ML.Trainers.MaximumEntropyModelParameters> sourceModel = null!;
            public static string[] featureNames = [];
        }
        """;

    private const string Sale = """
        public class Sale
        {
            [Microsoft.ML.Data.LoadColumn(0)] public string Shop { get; set; } = "";
            [Microsoft.ML.Data.LoadColumn(1)] public float Price { get; set; }
            [Microsoft.ML.Data.LoadColumn(2)] public float Promotion { get; set; }
            [Microsoft.ML.Data.LoadColumn(3)] public float Units { get; set; }
        }
        """;

    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using "
        + "System.Threading; global using System.Threading.Tasks;";

    private readonly CSharpCompilation _compilation;

    /// <param name="code">The block.</param>
    /// <param name="references">Assemblies besides those that the tests themselves stand on.</param>
    public Snippet(string code, IEnumerable<string> references)
    {
        Code = code;
        var root = CSharpSyntaxTree.ParseText(code).GetCompilationUnitRoot();
        var statements = root.Members.OfType<GlobalStatementSyntax>().Select(s => s.Statement).ToArray();

        // Statements go into a method, so that a block may declare a name that the reader has already; types go beside it.
        var types = string.Concat(root.Members.Where(m => m is not GlobalStatementSyntax).Select(m => m.ToFullString()));
        var program = $$"""
            {{string.Concat(root.Usings.Select(u => u.ToFullString()))}}
            public partial class Reader { public static async Task Block() { await Task.CompletedTask;
            {{string.Concat(statements.Select(s => s.ToFullString()))}}
            {{Call(statements)}}
            } }
            {{types}}
            """;
        string[] sources = [program, Readers, ImplicitUsings, .. types.Contains("class Sale", StringComparison.Ordinal)
            ? Array.Empty<string>() : [Sale]];
        var paths = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var known = paths.Select(Path.GetFileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _compilation = CSharpCompilation.Create(
            "Block", sources.Select(s => CSharpSyntaxTree.ParseText(s)),
            paths.Concat(references.Where(r => !known.Contains(Path.GetFileName(r)))).Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    public string Code { get; }

    public Diagnostic[] Errors => [.. _compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)];

    /// <summary>The blocks of all pages, by page and place on it.</summary>
    public static IEnumerable<(string File, int Block)> All(string root) =>
        Directory.GetFiles(Path.Combine(root, "docs"), "*.md").Append(Path.Combine(root, "README.md")).Order(StringComparer.Ordinal)
            .SelectMany(file => Enumerable.Range(0, Block().Count(Text(file)))
            .Select(i => (Path.GetRelativePath(root, file).Replace('\\', '/'), i)));

    public static string CodeOf(string root, string file, int block) => Block().Matches(Text(Path.Combine(root, file)))[block].Groups[1]
        .Value;

    /// <summary>Runs the block in a folder, with what a reader has.</summary>
    /// <param name="folder">Becomes the current one meanwhile: no other test may run.</param>
    /// <param name="has">Values of the reader's names.</param>
    public async Task Run(string folder, IReadOnlyDictionary<string, object> has)
    {
        using var image = new MemoryStream();
        var emitted = _compilation.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics) + "\n\n" + Code);
        var reader = Assembly.Load(image.ToArray()).GetType("Reader")!;
        foreach (var (name, value) in has)
        {
            reader.GetField(name)!.SetValue(null, value);
        }

        var (before, output) = (Environment.CurrentDirectory, Console.Out);
        try
        {
            Environment.CurrentDirectory = folder;
            Console.SetOut(TextWriter.Null);
            await (Task)reader.GetMethod("Block")!.Invoke(null, null)!;
        }
        catch (TargetInvocationException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
        }
        finally
        {
            Console.SetOut(output);
            Environment.CurrentDirectory = before;
        }
    }

    // A block that is one function is called, with what the reader has by the names of its parameters.
    private static string Call(StatementSyntax[] statements) => statements is [LocalFunctionStatementSyntax function]
        ? $"{function.Identifier}({string.Join(", ", function.ParameterList.Parameters.Select(p => p.Type!.ToString() switch
        {
            "int" => "3",
            var t when t.StartsWith("IEnumerable", StringComparison.Ordinal) => "[]",
            _ => p.Identifier.Text,
        }))});"
        : "";

    private static string Text(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");

    [GeneratedRegex("^```csharp\\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
