using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookMaker;

/// <summary>Runs cells in order, each seeing what those before it declared.</summary>
/// <param name="folder">Where the notebook lies: relative paths are from here. Pictures that a cell writes into its folder "pictures" are
/// its output.</param>
internal sealed class Kernel(string folder)
{
    // What `dotnet run file.cs` and notebooks import without being asked.
    private static readonly string[] _imports = [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    private readonly string _pictures = Path.Combine(folder, "pictures");
    private ScriptState<object>? _state;

    public async Task<Output> Run(string code)
    {
        if (Directory.Exists(_pictures))
        {
            Directory.Delete(_pictures, recursive: true);
        }

        Directory.CreateDirectory(_pictures);
        Directory.SetCurrentDirectory(folder);
        var console = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            var text = Directives.Without(code);
            _state = _state is null
                ? await CSharpScript.RunAsync(text, ScriptOptions.Default.WithImports(_imports).WithReferences(References.All())
                .WithOptimizationLevel(OptimizationLevel.Release).WithWarningLevel(0))
                : await _state.ContinueWithAsync(text);
        }
        finally
        {
            Console.SetOut(console);
        }

        var pictures = Directory.GetFiles(_pictures, "*.png").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
        Directory.Delete(_pictures, recursive: true);
        return new(written.ToString().ReplaceLineEndings("\n"), pictures);
    }
}
