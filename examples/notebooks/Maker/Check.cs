using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookMaker;

/// <summary>Whether what is stored is what the source makes now.</summary>
internal static class Check
{
    public static IEnumerable<string> Of(
        string name, IReadOnlyList<Cell> cells, IReadOnlyList<Output?> outputs, string notebook, string program)
    {
        var (stored, storedOutputs) = Notebook.Read(notebook);
        if (!stored.SequenceEqual(cells))
        {
            yield return $"{name}.ipynb does not have the cells of its source: make it again.";
            yield break;
        }

        for (var i = 0; i < cells.Count; i++)
        {
            if (outputs[i] is { } now && storedOutputs[i] is { } then)
            {
                if (Figures.Difference(then.Text, now.Text) is { } difference)
                {
                    yield return $"{name}.ipynb, cell {i + 1}: stored '{difference.Stored}', now '{difference.Now}'.";
                }

                if (then.Pictures.Count != now.Pictures.Count)
                {
                    yield return $"{name}.ipynb, cell {i + 1}: {then.Pictures.Count} pictures are stored, and {now.Pictures.Count} are "
                        + $"made.";
                }
            }
        }

        if (program != ProgramFile.Of(name, cells))
        {
            yield return $"{name}.cs is not what its source makes: make it again.";
        }

        // The lines that begin with #: are for `dotnet run` alone.
        var code = string.Join('\n', program.Split('\n').Where(l => !l.StartsWith("#:", StringComparison.Ordinal)));
        var implicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using "
            + "System.Linq; global using System.Threading; global using System.Threading.Tasks;";
        var errors = CSharpCompilation.Create(
                name, [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(implicitUsings)], References.All(),
                    new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable))
            .GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);
        foreach (var error in errors)
        {
            yield return $"{name}.cs does not compile: {error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
        }
    }
}
