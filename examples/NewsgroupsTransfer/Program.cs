// Classifiers of newsgroup posts: does a source of other groups help a target of which only one post in ten has a label?
using System.Diagnostics;
using System.Globalization;
using NewsgroupsTransfer;
using Spectre.Console;

Options? options;
IReadOnlyList<Post> posts;
var clock = Stopwatch.StartNew();
try
{
    options = Options.Parse(args);
    if (options is null)
    {
        Console.WriteLine(Options.Usage);
        return 0;
    }

    string? folder = options.Data ?? (Directory.Exists(Artifacts.UsualData) ? Artifacts.UsualData : null);
    posts = folder is null ? InventedPosts.All() : PostFolder.Read(folder);
    Console.WriteLine(folder is null
        ? $"{posts.Count} invented posts: words drawn at random from short lists, so the numbers below are about those lists and about "
        + $"nothing else.\nFor real posts name the folder that 20 Newsgroups lies in (docs/text.md)."
        : $"{posts.Count} posts of 20 Newsgroups, without their headers, quotes and signatures.");
}
catch (Exception e) when (e is FormatException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 140; // no terminal, no width: do not break the table at 80
}

var artifacts = new Artifacts(options.Output);
var outcomes = new List<Outcome>();
var trials = new List<Trial>();
foreach (Pairing pairing in Pairing.All)
{
    Experiment experiment = Experiment.Prepare(pairing, posts, options.Fraction);
    Console.WriteLine();
    Console.WriteLine($"{pairing.Name}: {pairing.Question}.");
    Console.Write(pairing.Caution.Length > 0 ? pairing.Caution + "\n" : "");
    Console.WriteLine($"{experiment.SourcePosts} source posts, tau_S* = {experiment.SourceOptimalTau:G3}; {experiment.TargetPosts} "
        + $"target posts; {experiment.FeatureCount} words of the source. {Elapsed()}");

    // One draw a core: a fit to so few posts is too short to be divided.
    var runs = Enumerable.Range(0, options.Draws).AsParallel().AsOrdered().Select(experiment.Run).ToArray();
    Outcome[] own = [.. runs.SelectMany(r => r.Outcomes)];
    Trial[] tried = [.. runs.SelectMany(r => r.Trials)];
    AnsiConsole.Write(Summary.Table(own));
    Console.WriteLine("The sweep: each source penalty with the target penalty that is best for it.");
    AnsiConsole.Write(Summary.Sweep(own, tried));
    outcomes.AddRange(own);
    trials.AddRange(tried);
    Console.WriteLine(Elapsed());
}

artifacts.Write("results.csv", Summary.Csv(outcomes));
artifacts.Write("sweep.csv", Summary.Csv(trials));
Console.WriteLine();
Console.WriteLine($"results.csv and sweep.csv are in {artifacts.Folder}. {Elapsed()}");
return 0;

string Elapsed() => string.Create(CultureInfo.InvariantCulture,
    $"{clock.Elapsed.TotalSeconds:0} s ({Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:0} s of processor time) so far.");
