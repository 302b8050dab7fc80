using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Files as other programs write them.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string, Func<string[], string>> Manners => new()
    {
        { "R write.csv", rows => "\"\",\"a\",\"b\",\"y\"\n" + Joined(rows, (r, i) => $"\"{i + 1}\",{r}\n") },
        { "R write.table", rows => "\"a\" \"b\" \"y\"\n" + Joined(rows, (r, i) => $"\"{i + 1}\" {r.Replace(',', ' ')}\n") },
        { "R write.table with commas", rows => "\"a\",\"b\",\"y\"\n" + Joined(rows, (r, i) => $"\"row {i + 1}\",{r}\n") },
        { "columns in line by blanks", rows => "   a   b   y\n"
            + Joined(rows, (r, _) => $"  {r.Replace(",", "   ", StringComparison.Ordinal)}\n") },
        { "pandas to_csv", rows => ",a,b,y\n" + Joined(rows, (r, i) => $"{i},{r}\n") },
        { "Excel with sep=", rows => "\ufeffsep=;\r\na;b;y\r\n" + Joined(rows, (r, _) => $"{r.Replace(',', ';')}\r\n") },
        { "a delimiter at each end", rows => "a,b,y,\n" + Joined(rows, (r, _) => $"{r},\n") },
        { "a delimiter at the end of each row but the first", rows => "a,b,y\n" + Joined(rows, (r, _) => $"{r},\n") },
        { "blanks before quotes", rows => "a, \"b\", y\n"
            + Joined(rows, (r, _) => $"{string.Join(", ", r.Split(',').Select(c => $"\"{c}\""))}\n") },
    };

    [Theory]
    [MemberData(nameof(Manners))]
    public void The_same_rows_give_the_same_model(string manner, Func<string[], string> write)
    {
        var rows = Rows();
        _tool.Write("plain.csv", "a,b,y\n" + Joined(rows, (r, _) => $"{r}\n"));
        _tool.Write("other.csv", write(rows));
        Assert.True(Weights("plain.csv") == Weights("other.csv"), manner);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UTF_16_without_its_mark_is_seen(bool bigEndian)
    {
        var text = "größe,b,y\n" + Joined(Rows(), (r, _) => $"{r}\n");
        _tool.Write("plain.csv", text);
        File.WriteAllBytes(_tool.At("other.csv"), new UnicodeEncoding(bigEndian, byteOrderMark: false).GetBytes(text));
        Assert.Equal(Weights("plain.csv"), Weights("other.csv"));
    }

    [Fact]
    public void A_quoted_cell_after_a_blank_holds_its_delimiter()
    {
        _tool.Write("a.csv", "a, city, y\n" + string.Concat(
            Enumerable.Range(0, 40).Select(i => $"{i % 7}, \"{(i % 2 == 0 ? "Ulm, Donau" : "Kiel")}\", {(i % 7) + (i % 2)}\n")));
        Assert.Matches(@"(?m)^city +category +2 values$", Good("train", "--source", "a.csv", "--label", "y", "--out", "m.zip").Output);
    }

    [Fact]
    public async Task Parquet_columns_of_every_type_are_read_or_left_out()
    {
        var schema = new ParquetSchema(
            new DataField<Guid>("key"), new DataField<DateTime>("day"), new DataField<double>("a"), new DataField<long>("account"),
                new DataField<bool>("open"),
            new DataField<decimal>("y"), new DataField("list", typeof(int), isNullable: false, isArray: true));
        const int Count = 200;
        var random = new Random(1);
        var days = Enumerable.Range(0, Count).Select(_ => new DateTime(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(800)))
            .ToArray();
        double[] a = [.. days.Select(_ => random.NextDouble())];
        await using (var stream = File.Create(_tool.At("a.parquet")))
        await using (var writer = await ParquetWriter.CreateAsync(schema, stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<Guid>(schema.DataFields[0], days.Select(_ => Guid.NewGuid()).ToArray());
            await group.WriteAsync<DateTime>(schema.DataFields[1], days);
            await group.WriteAsync<double>(schema.DataFields[2], a);
            await group.WriteAsync<long>(schema.DataFields[3], days.Select((_, i) => 9_007_199_254_740_993L + (i % 3)).ToArray());
            await group.WriteAsync<bool>(schema.DataFields[4], days.Select((_, i) => i % 2 == 0).ToArray());
            await group.WriteAsync<decimal>(schema.DataFields[5],
                days.Select((d, i) => Math.Round((decimal)((5 * Math.Sin(2 * Math.PI * d.DayOfYear / 365.25)) + a[i]), 4)).ToArray());
            await group.WriteAsync<int>(schema.DataFields[6], Enumerable.Range(0, Count).ToArray(), repetitionLevels: new int[Count]);
        }

        var ended = Good("train", "--source", "a.parquet", "--label", "y", "--hold-out", "0.3", "--out", "m.zip");
        Assert.Matches(@"(?m)^day +date +dates: trend, year as a cycle", ended.Output);
        Assert.Matches(@"(?m)^account +category +whole numbers of so many digits", ended.Output);
        Assert.Matches(@"(?m)^open +category +2 values$", ended.Output);
        Assert.Matches(@"(?m)^left out \(200 values in 200 rows, as names and identifiers have\): key$", ended.Output);
        Assert.Contains("which has no place in a table of numbers, text and dates): list", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_sixteen_numbers_can_be_classes_and_one_that_is_unknown_is_told()
    {
        var text = "a,b,cls\n" + string.Concat(Enumerable.Range(0, 600).Select(i => (Class: i % 20, Noise: i * 13 % 7 / 40.0)).Select(r =>
            string.Create(CultureInfo.InvariantCulture, $"{(r.Class % 5) + r.Noise},{(r.Class / 5) + r.Noise},{r.Class + 1}\n")));
        _tool.Write("a.csv", text);
        Assert.Contains("multiclass, 20 classes",
            Good("train", "--source", "a.csv", "--label", "cls", "--task", "multiclass", "--out", "m.zip").Output,
            StringComparison.Ordinal);
        Good("evaluate", "--model", "m.zip", "--data", "a.csv", "--label", "cls");
        _tool.Write("b.csv", text + "1,1,77.0\n1,1,77.0\n");
        var unknown = _tool.Run("evaluate", "--model", "m.zip", "--data", "b.csv", "--label", "cls");
        Assert.Equal(3, unknown.Code);
        Assert.Contains("'77' (2 rows) is no class of m.zip", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_class_or_one_row_are_measured_as_far_as_that_goes()
    {
        _tool.Write("a.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 10},{(i % 10 > 5 ? "yes" : "no")}\n")));
        Good("train", "--source", "a.csv", "--label", "y", "--out", "m.zip");
        _tool.Write("yes.csv", "a,y\n8,yes\n9,yes\n");
        _tool.Write("one.csv", "a,y\n1,0\n");
        Assert.Matches(@"(?mi)^accuracy +(1|100 %)$", Good("evaluate", "--model", "m.zip", "--data", "yes.csv", "--label", "y").Output);
        Assert.Matches(@"(?mi)^accuracy +(1|100 %)$", Good("evaluate", "--model", "m.zip", "--data", "one.csv", "--label", "y").Output);

        _tool.Write("n.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 10},{(2 * (i % 10)) + (i % 3)}\n")));
        Good("train", "--source", "n.csv", "--label", "y", "--out", "n.zip");
        _tool.Write("row.csv", "a,y\n3,7\n");
        Good("evaluate", "--model", "n.zip", "--data", "row.csv", "--label", "y");
    }

    [Fact]
    public void A_hold_out_that_misses_a_class_is_measured_and_the_model_written()
    {
        _tool.Write("a.csv", "a,b,fraud\n" + string.Concat(
            Enumerable.Range(0, 60).Select(i => $"{i * 7 % 10},{i % 3},{(i is 3 or 17 or 30 ? 1 : 0)}\n")));
        foreach (var seed in new[] { "0", "1", "2", "3" })
        {
            Good("train", "--source", "a.csv", "--label", "fraud", "--hold-out", "0.2", "--seed", seed, "--out", $"m{seed}.zip");
        }
    }

    private static string Joined(string[] rows, Func<string, int, string> write) => string.Concat(rows.Select(write));

    private static string[] Rows() => [.. Enumerable.Range(0, 50)
        .Select(i => string.Create(CultureInfo.InvariantCulture,
        $"{(i * 7 % 20) / 4.0},{i * 3 % 5},{(i * 7 % 20) + (i * 3 % 5) + (i % 3 / 10.0)}"))];

    private string Weights(string file)
    {
        Good("train", "--source", file, "--label", "y", "--tau", "0.1", "--out", "m.zip", "--force");
        return Good("inspect", "m.zip", "--json").Output.Split("\"weights\"")[1].Split("\"intercepts\"")[0];
    }

    private Tool.Ended Good(params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }
}
