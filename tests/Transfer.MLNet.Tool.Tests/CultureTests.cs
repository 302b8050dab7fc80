using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>
/// The same bytes in any culture. The tool itself has none (it runs in .NET's invariant mode); the library in a program of others has, so
/// the tool is run with cultures here. They need ICU; where it is not, the test is skipped.
/// </summary>
public sealed partial class CultureTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Advice_report_scores_and_messages_are_the_same_in_any_culture()
    {
        var config = WithCultures();
        _tool.Set("LANG", "en_US.UTF-8");
        if (_tool.RunAs(config, "--help").Error.Contains("ICU", StringComparison.Ordinal))
        {
            Assert.Skip("There is no ICU on this machine.");
        }

        Write();
        var plain = Session(null, "C.UTF-8");
        foreach (var language in new[] { "tr_TR.UTF-8", "de_DE.UTF-8" })
        {
            var other = Session(config, language);
            Assert.All(plain, step => Assert.Equal((language, step.Key, step.Value), (language, step.Key, other[step.Key])));
        }
    }

    /// <summary>Classes whose names cultures put in other orders and write in other capitals, and numbers with points.</summary>
    private void Write()
    {
        var random = new Random(3);
        string[] cities = ["İzmir", "ılgaz", "Iğdır", "izmit", "Österreich", "zebra", "Åre"];
        string Row(double shift)
        {
            var (x, city) = (random.NextDouble() * 2000, cities[random.Next(cities.Length)]);
            var day = new DateTime(2025, 1, 1).AddDays(random.Next(300));
            var price = (x / 2) + (50 * random.NextDouble()) + shift;
            var quality = price > 700 ? "İyi" : price > 300 ? "ılık" : "zayıf";
            return FormattableString.Invariant($"{x:0.00},{city},{day:yyyy-MM-dd},{price:0.00},{quality}");
        }

        const string Header = "size,city,day,price,quality\n";
        _tool.Write("a.csv", Header + string.Join('\n', Enumerable.Range(0, 400).Select(_ => Row(0))));
        _tool.Write("b.csv", Header + string.Join('\n', Enumerable.Range(0, 120).Select(_ => Row(60))));
        _tool.Write("bad.csv", Header + "12.5,zebra,2025-01-01,1.2.3,zayıf\n"
            + string.Join('\n', Enumerable.Range(0, 50).Select(_ => Row(0))));
    }

    private Dictionary<string, string> Session(string? config, string language)
    {
        _tool.Set("LANG", language);
        _tool.Set("LC_ALL", language);
        var said = new Dictionary<string, string>();
        void Step(params string[] arguments)
        {
            var ended = config is null ? _tool.Run(arguments) : _tool.RunAs(config, arguments);
            said[string.Join(' ', arguments)] = $"{ended.Code}\n{ended.Output}\n{Waiting().Replace(ended.Error, "")}";
        }

        string[] both = ["--source", "a.csv", "--target", "b.csv", "--force"];
        Step(["advise", .. both, "--label", "price", "--ignore", "quality", "--report", "price.html", "--json", "price.json"]);
        Step(["advise", .. both, "--label", "quality", "--ignore", "price", "--report", "quality.html", "--json", "quality.json"]);
        Step(["train", .. both, "--label", "quality", "--ignore", "price", "--out", "m.zip"]);
        Step("predict", "--model", "m.zip", "--data", "b.csv", "--out", "s.csv", "--force");
        Step("evaluate", "--model", "m.zip", "--data", "b.csv", "--label", "quality");
        Step("advise", "--source", "bad.csv", "--target", "b.csv", "--label", "price");
        Step("advise", "--source", "a.csv", "--target", "b.csv", "--label", "PRİCE");
        Step("advise", "--data", "a.csv", "--target", "city = \"IĞDIR\" or size < 100.5", "--label", "price");
        foreach (var file in new[] { "price.html", "quality.html", "price.json", "quality.json", "s.csv" })
        {
            said[file] = Dated().Replace(File.ReadAllText(_tool.At(file)), "");
        }

        return said;
    }

    private string WithCultures()
    {
        var path = _tool.At("cultures.json");
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Transfer.MLNet.Tool.runtimeconfig.json")))!;
        var properties = config["runtimeOptions"]!["configProperties"]!.AsObject();
        properties["System.Globalization.Invariant"] = false;
        properties.Remove("System.Globalization.PredefinedCulturesOnly");
        File.WriteAllText(path, config.ToJsonString());
        return path;
    }

    // What the page says of when it was made.
    [GeneratedRegex(" on [0-9-]{10} at [0-9:]{5} [-+0-9:]{6}")]
    private static partial Regex Dated();

    // On a slow machine steps tell how far they are.
    [GeneratedRegex("^[a-z ,]+: .*(%|for [0-9]+ (s|min)).*\n", RegexOptions.Multiline)]
    private static partial Regex Waiting();
}
