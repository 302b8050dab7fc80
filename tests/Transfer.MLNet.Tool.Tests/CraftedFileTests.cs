using System.IO.Compression;
using Transfer.MLNet.Tool;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Files that are damaged, or made to hold what no program writes: told to the user, and read to an end.</summary>
public sealed class CraftedFileTests : IDisposable
{
    private readonly CommandLine.Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("sep=é\naéy\n1é2\n2é3\n", null)]
    [InlineData("sep=\"\na,y\n1,2\n2,3\n", null)]
    [InlineData("aéy\n1é2\n2é3\n", "é")]
    [InlineData("a,y\n1,2\n2,3\n", "\"")]
    public void A_delimiter_that_none_can_be_is_told(string table, string? delimiter)
    {
        _tool.Write("a.csv", table);
        string[] given = delimiter is null ? [] : ["--delimiter", delimiter];
        var ended = _tool.Run(["train", "--source", "a.csv", "--label", "y", "--out", "m.zip", .. given]);
        Assert.True(ended.Code is 2 or 3, ended.ToString());
        Assert.DoesNotContain("defect", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_of_a_model_that_changed_is_told_before_ML_NET_reads_it()
    {
        Model("m.zip", entry => entry.Write("123456789"u8));
        var bytes = File.ReadAllBytes(_tool.At("m.zip"));
        bytes[bytes.AsSpan().IndexOf("123456789"u8)]++;
        File.WriteAllBytes(_tool.At("m.zip"), bytes);

        Refused("its entry 'Model/weights' is not what the zip says of it", "inspect", "m.zip");
    }

    [Fact]
    public void An_entry_that_is_said_to_have_six_gigabytes_is_refused_before_any_is_allocated()
    {
        Model("m.zip", entry => entry.Write(new byte[1000]));
        var bytes = File.ReadAllBytes(_tool.At("m.zip"));
        // The length stands at byte 24 of the entry's line in the directory at the end.
        var line = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.GetBytes(4_000_000_000u).CopyTo(bytes, line + 24);
        File.WriteAllBytes(_tool.At("m.zip"), bytes);

        _tool.Set("DOTNET_GCHeapHardLimit", "0x8000000");
        Refused("cannot have the 4000000000 bytes", "inspect", "m.zip");
    }

    [Fact]
    public void Work_that_allocates_without_measure_or_never_ends_is_given_up()
    {
        var greedy = Assert.Throws<Failure>(() => Watched.Run("m.zip", TimeSpan.FromMinutes(5), 0, () => new byte[2_000_000_000].Length));
        Assert.Contains("MB of memory, which no sound file of its size needs", greedy.Message, StringComparison.Ordinal);
        // The limit is gone with the work.
        Assert.Equal(500_000_000, Watched.Run("m.zip", TimeSpan.FromMinutes(5), 1L << 30, () => new byte[500_000_000].Length));

        using var never = new ManualResetEventSlim();
        var endless = Assert.Throws<Failure>(() => Watched.Run("m.zip", TimeSpan.FromMilliseconds(20), () =>
        {
            never.Wait();
            return 0;
        }));
        never.Set();
        Assert.Contains("has not ended after", endless.Message, StringComparison.Ordinal);
        Assert.Equal(Exit.Input, endless.Exit);
        Assert.Throws<FormatException>(() => Watched.Run<int>("m.zip", TimeSpan.FromMinutes(5), 0, () => throw new FormatException()));
    }

    [Theory]
    [InlineData("PAR1PAR1", "does not end as Parquet does")]
    [InlineData("PAR1\u0015\u0002\u0019\u00ff\u00ff\u00ff\u00ff\u00ff\u000f\u0009\u0000\u0000\u0000PAR1", "its footer is damaged")]
    [InlineData("PAR1\u001c\u001c\u001c\u001c\u001c\u0005\u0000\u0000\u0000PAR1", "its footer is damaged")]
    public void Parquet_with_a_footer_that_never_ends_is_refused(string bytes, string message)
    {
        File.WriteAllBytes(_tool.At("a.parquet"), [.. bytes.Select(c => (byte)c)]);
        Refused(message, "train", "--source", "a.parquet", "--label", "y", "--out", "m.zip");
    }

    [Fact]
    public void A_leap_second_stays_in_its_day_and_the_last_day_of_all_has_an_end()
    {
        foreach (var day in new[] { "2016-12-31", "9999-12-31" })
        {
            Assert.True(WrittenDate.TryParse($"{day}T23:59:60Z", null, out var date));
            Assert.Equal(DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture), new DateTime(date.Ticks).Date);
        }
    }

    private void Refused(string message, params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 3, ended.ToString());
        Assert.Contains(message, ended.Error, StringComparison.Ordinal);
    }

    // Stored, so that a changed byte is no error of the compression.
    private void Model(string name, Action<Stream> write)
    {
        using var zip = ZipFile.Open(_tool.At(name), ZipArchiveMode.Create);
        using var entry = zip.CreateEntry("Model/weights", CompressionLevel.NoCompression).Open();
        write(entry);
    }
}
