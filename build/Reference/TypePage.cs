using System.Text.RegularExpressions;

namespace ReferenceMaker;

/// <summary>A call as it is typed, where its page tells of it, and what it takes and gives.</summary>
internal sealed record TypedCall(string Typed, string With, string Gives, string Package, string Link);

/// <summary>The page of one type: docfx' without what every type has, with extension methods called as they are typed.</summary>
internal sealed partial class TypePage
{
    // What an extension method is called on, and what stands there in a program.
    private static readonly Dictionary<string, string> s_receivers = new()
    {
        ["RegressionCatalog"] = "ml.Regression",
        ["RegressionCatalog.RegressionTrainers"] = "ml.Regression.Trainers",
        ["BinaryClassificationCatalog"] = "ml.BinaryClassification",
        ["BinaryClassificationCatalog.BinaryClassificationTrainers"] = "ml.BinaryClassification.Trainers",
        ["MulticlassClassificationCatalog"] = "ml.MulticlassClassification",
        ["MulticlassClassificationCatalog.MulticlassClassificationTrainers"] = "ml.MulticlassClassification.Trainers",
        ["ModelOperationsCatalog"] = "ml.Model",
        ["DataOperationsCatalog"] = "ml.Data",
        ["TransformsCatalog"] = "ml.Transforms",
        ["IClusterClient"] = "cluster",
        ["ISiloBuilder"] = "silo",
        ["IClientBuilder"] = "client",
        ["TransferAdvice"] = "advice",
    };

    // What the compiler gives to records and classes without being asked; it says nothing of itself.
    private static readonly string[] s_byCompiler = [
        "Equals", "GetHashCode", "ToString", "Deconstruct", "operator ==", "operator !=", "<Clone>$"];

    private readonly List<TypedCall> _calls = [];
    private readonly List<string> _undocumented = [];

    public TypePage(string file, string page, Links links)
    {
        File = file;
        var sections = Heading().Split(links.Resolved(page)).Where(s => s.Length > 0).ToArray();
        var head = sections[0];
        Name = Title().Match(head).Groups[1].Value.Replace("\\", "", StringComparison.Ordinal);
        Package = Assembly().Match(head).Groups[1].Value;
        Summary = SummaryOf(Place().Replace(head, ""));
        Require(Name, Summary);
        var kept = new List<string> { Tidied(Place().Replace(head, $"\nPackage {Package} · [all types](README.md)\n\n")) };
        foreach (var section in sections.Skip(1))
        {
            if (section.StartsWith("### ", StringComparison.Ordinal))
            {
                if (Member(section) is { } member)
                {
                    kept.Add(Tidied(member));
                }
            }
            else
            {
                DropBareHeading(kept);
                kept.Add(Tidied(section));
            }
        }

        DropBareHeading(kept);
        Text = ManyLines().Replace(string.Join("\n\n", kept.Select(k => k.Trim())), "\n\n") + "\n";
    }

    public string File { get; }

    public string Name { get; }

    public string Package { get; }

    public string Summary { get; }

    public string Text { get; }

    public IReadOnlyList<TypedCall> Calls => _calls;

    /// <summary>Members and parameters that say nothing of themselves.</summary>
    public IReadOnlyList<string> Undocumented => _undocumented;

    // A heading of members, none of which was kept.
    private static void DropBareHeading(List<string> kept)
    {
        if (kept[^1].StartsWith("## ", StringComparison.Ordinal) && !kept[^1].Trim().Contains('\n'))
        {
            kept.RemoveAt(kept.Count - 1);
        }
    }

