using System.Globalization;
using Transfer.MLNet.Validation;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

const string Help = """
    The calibration study of the advice: 405 cells, and 30 where its model is wrong, 40 draws each.

      dotnet run -c Release --project tests/Transfer.MLNet.Validation -- [options]

      --draws N       draws a cell (40)
      --cells TEXT    only cells whose name holds TEXT, for example iso or n1=50-rho=0.5; several with commas between
      --threads N     draws at a time (all processors)
      --csv FILE      every draw; what is in it already is not done again (artifacts/validation.csv)
      --report FILE   the report (docs/validation.md; beside it a table of all cells); "-" writes it to the console
      --speed         only what the advice costs, against training over the same grid; to the console
    """;
var settings = new Dictionary<string, string>
{
    ["--draws"] = "40", ["--cells"] = "", ["--threads"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
    ["--csv"] = "artifacts/validation.csv", ["--report"] = "docs/validation.md",
};
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
if (args is ["--speed"])
{
    Console.WriteLine(Speed.Measure(stop.Token));
    return 0;
}

for (var i = 0; i < args.Length; i += 2)
{
    if (!settings.ContainsKey(args[i]) || i + 1 == args.Length)
    {
        Console.Error.WriteLine(Help);
        return 2;
    }

    settings[args[i]] = args[i + 1];
}

if (!int.TryParse(settings["--draws"], out var draws) || draws < 1 || !int.TryParse(settings["--threads"], out var threads) || threads < 1)
{
    Console.Error.WriteLine(Help);
    return 2;
}

var parts = settings["--cells"].Split(',', StringSplitOptions.RemoveEmptyEntries);
var cells = Cell.Everything.Where(c => parts.Length == 0 || parts.Any(part => c.Name.Contains(part, StringComparison.Ordinal))).ToList();
if (cells.Count == 0)
{
    Console.Error.WriteLine($"No cell has a name with {settings["--cells"]}. The first is {Cell.All[0].Name}.");
    return 2;
}

try
{
    var outcomes = Study.Run(cells, draws, threads, settings["--csv"], stop.Token);
    var report = Report.Of(outcomes, draws, Speed.Measure(stop.Token));
    if (settings["--report"] == "-")
    {
        Console.WriteLine(report);
    }
    else
    {
        var table = Path.Combine(Path.GetDirectoryName(settings["--report"]) ?? "", Path.GetFileNameWithoutExtension(settings["--report"]) + "-cells.csv");
        foreach (var (file, content) in new[] { (settings["--report"], report), (table, Report.Cells(outcomes)) })
        {
            File.WriteAllText(file + ".new", content);
            File.Move(file + ".new", file, overwrite: true);
        }

        Console.WriteLine($"written: {settings["--report"]}, {table}, {settings["--csv"]}");
    }

    return 0;
}
catch (OperationCanceledException)
{
    Console.WriteLine("Stopped; what was done is kept, and the same command goes on from there.");
    return 130;
}
