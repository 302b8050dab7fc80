using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Transfer.MLNet.Mutants;

/// <summary>Mutants that no test can notice, each with the reason: the lines of equivalents.txt.</summary>
internal sealed class Equivalents
{
    private readonly List<(string File, string Mutant, string Why)> _known = [];

    /// <param name="path">FILE | FROM -> TO | WHY a line; of a mutant * all of the file.</param>
    public static Equivalents Read(string path)
    {
        var equivalents = new Equivalents();
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line.Split(" | ") is not [var file, var mutant, var why])
            {
                throw new FormatException($"{path}: '{line}' is not FILE | FROM -> TO | WHY.");
            }

            equivalents._known.Add((file, mutant, why));
        }

        return equivalents;
    }

    /// <summary>Why a mutant is the same; null where it is none of these.</summary>
    public string? Why(string file, ExpressionSyntax from, ExpressionSyntax to) => _known
        .Where(k => k.File == file && (k.Mutant == "*" || k.Mutant == Line(from, to))).Select(k => k.Why).FirstOrDefault();

    /// <summary>A mutant as the list and the answers have it, in one line.</summary>
    public static string Line(ExpressionSyntax from, ExpressionSyntax to) =>
        string.Join(' ', $"{from} -> {to}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