    private string? Member(string section)
    {
        var heading = MemberHeading().Match(section);
        var (anchor, title) = (heading.Groups[1].Value, heading.Groups[2].Value.Replace("\\", "", StringComparison.Ordinal));
        var summary = SummaryOf(section);
        var called = title.Split('(')[0];
        if (summary.Length == 0 && (s_byCompiler.Contains(called) || title == $"{Name.Split('.')[^1]}()"))
        {
            return null;
        }

        Require($"{Name}.{title}", summary);
        foreach (var parameter in ParameterWithoutWords().Matches(section).Select(m => m.Groups[1].Value))
        {
            _undocumented.Add($"{Name}.{title}: parameter '{parameter}'");
        }

        if (Extension().Match(section) is { Success: true } extension)
        {
            var (gives, receiver) = (extension.Groups[1].Value, extension.Groups[2].Value);
            var on = s_receivers.GetValueOrDefault(receiver)
                ?? throw new FormatException($"{Name}.{title} extends {receiver}: say in {nameof(TypePage)} how that is typed.");
            // As docfx escapes it, without the first parameter, which stands before the dot.
            var escaped = heading.Groups[2].Value;
            var parameters = escaped[(escaped.IndexOf('(', StringComparison.Ordinal) + 1)..^2].Split(", ", 2) is [_, var rest] ? rest : "";
            var typed = $"{on}.{called}";
            _calls.Add(new TypedCall(typed, parameters.Replace("\\", "", StringComparison.Ordinal), $"`{gives}`", Package,
                $"{File}#{anchor}"));
            section = $"### <a id=\"{anchor}\"></a> {typed}({parameters})" + section[(heading.Index + heading.Length)..];
        }

        return section;
    }

    private void Require(string what, string summary)
    {
        if (summary.Length == 0)
        {
            _undocumented.Add(what);
        }
    }

    // The words between the heading and the declaration.
    private static string SummaryOf(string section)
    {
        var body = section[section.IndexOf('\n', StringComparison.Ordinal)..];
        return body[..(body.IndexOf("```csharp", StringComparison.Ordinal) is >= 0 and var code ? code : body.Length)].Trim();
    }

    private static string Tidied(string section)
    {
        section = InheritedOfObject().Replace(section, "");
        section = Inherited().Replace(section, m => m.Groups[1].Value != "Inheritance" && m.Groups[2]
            .Value.Contains("](Transfer.MLNet", StringComparison.Ordinal) ? m.Value.TrimEnd().TrimEnd(',') + "\n\n" : "");
        section = TypeOfValue().Replace(section, "");
        return ManyLines().Replace(LineEnd().Replace(section, "").Replace("\n [", "\n[", StringComparison.Ordinal), "\n\n");
    }

    [GeneratedRegex(@"^(?=##?#? )", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^# <a id=""[^""]*""></a> (?:Class|Struct|Enum|Interface|Delegate) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Title();

    [GeneratedRegex(@"^Assembly: (.*)\.dll", RegexOptions.Multiline)]
    private static partial Regex Assembly();

    [GeneratedRegex(@"^Namespace: .*\nAssembly: .*\n", RegexOptions.Multiline)]
    private static partial Regex Place();

    [GeneratedRegex(@"^### <a id=""([^""]*)""></a> (.*)$", RegexOptions.Multiline)]
    private static partial Regex MemberHeading();

    [GeneratedRegex(@"^public static (\S+(?: \S+>)?) \w+\(this (\S+) ", RegexOptions.Multiline)]
    private static partial Regex Extension();

    // A parameter, and after its type the next parameter, a heading or nothing.
    [GeneratedRegex(@"^`(\w+)` .*\n+(?=`\w+` |####|\Z)(?<=\n)", RegexOptions.Multiline)]
    private static partial Regex ParameterWithoutWords();

    // Members of object, or of a type of others, whose own reference tells of them.
    [GeneratedRegex(@"^\[[^\]]*\]\(https:[^\n]*\n?", RegexOptions.Multiline)]
    private static partial Regex InheritedOfObject();

    [GeneratedRegex(@"^#### (Inheritance|Inherited Members|Implements)\n((?:(?!#).*\n?)*)", RegexOptions.Multiline)]
    private static partial Regex Inherited();

    // The declaration has it already, and a link to another's reference helps little.
    [GeneratedRegex(@"^#### (?:Property|Field) Value\n+ \[[^\n]*\]\(https:[^\n]*\n*(?=\Z|#)", RegexOptions.Multiline)]
    private static partial Regex TypeOfValue();

    [GeneratedRegex(@"[ \t]+$", RegexOptions.Multiline)]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex ManyLines();
}
