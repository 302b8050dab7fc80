using System.Globalization;
using Microsoft.ML;
using Transfer.MLNet;
using Transfer.MLNet.Trees.Study;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["costs"])
{
    Costs.Print();
    return 0;
}

if (args.Length is < 1 or > 4 || !Directory.Exists(args[0]) || (args.Length > 2 && args[2] is not ("set" or "check")))
{
    Console.Error.WriteLine("""
        Moved trees against what else could be done, on real tables.

          dotnet run -c Release --project tests/Transfer.MLNet.Trees.Study -- FOLDER [DRAWS [set|check [TABLE]]]

          dotnet run -c Release --project tests/Transfer.MLNet.Trees.Study -- costs         time and memory by the number of rows

          FOLDER  has tabular/ and groups/ with the tables that Division.cs names
          DRAWS   of the target's rows, a division and size (5)
          set     the divisions that the power of the average was set on; check (the default): others
          TABLE   only divisions of this table
        """);
    return 2;
}

var draws = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
int[] sizes = [30, 100, 300];
var all = new List<(string Division, int Size, Dictionary<string, double> Losses, FineTuneWay Way)>();
var divisions = args.Length > 2 && args[2] == "set" ? Division.Set(args[0]) : Division.Check(args[0]);
foreach (var division in divisions.Where(d => args.Length < 4 || d.Name.StartsWith(args[3], StringComparison.Ordinal)))
{
    var ml = new MLContext(seed: 0);
    var source = Trial.Source(ml, division);
    foreach (var size in sizes.Where(s => division.Target.Count >= s + 100))
    {
        var trials = Enumerable.Range(0, draws).Select(d => Trial.Run(ml, source, division, size, d)).ToList();
        var losses = trials[0].Losses.Keys.Where(k => trials.All(t => t.Losses.ContainsKey(k)))
            .ToDictionary(k => k, k => trials.Average(t => t.Losses[k]));
        all.Add((division.Name, size, losses, trials.GroupBy(t => t.Way).MaxBy(g => g.Count())!.Key));
        var others = string.Join(" | ", Trial.Rivals.Select(r => (losses[r] / losses[Trial.Picked]).ToString("0.00")));
        Console.WriteLine($"| {division.Name} | {size} | {losses[Trial.Picked]:G4} | {others} | {all[^1].Way} |");
    }
}

Console.WriteLine();
Console.WriteLine("Geometric means over divisions of the loss relative to FineTune:");
foreach (var size in sizes)
{
    var of = all.Where(a => a.Size == size).ToList();
    double Mean(Func<Dictionary<string, double>, double> ratio) => Math.Exp(of.Average(a => Math.Log(ratio(a.Losses))));
    foreach (var method in Trial.Rivals.Concat(
        of.SelectMany(a => a.Losses.Keys).Distinct().Where(k => k.StartsWith("always", StringComparison.Ordinal))))
    {
        // Rows with missing features have no linear way.
        var with = of.Where(a => a.Losses.ContainsKey(method)).ToList();
        var mean = Math.Exp(with.Average(a => Math.Log(a.Losses[method] / a.Losses[Trial.Picked])));
        Console.WriteLine($"| {size} | {method} | {mean:0.000} |{(with.Count < of.Count ? $" {with.Count} of {of.Count} divisions" : "")}");
    }

    Console.WriteLine($"| {size} | FineTune against the best of the four, by hindsight | "
        + $"{1 / Mean(l => Trial.Rivals.Min(r => l[r]) / l[Trial.Picked]):0.000} |");
}

return 0;
