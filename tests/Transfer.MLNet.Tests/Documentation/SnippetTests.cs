using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>Every block of C# in README.md and docs compiles as it stands, given the names that readers have of their own.</summary>
public partial class SnippetTests
{
    // What the prose around the blocks speaks of, and a reader's program has.
    private const string Readers = """
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Transfer.MLNet;
        partial class Reader
        {
            static MLContext ml = new();
            static IDataView sourceRows = null!, targetRows = null!, freshRows = null!, rows = null!, source = null!, target = null!, testRows = null!, validationRows = null!;
            static IDataView images = null!, trainingRows = null!;
            static ITransformer production = null!;
            static MulticlassPredictionTransformer<Microsoft.ML.Trainers.MaximumEntropyModelParameters> sourceModel = null!;
            static string[] featureNames = [];
        }
        public class Sale { }
        """;

    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly string _packages = typeof(SnippetTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Packages").Value!;

    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Concat(new[] { "Transfer.MLNet.TorchSharp.dll", "Transfer.MLNet.Vision.dll", "Microsoft.ML.ImageAnalytics.dll" }.Select(name => Path.Combine(_packages, name)))
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    public static TheoryData<string, int> Blocks()
    {
        var blocks = new TheoryData<string, int>();
        foreach (var file in Directory.GetFiles(Checkout.Docs, "*.md").Append(Path.Combine(Checkout.Root, "README.md")).Order(StringComparer.Ordinal))
        {
            for (var i = 0; i < Block().Count(File.ReadAllText(file).ReplaceLineEndings("\n")); i++)
            {
                blocks.Add(Path.GetRelativePath(Checkout.Root, file), i);
            }
        }

        return blocks;
    }

    [Xunit.Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_compiles_as_it_stands(string file, int block)
    {
        var code = Block().Matches(File.ReadAllText(Path.Combine(Checkout.Root, file)).ReplaceLineEndings("\n"))[block].Groups[1].Value;
        var errors = Compile(code);
        Assert.True(errors.Length == 0, string.Join('\n', errors.Select(e => e.ToString())) + "\n\n" + code);
    }

    [Fact]
    public void A_block_that_calls_what_is_not_there_does_not_compile() =>
        Assert.Contains(Compile("using Transfer.MLNet;\nvar advice = ml.Regression.AdviseTransfers(sourceRows, targetRows);"), e => e.Id == "CS1061");

    // Statements go into a method, so that a block may declare a name that the reader has already; types go beside it.
    private static Diagnostic[] Compile(string code)
    {
        var root = CSharpSyntaxTree.ParseText(code).GetCompilationUnitRoot();
        var statements = string.Concat(root.Members.OfType<GlobalStatementSyntax>().Select(s => s.ToFullString()));
        var types = string.Concat(root.Members.Where(m => m is not GlobalStatementSyntax).Select(m => m.ToFullString()));
        var program = $"{string.Concat(root.Usings.Select(u => u.ToFullString()))}\npartial class Reader {{ static async Task Block() {{ await Task.CompletedTask;\n{statements}\n}} }}\n{types}";
        var readers = types.Contains("class Sale", StringComparison.Ordinal) ? Readers.Replace("public class Sale { }", "", StringComparison.Ordinal) : Readers;
        return
        [
            .. CSharpCompilation.Create(
                    "Block", [CSharpSyntaxTree.ParseText(program), CSharpSyntaxTree.ParseText(readers), CSharpSyntaxTree.ParseText(ImplicitUsings)], _references,
                    new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable))
                .GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error),
        ];
    }

    [GeneratedRegex("^```csharp\\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
