using System.IO.Compression;
using Microsoft.ML;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>What is wrong, where, and what to do about it: file, row and column, and an exit code that says whose turn it is.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Tool _tool = new();

    public BadInputTests()
    {
        _tool.Write("a.csv", Houses.Source(80));
        _tool.Write("b.csv", Houses.Target(30));
    }

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string, string, string> Tables => new()
    {
        { "too few cells", "a,b,y\n1,2,3\n1,2\n", "bad.csv, row 3: 2 cells, but the header has 3; the last cell is '2'" },
        { "too many cells", "a,b,y\n1,2,3\n1,2,3,4\n", "bad.csv, row 3: 4 cells, but the header has 3; the last cell is '4'" },
        { "a quote never closed", "a,b,y\n1,2,3\n1,\"2,3\n4,5,6\n", "bad.csv, row 3: the double quotes do not match" },
        { "a header twice the same", "y,b,y\n1,2,3\n", "bad.csv, row 1: the name 'y' stands twice (again as column 3)" },
        { "a file of blank lines", "\n\n\n", "bad.csv, row 1: the header is blank" },
        { "a header without a name", "a,,y\n1,2,3\n4,5,7\n4,9,8\n", "column 2 has values and no name. Name it in the file" },
        { "no header", "1,2,3\n4,5,6\n", "looks like data without a header. Give --no-header" },
        { "nothing", "", "bad.csv is empty" },
        { "a header only", "a,b,y\n", "bad.csv has a header and no rows" },
        { "the label missing", "a,b,z\n1,2,3\n", "bad.csv has no column 'y', which --label names; it has: a, b, z" },
        { "the label constant", "a,b,y\n1,2,5\n2,3,5\n", "The label column 'y' is '5' in every row" },
        { "the label empty", "a,b,y\n1,2,\n2,3,NA\n", "none of its 2 rows has a value in the label column 'y'" },
        { "a word among numbers", $"a,b,y\n{string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i % 7},{i % 5}\n"))}1,oops,3\n",
            "bad.csv, row 32, column 'b': 'oops' is not a number" },
        { "decimals or thousands", "a;y\n1,250;2\n2,500;3\n3,500;7\n",
            "bad.csv, column 'a': whether the comma in '1,250' stands before decimals or between thousands does not show" },
        { "two units", "a;y\n3 km;2\n500 m;3\n4 km;7\n", "Column 'a' has numbers with different units: 'km', 'm'" },
        { "days or months", "a,y\n3/4/2026,2\n5/6/2026,3\n7/8/2026,7\n",
            "bad.csv, column 'a': whether '3/4/2026' begins with the day or with the month does not show" },
        { "a word among dates", $"a,y\n{string.Concat(Enumerable.Range(1, 28).Select(i => $"2026-03-{i:00},{i % 5}\n"))}soon,3\n",
            "bad.csv, row 30, column 'a': 'soon' is no date like the others" },
        { "a date as the label", "a,y\n1,2026-03-01\n2,2026-03-02\n3,2026-03-05\n", "The label column 'y' holds dates" },
        { "a label that Single cannot hold", "a,y\n1,1700000000\n2,1700000001\n3,1700000005\n",
            "cannot tell such numbers apart. Subtract 1700000000" },
        { "a label with a word among numbers", $"a,y\n{string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 7},{i}\n"))}1,inf\n",
            "bad.csv, row 32, label column 'y': 'inf' is not a number, and 30 of the 31 cells" },
        { "a number beyond Single", "a,y\n1,2\n1e39,3\n3,5\n", "bad.csv, row 3, column 'a': '1e+39' is beyond 3.4e38" },
        { "a label beyond Single", "a,y\n1,2\n2,3\n3,-1e300\n", "bad.csv, row 4, column 'y': '-1e+300' is beyond 3.4e38" },
        { "nothing to predict from", "a,y\n7,1\n7,2\n7,3\n", "No column is left to predict from: 'a' is left out (always '7')" },
        { "classes without a positive one", "a,y\n1,cat\n2,dog\n3,cat\n", "Say which is the positive one: --positive \"dog\"" },
        { "a column called as the model's", "Score,y\n1,2\n2,3\n3,5\n", "A column is called 'Score', as a column of the model is to be" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_that_is_none_is_told_by_file_row_and_column(string what, string text, string message)
    {
        _tool.Write("bad.csv", text);
        Fails(3, message, "train", "--source", "bad.csv", "--label", "y", "--out", "m.zip");
        Assert.False(File.Exists(_tool.At("m.zip")), what);
    }

    [Fact]
    public void The_wrong_delimiter_is_told() =>
        Fails(3, "It looks separated by commas: leave --delimiter out", "train", "--source", "a.csv", "--label", "price", "--out", "m.zip",
            "--delimiter", "semicolon");

    [Fact]
    public void A_file_that_is_not_UTF8_is_told_by_its_line_and_what_it_seems_to_say()
    {
        // In the header, and far behind it, where the reader is ahead of the rows.
        foreach (var (text, line) in new[] { ("größe,y\n1,2\n", 1),
            ($"a,y\n{string.Concat(Enumerable.Range(0, 40_000).Select(i => $"north,{i}\n"))}Süd,3\n", 40_002) })
        {
            File.WriteAllBytes(_tool.At("bad.csv"), System.Text.Encoding.Latin1.GetBytes(text));
            Fails(3, $"bad.csv, line {line}: it is not UTF-8; read as windows-1252 it has '{(line == 1 ? "größe,y" : "Süd,3")}'", "train",
                "--source", "bad.csv", "--label", "y", "--out", "m.zip");
        }
    }

    [Fact]
    public void Files_that_share_only_the_label_are_told_with_what_each_has()
    {
        _tool.Write("c.csv", "Area,Rooms,price\n1,2,3\n2,3,4\n");
        Fails(3, "share the label 'price' and nothing else. b.csv has area, rooms, kind, words, dear, band; c.csv has Area, Rooms.",
            "advise", "--source", "b.csv", "--target", "c.csv", "--label", "price");
    }

    [Fact]
    public void A_row_that_breaks_off_in_the_second_pass_is_told_too()
    {
        // What is asked of the file changes between the passes: the model was made for numbers.
        _tool.Write("n.csv", "a,y\n" + string.Join('\n', Enumerable.Range(0, 20).Select(i => $"{i},{(2 * i) + (i % 3)}")));
        Assert.Equal(0, _tool.Run("train", "--source", "n.csv", "--label", "y", "--out", "m.zip").Code);
        _tool.Write("n2.csv", "a,y\n1,2\n2,5\nthree,6\n");
        Fails(3, "n2.csv, row 4, column 'a': 'three' is not a number", "tune", "--model", "m.zip", "--data", "n2.csv", "--label", "y",
            "--out", "m2.zip");
    }

    [Fact]
    public void A_file_that_is_not_there_or_a_folder_is_told()
    {
        Fails(3, "There is no file 'c.csv'", "advise", "--source", "a.csv", "--target", "c.csv", "--label", "price");
        Fails(3, "is a folder", "advise", "--source", "a.csv", "--target", _tool.Folder, "--label", "price");
    }

    [Fact]
    public void A_Parquet_file_that_is_none_is_told()
    {
        _tool.Write("c.parquet", "PAR1 and then nothing");
        Fails(3, "c.parquet cannot be read as Parquet", "train", "--source", "c.parquet", "--label", "y", "--out", "m.zip");
    }

    [Fact]
    public void A_model_that_is_none_is_told()
    {
        _tool.Write("no.zip", "PK and then nothing");
        Fails(3, "no.zip is no whole zip", "inspect", "no.zip");
        using (var zip = ZipFile.Open(_tool.At("other.zip"), ZipArchiveMode.Create))
        {
            zip.CreateEntry("a.txt");
        }

        Fails(3, "other.zip is a zip, but ML.NET cannot load a model from it", "tune", "--model", "other.zip", "--data", "b.csv", "--label",
            "price", "--out", "m.zip");
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable([new { area = 1f }]);
        ml.Model.Save(ml.Transforms.NormalizeMinMax("area").Fit(rows), rows.Schema, _tool.At("scale.zip"));
        Fails(3, "scale.zip has no linear predictor", "tune", "--model", "scale.zip", "--data", "b.csv", "--label", "price", "--out",
            "m.zip");
        Fails(3, "scale.zip gives no 'Score'", "evaluate", "--model", "scale.zip", "--data", "b.csv", "--label", "price");
    }

    [Fact]
    public void A_model_of_another_task_or_of_other_columns_is_told()
    {
        Assert.Equal(0, _tool.Run("train", "--source", "a.csv", "--label", "price", "--ignore", "dear", "--ignore", "band", "--out",
            "price.zip").Code);
        Assert.Equal(0, _tool.Run("train", "--source", "a.csv", "--label", "dear", "--ignore", "price", "--ignore", "band", "--out",
            "dear.zip").Code);
        Fails(3, "price.zip is a regression model. b.csv, row 2, label column 'dear': ", "tune", "--model", "price.zip", "--data", "b.csv",
            "--label", "dear", "--out", "m.zip");
        Fails(3, "dear.zip is a binary model. The label column 'price' has", "tune", "--model", "dear.zip", "--data", "b.csv", "--label",
            "price", "--out", "m.zip");
        Fails(3, "price.zip is a regression model", "evaluate", "--model", "dear.zip", "--before", "price.zip", "--data", "b.csv",
            "--label", "dear");
        _tool.Write("c.csv", "size,price\n1,2\n2,4\n3,5\n");
        Fails(3, "c.csv does not fit price.zip: it lacks 'area', 'rooms', 'kind', 'words'", "tune", "--model", "price.zip", "--data",
            "c.csv", "--label", "price", "--out", "m.zip");
    }

    [Fact]
    public void A_class_that_the_model_does_not_know_is_told()
    {
        Assert.Equal(0, _tool.Run("train", "--source", "a.csv", "--label", "band", "--ignore", "price", "--ignore", "dear", "--out",
            "band.zip").Code);
        _tool.Write("b.csv", Houses.Target(30) + "50,2,flat,\"dark quiet view\",100,no,gratis\n");
        Fails(3, "'gratis' (1 rows) is no class of band.zip, which has high, low, middle", "evaluate", "--model", "band.zip", "--data",
            "b.csv", "--label", "band");
    }

    [Fact]
    public void Moments_of_other_features_are_not_merged()
    {
        Assert.Equal(0, _tool.Run("moments", "write", "--source", "a.csv", "--label", "price", "--new-featurisation", "f.zip", "--out",
            "a.moments").Code);
        Assert.Equal(0, _tool.Run("moments", "write", "--source", "b.csv", "--label", "price", "--ignore", "kind", "--new-featurisation",
            "g.zip", "--out", "b.moments").Code);
        Fails(3, "b.moments cannot be added to those before it", "moments", "merge", "a.moments", "b.moments", "--out", "c.moments");
        Fails(3, "a.csv holds no moments that can be read", "moments", "show", "a.csv");
        Fails(2, "mean nothing without the featurisation", "advise", "--source", "a.moments", "--target", "b.csv", "--label", "price");
        Fails(2, "one of the two", "moments", "write", "--source", "a.csv", "--label", "price", "--out", "d.moments");
    }

    [Theory]
    [InlineData("Required command was not provided")]
    [InlineData("'--target' is required", "advise", "--source", "a.csv", "--label", "price")]
    [InlineData("--source and --target are both ./a.csv", "advise", "--source", "a.csv", "--target", "./a.csv", "--label", "price")]
    [InlineData("Give two files without rows in common", "train", "--source", "a.csv", "--target", "a.csv", "--label", "price", "--out",
        "m.zip")]
    [InlineData("--tau -1: give a finite number", "train", "--source", "a.csv", "--label", "price", "--out", "m.zip", "--tau", "-1")]
    [InlineData("--hold-out 1.5", "train", "--source", "a.csv", "--label", "price", "--out", "m.zip", "--hold-out", "1.5")]
    [InlineData("--threads 0", "train", "--source", "a.csv", "--label", "price", "--out", "m.zip", "--threads", "0")]
    [InlineData("Column 'kind' is said to be Category and Ignored", "train", "--source", "a.csv", "--label", "price", "--out", "m.zip",
        "--category", "kind", "--ignore", "kind")]
    [InlineData("is to be written twice", "advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--json", "x", "--report",
        "x")]
    public void A_command_line_that_is_none_is_told(string message, params string[] arguments) => Fails(2, message, arguments);

    [Fact]
    public void A_wish_for_a_column_that_is_not_there_is_told() =>
        Fails(3, "There is no column 'colour', of which you said what it is", "train", "--source", "a.csv", "--label", "price", "--out",
            "m.zip", "--ignore", "colour");

    private void Fails(int code, string message, params string[] arguments)
    {
        var before = _tool.FilesNow;
        var ended = _tool.Run(arguments);
        Assert.Contains(message, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Equal(code, ended.Code);
        Assert.Equal(before, _tool.FilesNow);
    }
}
