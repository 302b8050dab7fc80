using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookMaker;

/// <summary>
/// The notebook as one file for <c>dotnet run</c>: prose as comments, usings first and types last, where a program wants them. Packages of
/// this repository are taken from its sources.
/// </summary>
internal static class ProgramFile
{
    private const string Own = "Transfer.MLNet";
    private const string SkiaSharp = "SkiaSharp";

    // The SDK tells a program of one file where that file is.
    private const string Beginning = "\n\n// Files are found from this folder, wherever the program is run from.\n"
        + "Directory.SetCurrentDirectory((string)AppContext.GetData(\"EntryPointFileDirectoryPath\")!);\n"
        + "Directory.CreateDirectory(\"pictures\");\n";

    public static string Of(string name, IReadOnlyList<Cell> cells)
    {
        var (usings, body, types) = (new SortedSet<string>(StringComparer.Ordinal), new StringBuilder(), new StringBuilder());
        foreach (var cell in cells)
        {
            if (!cell.IsCode)
            {
                body.Append('\n').AppendJoin('\n', cell.Text.Split('\n').Select(l => ("// " + l).TrimEnd())).Append('\n');
                continue;
            }

            var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(
                Directives.Without(cell.Text), CSharpParseOptions.Default.WithKind(SourceCodeKind.Script)).GetRoot();
            usings.UnionWith(root.Usings.Select(u => u.WithoutTrivia().NormalizeWhitespace().ToString()));
            foreach (var member in root.Members)
            {
                (member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax ? types.Append('\n') : body)
                    .Append(member.ToFullString().Trim('\n')).Append('\n');
            }
        }

        var text = new StringBuilder($"// {name}.ipynb as a program: dotnet run {name}.cs\n// Made from source/{name}.md by the command "
            + $"in README.md: edit that one.\n");
        foreach (var package in Directives.Packages(cells))
        {
            text.Append(package.StartsWith(Own, StringComparison.Ordinal) ? $"#:project ../../src/{package}/{package}.csproj\n"
                : $"#:package {package}\n");
        }

        // The one package that the repository has in two versions; those of the others are in Directory.Packages.props.
        if (Directives.Version(cells, SkiaSharp) is { } version)
        {
            text.Append($"#:property SkiaSharpVersion={version}\n");
        }

        // Read from top to bottom, as cells are, a program keeps to other rules than a library's source.
        text.Append("#:property TreatWarningsAsErrors=false\n#:property NoWarn=$(NoWarn);CA1050;CA1812;CA1852\n#:property "
            + "PublishAot=false\n")
            .AppendJoin('\n', usings).Append(Beginning).Append(body).Append(types);
        return text.ToString();
    }
}
