using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>The tables that lie beside the repository, where it is checked out with them.</summary>
public sealed class SharedCaseTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("dates.csv", "label", 0.95)]
    [InlineData("excel.csv", "Preis", 0.95)]
    [InlineData("ids.csv", "spent", 0.95)]
    [InlineData("money.csv", "price", 0.99)]
    [InlineData("r-export.csv", "y", 0.95)]
    [InlineData("r-write-table.txt", "y", 0.95)]
    public void A_table_as_people_have_it_is_learnt_and_scored(string file, string label, double least)
    {
        var table = Path.Combine(Tables(), file);
        var ended = _tool.Run("train", "--source", table, "--label", label, "--hold-out", "0.3", "--out", "m.zip");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.InRange(double.Parse(Regex.Match(ended.Output, @"(?m)^(RSquared|R squared) +([-.\d]+)").Groups[2].Value,
            CultureInfo.InvariantCulture), least, 1);
        var scored = _tool.Run("predict", "--model", "m.zip", "--data", table, "--out", "p.csv");
        Assert.True(scored.Code == 0, scored.ToString());
        Assert.Contains($"predicted {label}", File.ReadLines(_tool.At("p.csv")).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_were_made_to_harm_end_with_a_message()
    {
        var crafted = Path.Combine(Tables(), "..", "crafted");
        var hang = _tool.Run("train", "--source", Path.Combine(crafted, "parquet-hang.parquet"), "--label", "y", "--out", "m.zip");
        Assert.True(hang.Code == 3, hang.ToString());
        var model = _tool.Run("inspect", Path.Combine(crafted, "model-hang.zip"));
        Assert.True(model.Code == 3, model.ToString());
        foreach (var moments in Directory.GetFiles(crafted, "*.moments"))
        {
            var shown = _tool.Run("moments", "show", moments);
            Assert.True(shown.Code == 3, $"{moments}: {shown}");
        }
    }

    [Fact]
    public void Escape_sequences_and_markup_of_names_and_cells_reach_neither_console_nor_page()
    {
        var crafted = Path.Combine(Tables(), "..", "crafted");
        var (source, target) = (Path.Combine(crafted, "ia.csv"), Path.Combine(crafted, "ib.csv"));
        var label = File.ReadLines(source).First().Split(',')[0];
        var ended = _tool.Run("advise", "--source", source, "--target", target, "--label", label, "--report", "page.html");
        Assert.DoesNotContain('\u001b', ended.Output + ended.Error);
        if (ended.Code == 0)
        {
            Assert.DoesNotContain("<script", File.ReadAllText(_tool.At("page.html")), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", File.ReadAllText(_tool.At("page.html")), StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            Assert.Equal(3, ended.Code);
        }
    }

    /// <summary>The folder of the cases; where there is none the test is skipped.</summary>
    public static string Cases()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var cases = Path.Combine(folder.FullName, "shared", "cases");
            if (Directory.Exists(Path.Combine(cases, "tables")))
            {
                return cases;
            }
        }

        Assert.Skip("there is no shared/cases/tables in a folder above");
        return "";
    }

    private static string Tables() => Path.Combine(Cases(), "tables");
}
