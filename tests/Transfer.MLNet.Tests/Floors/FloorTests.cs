using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Floors;

/// <summary>
/// The folders of src/Transfer.MLNet are floors: the types of each may refer to its own and to those of floors before it.
/// </summary>
public partial class FloorTests
{
    private static readonly string[] s_floors =
    [
        "Files", "Kernels", "Rows", "Accumulation", "Losses", "Pull", "Choosing", "Solvers", "Evidence",
        "Models", "Tasks", "Advice", "Trainers", "Retraining", "Production",
    ];

    private static readonly Dictionary<string, string> s_folders = Declared();

    [Fact]
    public void Every_folder_is_a_floor() => Assert.Empty(Directory.GetDirectories(Checkout.PathOf("src", "Transfer.MLNet"))
        .Where(d => Directory.EnumerateFiles(d, "*.cs", SearchOption.AllDirectories).Any()).Select(Path.GetFileName)
        .Except([.. s_floors, "bin", "obj"]));

    [Fact]
    public void An_internal_type_is_in_the_namespace_of_its_folder() => Assert.Empty(Types()
        .Where(t => s_folders.TryGetValue(Name(t), out var folder)
            && t.Namespace != "Transfer.MLNet" && t.Namespace!.Split('.')[2] != folder)
        .Select(t => t.FullName));

    [Fact]
    public void No_type_refers_to_a_higher_floor()
    {
        string[] upward = [.. Types()
            .SelectMany(t => Parts(t).SelectMany(References.Of).Distinct()
                .Where(u => IsOurs(u) && Floor(u) > Floor(t))
                .Select(u => $"{Shown(t)} -> {Shown(u)}"))
            .Order(StringComparer.Ordinal)];
        Assert.Empty(upward);
    }

    [Fact]
    public void References_are_seen_in_signatures_bodies_and_closures() => Assert.Superset(
        new HashSet<Type> { typeof(References), typeof(Checkout) },
        Parts(typeof(FloorTests)).SelectMany(References.Of).ToHashSet());

    private static IEnumerable<Type> Types() => typeof(Workers).Assembly.GetTypes()
        .Where(t => !t.IsNested && IsOurs(t));

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("Transfer.MLNet", StringComparison.Ordinal) == true
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), false);

    private static IEnumerable<Type> Parts(Type type) =>
        type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).SelectMany(Parts).Prepend(type);

    /// <summary>Name and folder of every type that is declared at the beginning of a line.</summary>
    private static Dictionary<string, string> Declared()
    {
        var root = Checkout.PathOf("src", "Transfer.MLNet");
        var folders = new Dictionary<string, string>();
        foreach (var folder in s_floors.Where(f => Directory.Exists(Path.Combine(root, f))))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            {
                foreach (Match declared in Declaration().Matches(File.ReadAllText(file)))
                {
                    folders[(declared.Groups[1].Success ? declared.Groups[1] : declared.Groups[2]).Value] = folder;
                }
            }
        }

        return folders;
    }

    [GeneratedRegex(
        @"^(?:public|internal)(?: \w+)* (?:record struct|record class|class|struct|record|interface|enum) (\w+)"
            + @"|^(?:public|internal) delegate [^(]*?(\w+)[<(]",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    private static string Name(Type type) => type.Name.Split('`')[0];

    private static string Shown(Type type) => $"{Folder(type)}.{Name(type)}";

    /// <summary>A type of a folder says so by its namespace; a public type lies in the folder whose files declare it.</summary>
    private static string Folder(Type type) => type.Namespace == "Transfer.MLNet"
        ? s_folders.TryGetValue(Name(type), out var folder) ? folder
            : throw new InvalidOperationException($"{Name(type)} is declared in no folder of src/Transfer.MLNet.")
        : type.Namespace!.Split('.')[2];

    private static int Floor(Type type) => Array.IndexOf(s_floors, Folder(type)) is var floor and >= 0
        ? floor : throw new InvalidOperationException($"{type.FullName} is on no floor.");
}
