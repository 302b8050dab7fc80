using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Transfer.MLNet.Mutants;

/// <summary>All mutants of a sample in one build, each switched on by an environment variable.</summary>
internal static class Build
{
    // Of MUTANTS_REACHED=FILE it writes into the file which mutants a run came past.
    private const string Switch = """
        namespace Transfer.MLNet;
        internal static class Mutant
        {
            private static readonly int s_on = int.Parse(
                System.Environment.GetEnvironmentVariable("MUTANT") ?? "-1", System.Globalization.CultureInfo.InvariantCulture);
            private static readonly bool[]? s_reached = Reached(System.Environment.GetEnvironmentVariable("MUTANTS_REACHED"));
            public static bool Is(int number)
            {
                if (s_reached is not null)
                {
                    s_reached[number] = true;
                }

                return s_on == number;
            }

            private static bool[]? Reached(string? file)
            {
                if (file is null)
                {
                    return null;
                }

                var reached = new bool[20000];
                System.AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.WriteAllLines(file, System.Linq.Enumerable.Select(
                    System.Linq.Enumerable.Where(System.Linq.Enumerable.Range(0, reached.Length), i => reached[i]), i => i.ToString()));
                return reached;
            }
        }
        """;

    /// <summary>Writes the mutants into the copy and compiles it; those that do not compile are left out and returned.</summary>
    public static HashSet<int> Make(string copy, string core, IReadOnlyList<Mutation> sample, string tests)
    {
        File.WriteAllText(Path.Combine(core, "Mutant.cs"), Switch);
        var gone = new HashSet<int>();
        while (Compile(copy, sample, gone, tests) is { Count: > 0 } wrong)
        {
            gone.UnionWith(wrong);
        }

        return gone;
    }

    private static HashSet<int> Compile(string copy, IReadOnlyList<Mutation> sample, HashSet<int> gone, string tests)
    {
        foreach (var file in sample.Select((m, i) => (m.File, Mutant: m, Number: i)).GroupBy(m => m.File))
        {
            var root = file.First().Mutant.From.SyntaxTree.GetRoot();
            var mine = file.Where(m => !gone.Contains(m.Number)).ToLookup(m => m.Mutant.From);
            // From the innermost outwards: a mutant may stand within another one's place.
            var mutated = root.ReplaceNodes(mine.Select(m => m.Key), (original, inner) => mine[original].Aggregate(
                (ExpressionSyntax)inner, (now, m) => Either(m.Number, m.Mutant, now)));
            File.WriteAllText(file.Key, mutated.ToFullString());
        }

        string[] build = ["build", Path.Combine(copy, "build", "Mutation"), "-c", "Release", "-v", "q", "-nologo",
            "-p:RunAnalyzersDuringBuild=false", "-p:TreatWarningsAsErrors=false"];
        var start = new ProcessStartInfo("dotnet", build) { RedirectStandardOutput = true };
        start.Environment["Mutated"] = tests;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? [] : Blamed(said);
    }

    private static ExpressionSyntax Either(int number, Mutation mutant, ExpressionSyntax now)
    {
        var either = $"Mutant.Is({number}) ? ({mutant.To.NormalizeWhitespace()}) : ({now})";
        return SyntaxFactory.ParseExpression(mutant.From.Parent is ExpressionStatementSyntax ? $"_ = {either}" : $"({either})");
    }

    // The line of an error says which mutants stand in it.
    private static HashSet<int> Blamed(string said)
    {
        var wrong = new HashSet<int>();
        foreach (Match error in Regex.Matches(said, @"(?m)^\s*(?<file>[^\s(]+\.cs)\((?<line>\d+),(?<at>\d+)\): error"))
        {
            var line = File.ReadLines(error.Groups["file"].Value)
                .ElementAt(int.Parse(error.Groups["line"].ValueSpan, CultureInfo.InvariantCulture) - 1);
            wrong.UnionWith(Regex.Matches(line, @"Mutant\.Is\((\d+)\)")
                .Select(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
        }

        return wrong.Count > 0 ? wrong : throw new InvalidOperationException(said);
    }
}
