using System.Text;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>
/// Tables as spreadsheets and offices write them, typed at as somebody new does: each complaint names a remedy, which works.
/// </summary>
public sealed class NewUserTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void An_export_of_Excel_in_Western_characters_with_a_sum_below_goes_to_scored_rows()
    {
        File.WriteAllBytes(_tool.At("verkauf.csv"), Western(Sales(withSum: true)));
        string[] advise = ["advise", "--data", "verkauf.csv", "--target", "PLZ = 80331", "--label", "Preis (€)"];
        var unread = _tool.Run(advise);
        Assert.True(unread is { Code: 3 } && unread.Error.Contains("\"Preis (€)\"", StringComparison.Ordinal)
            && unread.Error.Contains("--encoding windows-1252", StringComparison.Ordinal), unread.ToString());

        var summed = _tool.Run([.. advise, "--encoding", "windows-1252"]);
        Assert.True(summed.Code == 3 && summed.Error.Contains("row 203, column 'Straße': 'Summe' in the last row", StringComparison.Ordinal)
            && summed.Error.Contains("--where '[Straße] != \"Summe\"'", StringComparison.Ordinal), summed.ToString());

        string[] told = ["--encoding", "windows-1252", "--where", "[Straße] != \"Summe\""];
        var advised = _tool.Run([.. advise, .. told]);
        Assert.True(advised.Code == 0, advised.ToString());
        Assert.Contains("in 'Preis (€)'", advised.Output, StringComparison.Ordinal);

        // What is advised to do next has all of it, and works as it stands there.
        Assert.Contains("--encoding windows-1252 --where", advised.Output, StringComparison.Ordinal);
        var trained = _tool.Run(["train", .. advise[1..], .. told, "--out", "m.zip"]);
        Assert.True(trained.Code == 0, trained.ToString());
        var scored = _tool.Run(["predict", "--model", "m.zip", "--data", "verkauf.csv", .. told, "--out", "s.csv"]);
        Assert.True(scored.Code == 0, scored.ToString());
        var lines = File.ReadAllLines(_tool.At("s.csv"));
        Assert.Equal(201, lines.Length);
        Assert.EndsWith(";predicted Preis (€)", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Hauptstraße 0;", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_sum_is_no_row_to_be_measured_on_either_and_a_street_called_so_is()
    {
        _tool.Write("sold.csv", Sales(withSum: false));
        _tool.Write("summed.csv", Sales(withSum: true));
        _tool.Write("street.csv", Sales(withSum: false) + "\"Summe\";\"90.000,00 €\";50,5;01.02.2023;10115;ja;100999\r\n");
        var trained = _tool.Run("train", "--source", "sold.csv", "--label", "Preis (€)", "--out", "m.zip");
        Assert.True(trained.Code == 0, trained.ToString());
        var measured = _tool.Run("evaluate", "--model", "m.zip", "--data", "summed.csv", "--label", "Preis (€)");
        Assert.True(measured.Code == 3 && measured.Error.Contains("'Summe' in the last row", StringComparison.Ordinal),
            measured.ToString());
        Assert.Equal(0, _tool.Run("evaluate", "--model", "m.zip", "--data", "street.csv", "--label", "Preis (€)").Code);
    }

    [Fact]
    public void A_second_row_of_the_header_is_named_with_the_condition_that_leaves_it_out()
    {
        var random = new Random(1);
        _tool.Write("two.csv", "speed,age,price\nkm/h,years,EUR\n" + string.Join('\n', Enumerable.Range(0, 120).Select(_ =>
            FormattableString.Invariant($"{100 + random.Next(100)},{random.Next(12)},{(500 * random.NextDouble()) + 3000:0}"))));
        var trained = _tool.Run("train", "--source", "two.csv", "--label", "price", "--out", "m.zip");
        Assert.True(trained.Code == 3 && trained.Error.Contains(
            "If row 2 is a second row of the header, leave it out: --where '[price] != \"EUR\"'",
            StringComparison.Ordinal), trained.ToString());
        string[] divided = ["advise", "--data", "two.csv", "--label", "price", "--target", "age >= 7"];
        var advised = _tool.Run(divided);
        Assert.True(advised.Code == 3 && advised.Error.Contains("row 2, column 'age'", StringComparison.Ordinal)
            && advised.Error.Contains("--where '[age] != \"years\"'", StringComparison.Ordinal), advised.ToString());
        var left = _tool.Run([.. divided, "--where", "[age] != \"years\""]);
        Assert.True(left.Code == 0, left.ToString());
    }

    [Fact]
    public void A_name_broken_into_lines_is_one_and_its_beginning_is_enough_for_a_hint()
    {
        _tool.Write("people.csv", "\"Height (cm)\",\"Weight\n(kg)\"\r\n" + string.Join("\r\n", Enumerable.Range(0, 60).Select(i =>
            FormattableString.Invariant($"{150 + i},{60 + (0.5 * i) + (i % 7)}"))));
        var hinted = _tool.Run("train", "--source", "people.csv", "--label", "weight", "--out", "m.zip");
        Assert.True(hinted.Code == 3 && hinted.Error.Contains("Did you mean 'Weight (kg)'?", StringComparison.Ordinal), hinted.ToString());
        var trained = _tool.Run("train", "--source", "people.csv", "--label", "Weight (kg)", "--out", "m.zip");
        Assert.True(trained.Code == 0, trained.ToString());
    }

    [Fact]
    public void Many_numeric_classes_are_a_regression_that_says_what_else_they_may_be()
    {
        var random = new Random(2);
        _tool.Write("zones.csv", "x,y,zone\n"
            + string.Join('\n', Enumerable.Range(0, 600).Select(_ => (X: random.NextDouble(), Y: random.NextDouble()))
            .Select(p => FormattableString.Invariant($"{p.X:0.000},{p.Y:0.000},{1 + ((int)(5 * p.X) * 5) + (int)(4 * p.Y)}"))));
        string[] train = ["train", "--source", "zones.csv", "--label", "zone", "--out", "m.zip", "--force"];
        var numbers = _tool.Run(train);
        Assert.Contains("regression of 20 whole numbers; if they are names of classes: --task multiclass", numbers.Output,
            StringComparison.Ordinal);
        var classes = _tool.Run([.. train, "--task", "multiclass"]);
        Assert.True(classes.Code == 0 && classes.Output.Contains("multiclass, 20 classes", StringComparison.Ordinal), classes.ToString());
    }

    [Fact]
    public void Counts_have_exposures_in_every_command_and_a_model_remembers_them()
    {
        var random = new Random(4);
        string Row(string region)
        {
            var (power, days) = (40 + random.Next(100), 30 + random.Next(335));
            var rate = days / 365.0 * Math.Exp((0.015 * power) - 1);
            // The count of a Poisson process by its waiting times.
            var (count, time) = (0, -Math.Log(1 - random.NextDouble()));
            for (; time < rate; count++)
            {
                time -= Math.Log(1 - random.NextDouble());
            }

            return $"{region},{power},{days},{count}";
        }

        _tool.Write("claims.csv", "region,power,days,claims\n"
            + string.Join('\n', Enumerable.Range(0, 500).Select(i => Row(i % 5 == 0 ? "south" : "north"))));
        string[] both = ["--data", "claims.csv", "--target", "region = south", "--label", "claims", "--exposure", "days"];
        var advised = _tool.Run(["advise", .. both]);
        Assert.True(advised.Code == 0 && advised.Output.Contains("off by", StringComparison.Ordinal)
            && advised.Output.Contains("--exposure days --out model.zip", StringComparison.Ordinal), advised.ToString());
        var trained = _tool.Run(["train", .. both, "--out", "m.zip", "--hold-out", "0.3"]);
        Assert.True(trained.Code == 0, trained.ToString());

        // Twice the days, twice the claims.
        _tool.Write("new.csv", "region,power,days\nsouth,100,100\nsouth,100,200\n");
        var scored = _tool.Run("predict", "--model", "m.zip", "--data", "new.csv");
        double[] expected = [.. scored.Output.Split('\n')[1..3]
            .Select(l => double.Parse(l.Split(',')[3], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(2, expected[1] / expected[0], 1e-5);
        Assert.InRange(expected[0], 0.1, 2);

        _tool.Write("without.csv", "region,power\nsouth,100\n");
        Assert.Contains("each row counts as an exposure of 1", _tool.Run("predict", "--model", "m.zip", "--data", "without.csv").Error,
            StringComparison.Ordinal);
        var tuned = _tool.Run("tune", "--model", "m.zip", "--data", "claims.csv", "--label", "claims", "--out", "t.zip");
        Assert.True(tuned.Code == 0 && tuned.Output.Contains("exposures in 'days'", StringComparison.Ordinal), tuned.ToString());
        var measured = _tool.Run("evaluate", "--model", "t.zip", "--data", "claims.csv", "--label", "claims");
        Assert.True(measured.Code == 0 && measured.Output.Contains("exposures in 'days'", StringComparison.Ordinal), measured.ToString());

        _tool.Write("zero.csv", File.ReadAllText(_tool.At("claims.csv")) + "\nsouth,80,0,1\n");
        var zero = _tool.Run(["advise", "--data", "zero.csv", .. both[2..]]);
        Assert.True(zero.Code == 3 && zero.Error.Contains("row 502, column 'days': the exposure is '0'", StringComparison.Ordinal),
            zero.ToString());
        var number = _tool.Run("advise", "--data", "claims.csv", "--target", "region = south", "--label", "power", "--task", "regression",
            "--exposure", "days");
        Assert.True(number.Code == 2 && number.Error.Contains("only counts have an exposure", StringComparison.Ordinal), number.ToString());
    }

    [Fact]
    public void Help_of_a_command_is_asked_for_in_both_ways()
    {
        var help = _tool.Run("help", "tune");
        Assert.True(help.Code == 0 && help.Output.Contains("--exposure", StringComparison.Ordinal), help.ToString());
        Assert.Equal(_tool.Run("tune", "--help").Output, help.Output);
        Assert.Equal(0, _tool.Run("help").Code);
    }

    // Semicolons, decimal commas, days first, money, postal codes, and a line for Excel.
    private static string Sales(bool withSum)
    {
        var random = new Random(5);
        var german = (System.Globalization.NumberFormatInfo)System.Globalization.NumberFormatInfo.InvariantInfo.Clone();
        (german.NumberDecimalSeparator, german.NumberGroupSeparator) = (",", ".");
        string[] places = ["01067", "10115", "80331", "20095"];
        var text = new StringBuilder("sep=;\r\n\"Straße\";\"Preis (€)\";\"Größe [m²]\";\"Verkauft am\";\"PLZ\";\"Balkon\";\"Kunde "
            + "Nr\"\r\n");
        var sum = 0.0;
        for (var i = 0; i < 200; i++)
        {
            var (size, place) = (30 + (120 * random.NextDouble()), places[random.Next(4)]);
            var price = (size * (place == "80331" ? 4200 : 2500)) + (20_000 * random.NextDouble());
            sum += price;
            text.Append($"\"Hauptstraße {i % 40}\";\"{price.ToString("#,0.00", german)} €\";{size.ToString("0.0", german)};")
                .Append(new DateTime(2023, 1, 1).AddDays(random.Next(600))
                .ToString("dd.MM.yyyy", System.Globalization.CultureInfo.InvariantCulture))
                .Append($";{place};{(random.Next(2) == 0 ? "ja" : "nein")};{100_000 + i}\r\n");
        }

        return text.Append(withSum ? $"\"Summe\";\"{sum.ToString("#,0.00", german)} €\";;;;;\r\n" : "").ToString();
    }

    // Of what is written here one sign is not in Latin-1.
    private static byte[] Western(string text) => [.. text.Select(c => c == '€' ? (byte)0x80 : (byte)c)];
}
