// FOLDER [--count N] [--seed S] [--only FILE] [--tests Evidence,Advice] [--longest SECONDS]
// A sample of the mutants of one folder of src/Transfer.MLNet, all compiled at once into a copy of the last commit. Of the tests in the
// folders that are named (its own) those classes are run that come past a mutant. Prints the mutants that no test noticed.
using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Transfer.MLNet.Mutants;

if (args is not [var folder, ..])
{
    Console.Error.WriteLine("FOLDER [--count N] [--seed S] [--only FILE] [--tests Evidence,Advice] [--longest SECONDS]");
    return 2;
}

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

var copy = Directory.CreateTempSubdirectory("mutants-").FullName;
try
{
    using (var clone = Process.Start("git", ["clone", "-q", "--local", ".", copy]))
    {
        clone.WaitForExit();
    }

    var core = Path.Combine(copy, "src", "Transfer.MLNet");
    string[] files = [.. Directory.GetFiles(Path.Combine(core, folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Where(f => Option("--only") is not { } only || Path.GetFileName(f) == only + ".cs")];
    var all = files.SelectMany(file =>
    {
        var root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
        return Mutator.Of(root).Select(m => new Mutation(file, m.From, m.To));
    }).ToArray();
    var random = new Random(Number("--seed", 1));
    var sample = all.OrderBy(_ => random.Next()).Take(Number("--count", 100)).ToList();
    Console.WriteLine($"{all.Length} mutants of {files.Length} files, {sample.Count} of them taken");

    var watch = Stopwatch.StartNew();
    var gone = Build.Make(copy, core, sample, Option("--tests") ?? folder);
    Console.WriteLine($"built in {watch.Elapsed.TotalSeconds:F0} s");
    var tests = new TestRuns(copy, TimeSpan.FromSeconds(Number("--longest", 30)));
    Console.WriteLine($"every class run once after {watch.Elapsed.TotalSeconds:F0} s");
    var equivalents = Equivalents.Read(Path.Combine("build", "Mutants", "equivalents.txt"));
    var (killed, survived, same) = (0, 0, 0);
    for (var i = 0; i < sample.Count; i++)
    {
        if (gone.Contains(i))
        {
            continue;
        }

        var (file, from, to) = sample[i];
        var told = $"{Path.GetRelativePath(core, file)}:{sample[i].Line}: {Equivalents.Line(from, to)}";
        if (equivalents.Why(Path.GetRelativePath(core, file), from, to) is { } why)
        {
            same++;
            Console.WriteLine($"the same: {told} ({why})");
            continue;
        }

        if (tests.Notice(i))
        {
            killed++;
            Console.Error.WriteLine($"killed: {told}");
            continue;
        }

        survived++;
        var by = tests.Reaching(i) is var classes and > 0 ? $"past {classes} classes" : "no test comes past";
        Console.WriteLine($"survives: {told} ({by})");
    }

    var share = (double)killed / (killed + survived);
    var error = Math.Sqrt(share * (1 - share) / (killed + survived));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{killed} of {killed + survived} killed, {100 * share:F0} % (standard error {100 * error:F0}); {same} are the same, ")
        + $"{gone.Count} did not compile; {watch.Elapsed.TotalSeconds:F0} s");
    return 0;
}
finally
{
    Directory.Delete(copy, recursive: true);
}
