using System.Text;
using Microsoft.ML;
using Transfer.MLNet.Fuzz.Damage;
using Transfer.MLNet.Tool;

namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>Models of ML.NET, by the command line, and by the library where their checksums are wrong.</summary>
internal sealed class ModelFileReader : Reader
{
    public override string Name => "model";

    public override int Share => 9;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        var folder = Directory.CreateTempSubdirectory("model").FullName;
        foreach (var (name, classes) in new[] { ("regression", false), ("binary", true) })
        {
            var table = Path.Combine(folder, "t.csv");
            File.WriteAllText(table, Sample.Table(60, classes: classes));
            var exit = ToolRun.Of("train", "--source", table, "--label", "y", "--tau", "0.1", "--out", Path.Combine(folder, $"{name}.zip"));
            if (exit != Exit.Success)
            {
                throw new InvalidOperationException($"{name}: exit {exit}");
            }

            yield return ($"{name}.zip", File.ReadAllBytes(Path.Combine(folder, $"{name}.zip")));
        }

        Directory.Delete(folder, recursive: true);
        var rows = Sample.Of(60, 3);
        using var trees = new MemoryStream();
        Sample.Ml.Model.Save(Sample.Ml.Regression.Trainers.FastTree(numberOfTrees: 3, numberOfLeaves: 4).Fit(rows), rows.Schema, trees);
        yield return ("trees.zip", trees.ToArray());
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        var path = Path.Combine(folder, "a.zip");
        File.WriteAllBytes(path, input);
        return ToolRun.Of("inspect", path) == Exit.Success;
    }

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) => Sealed.Zip(sound, mutator, random);
}

/// <summary>The files of a store of versions: what says which is current, a version's facts, its model and its rows.</summary>
internal sealed class StoreReader : Reader
{
    private static readonly string[] s_files = ["current.json", "000001.json", "000001.zip", "000001.rows"];

    private Dictionary<string, byte[]>? _sound;

    public override string Name => "store";

    public override int Share => 6;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        foreach (var (name, bytes) in Store())
        {
            yield return (name, bytes);
        }
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        // Those of the corpus, which belong together: a model's checksum stands beside it.
        _sound ??= Directory.GetFiles(Campaign.Inputs.FolderOf(this)).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
        var store = Directory.CreateDirectory(Path.Combine(folder, "store")).FullName;
        foreach (var (name, bytes) in _sound)
        {
            File.WriteAllBytes(Path.Combine(store, name), bytes);
        }

        // Which file it was is seen by its beginning, as far as that is left.
        var file = input.AsSpan().StartsWith("PK"u8) ? s_files[2] : input.AsSpan().StartsWith("CML"u8) ? s_files[3]
            : s_files[input.AsSpan().IndexOf("modelPrint"u8) >= 0 ? 1 : 0];
        File.WriteAllBytes(Path.Combine(store, file), input);
        var opened = new ModelStore(store);
        _ = opened.Versions.Select(v => v.ToString()).Count();
        _ = opened.Load(Sample.Ml.Model, out _);
        _ = Production.HeldOutFile.Read(store, opened.Version(1));
        return true;
    }

    public override bool IsDocumented(Exception exception) =>
        exception is FormatException || exception.GetType() == typeof(ArgumentException)
        || (exception.GetType() == typeof(InvalidOperationException) && exception.Message.Contains("is empty", StringComparison.Ordinal));

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) =>
        sound[0] == '{' ? TextMutator.Json(sound, random) : null;

    private static Dictionary<string, byte[]> Store()
    {
        var folder = Directory.CreateTempSubdirectory("store").FullName;
        var rows = Sample.Of(40, 2);
        new ModelStore(folder).Add(Sample.Ml.Model, Sample.Ml.Regression.Trainers.L2SpRidge(tau: 0.1).Fit(rows), rows.Schema, rows,
            note: "ä");
        var files = s_files.ToDictionary(f => f, f => File.ReadAllBytes(Path.Combine(folder, f)));
        Directory.Delete(folder, recursive: true);
        return files;
    }
}

/// <summary>Advice as JSON; what is accepted is drawn, told and written again.</summary>
internal sealed class AdviceReader : Reader
{
    public override string Name => "advice";

    public override int Share => 6;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        var (regression, binary) = (Sample.Ml.Regression, Sample.Ml.BinaryClassification);
        foreach (var (name, advice) in new[]
        {
            ("regression", regression.AdviseTransfer(Sample.Of(60, 3), Sample.Of(20, 3))),
            ("groups", regression.AdviseTransfer(Sample.Of(80, 2), Sample.Of(20, 2), new AdviceOptions { GroupColumnName = "Shop" })),
            ("classes", binary.AdviseTransfer(Sample.Classes(60, 3), Sample.Classes(30, 3))),
        })
        {
            yield return ($"{name}.json", Encoding.UTF8.GetBytes(advice.ToJson()));
        }
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        // As a text that was read by someone: what is no UTF-8 is replaced, and lone surrogates come as such.
        var json = Encoding.UTF8.GetString(input);
        var advice = TransferAdvice.FromJson(random.Next(8) == 0 ? json.Replace('ä', '\ud800') : json);
        _ = advice.ToString();
        var options = random.Next(2) == 0 ? null : new AdviceReportOptions { Label = new("price") { Unit = "$", MeanSize = 7 } };
        _ = advice.ToHtml(options);
        _ = advice.Answer(options);
        _ = TransferAdvice.FromJson(advice.ToJson());
        return true;
    }

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) => TextMutator.Json(sound, random);
}

/// <summary>Command lines; there are no response files, and @ is a letter.</summary>
internal sealed class ArgumentsReader : Reader
{
    public override string Name => "arguments";

    // They name files that are not there.
    public override bool TakesSound => false;

    public override int Share => 2;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        string[] lines =
        [
            "train --source t.csv --label y --tau 0.1 --out m.zip --force", "inspect m.zip --json", "moments show m.moments",
            "predict --model m.zip --data t.csv --out p.csv --force --where size>3", "evaluate --model m.zip --data t.csv --label y",
            "train --source t.csv --label y --where day<2024-06-01 --missing @ --date-order dmy --delimiter , --out m.zip --force",
        ];
        return lines.Select((line, i) => ($"line{i}.txt", Encoding.UTF8.GetBytes(line)));
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        var table = Path.Combine(folder, "t.csv");
        if (!File.Exists(table))
        {
            File.WriteAllText(table, Sample.Table(40));
        }

        // Files that it names lie in this folder; a path is not let out of it.
        var text = Encoding.UTF8.GetString(input).Replace('/', '_').Replace("..", "_", StringComparison.Ordinal).Replace('\0', '0');
        return ToolRun.Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) == Exit.Success;
    }
}
