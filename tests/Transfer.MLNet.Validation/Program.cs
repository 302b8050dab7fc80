using System.Globalization;
using Transfer.MLNet.Files;
using Transfer.MLNet.Validation;
using Transfer.MLNet.Validation.Classification;
using Transfer.MLNet.Validation.Guard;
using Transfer.MLNet.Validation.Real;
using Transfer.MLNet.Validation.Real.Classes;
using Transfer.MLNet.Validation.Retraining;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

const string Help = """
    The calibration study of the advice: 405 cells, and 30 where its model is wrong, 40 draws each; for classifiers 60 cells.

      dotnet run -c Release --project tests/Transfer.MLNet.Validation -- [classification] [options]
      dotnet run -c Release --project tests/Transfer.MLNet.Validation -- --real DIR [options]
      dotnet run -c Release --project tests/Transfer.MLNet.Validation -- --guard N [FILE]   # the tables of docs/production.md, N batches a line; what FILE has is not done again

      dotnet run -c Release --project tests/Transfer.MLNet.Validation -- --retraining N # when to retrain, N draws of each world (docs/production.md)
      dotnet run -c Release --project tests/Transfer.MLNet.Validation -- --drift N      # what a statement on drift is worth, N draws a line

      --real DIR      the study on real tables instead: DIR holds tasks.json and the tables' CSV files (artifacts/validation-real.csv, docs/validation-real.md)
      --real-classes DIR   classes and counts of those tables (artifacts/validation-classes-real.csv, docs/validation-classes-real.md)
      --draws N       draws a cell (40); 0: the report of what the file has so far (not of classifiers)
      --rival-draws N with --real: of these draws how many try the rivals too, done last (5)
      --cells TEXT    only cells whose name holds TEXT, for example iso or n1=50-rho=0.5; several with commas between
      --threads N     draws at a time (all processors)
      --csv FILE      every draw; what is in it already is not done again (artifacts/validation.csv)
      --report FILE   the report (docs/validation.md; beside it a table of all cells); "-" writes it to the console
      --speed         only what the advice costs, against training over the same grid; to the console
    """;
var classification = args is ["classification", ..];
args = classification ? args[1..] : args;
var real = args is ["--real", _, ..] ? args[1] : null;
var losses = args is ["--real-classes", _, ..] ? args[1] : null;
args = real is null && losses is null ? args : args[2..];
var name = classification ? "validation-classification" : losses is not null ? "validation-classes-real" : real is null ? "validation"
    : "validation-real";
var settings = new Dictionary<string, string>
{
    ["--draws"] = "40",
    ["--cells"] = "",
    ["--threads"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
    ["--rival-draws"] = "5",
    ["--csv"] = $"artifacts/{name}.csv",
    ["--report"] = $"docs/{name}.md",
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

if (args is [var production, var many, .. { Length: <= 1 } kept] && (kept.Length == 0 || production == "--guard")
    && int.TryParse(many, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
{
    Func<int, CancellationToken, string>? table = production switch
    {
        "--guard" => (draws, token) => GuardStudy.Run(draws, kept is [var file] ? file : null, token),
        "--retraining" => RetrainingStudy.Run,
        "--drift" => DriftStudy.Run,
        _ => null,
    };
    if (table is not null)
    {
        Console.WriteLine(table(number, stop.Token));
        return 0;
    }
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

if (!int.TryParse(settings["--draws"], out var draws) || draws < (classification ? 1 : 0)
    || !int.TryParse(settings["--threads"], out var threads) || threads < 1
    || !int.TryParse(settings["--rival-draws"], out var rivalDraws) || rivalDraws < 0)
{
    Console.Error.WriteLine(Help);
    return 2;
}

var parts = settings["--cells"].Split(',', StringSplitOptions.RemoveEmptyEntries);
if (losses is not null)
{
    return Finish(() =>
    {
        var tasks = LossTask.ReadAll(losses);
        var trial = new LossTrial(tasks, stop.Token);
        var chosen = trial.Cells.Where(c => parts.Length == 0 || parts.Any(part => c.Contains(part, StringComparison.Ordinal))).ToList();
        var outcomes = Study.Run(chosen, trial.Run, draws, threads, settings["--csv"], stop.Token);
        return outcomes.Count == 0 ? [] : [(settings["--report"], LossReport.Of(tasks, outcomes))];
    });
}

if (real is not null)
{
    return Finish(() =>
    {
        var outcomes = RealStudy.Run(real, parts, draws, rivalDraws, threads, settings["--csv"], stop.Token);
        return outcomes.Count == 0 ? [] : [(settings["--report"], RealReport.Of(outcomes))];
    });
}

var every = classification ? ClassCell.All.Select(c => c.Name).ToList() : [.. Cell.Everything.Select(c => c.Name)];
var cells = every.Where(c => parts.Length == 0 || parts.Any(part => c.Contains(part, StringComparison.Ordinal))).ToList();
if (cells.Count == 0)
{
    Console.Error.WriteLine($"No cell has a name with {settings["--cells"]}. The first is {every[0]}.");
    return 2;
}

return Finish(() =>
{
    var byName = Cell.Everything.ToDictionary(c => c.Name);
    var classByName = ClassCell.All.ToDictionary(c => c.Name);
    var outcomes = Study.Run(
        cells, (cell, draw) => classification ? ClassTrial.Run(classByName[cell], draw) : Trial.Run(byName[cell], draw), draws, threads,
            settings["--csv"], stop.Token);
    var report = classification ? ClassReport.Of(outcomes, draws)
        : Report.Of(outcomes, draws, settings["--cells"], parts.Length > 0 || draws == 0 ? null : Speed.Measure(stop.Token));
    var table = Path.Combine(Path.GetDirectoryName(settings["--report"]) ?? "", Path.GetFileNameWithoutExtension(settings["--report"])
        + "-cells.csv");
    return classification ? [(settings["--report"], report)] : [(settings["--report"], report), (table, Report.Cells(outcomes))];
});

int Finish(Func<(string File, string Content)[]> study)
{
    try
    {
        var files = study();
        if (files.Length == 0)
        {
            Console.Error.WriteLine($"No cell has a name with {settings["--cells"]}.");
            return 2;
        }

        if (settings["--report"] == "-")
        {
            Console.WriteLine(files[0].Content);
            return 0;
        }

        foreach (var (file, content) in files)
        {
            AtomicFile.WriteText(file, content);
        }

        Console.WriteLine($"written: {string.Join(", ", files.Select(f => f.File))}, {settings["--csv"]}");
        return 0;
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine("Stopped; what was done is kept, and the same command goes on from there.");
        return 130;
    }
}
