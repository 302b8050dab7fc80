using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Files;
using Transfer.MLNet.Tests.Production;
using Xunit;

namespace Transfer.MLNet.Tests.Models;

public sealed class ModelFileCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("models").FullName;
    private readonly MLContext _ml = new(seed: 1);

    private string At => Path.Combine(_folder, "model.zip");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_whole_model_is_what_Load_gives()
    {
        var rows = Save();
        var model = _ml.Model.LoadChecked(At, out var schema);
        Assert.Equal(rows.Schema.Select(c => c.Name), schema!.Select(c => c.Name));
        Assert.Equal(Scores(_ml.Model.Load(At, out _), rows), Scores(model, rows));
    }

    [Fact]
    public void Every_byte_that_is_changed_in_an_entry_is_noticed()
    {
        Save();
        var whole = File.ReadAllBytes(At);
        // Where the bytes of the largest entry begin: 30 bytes, its name and its extra field behind the signature.
        string name;
        using (var zip = ZipFile.OpenRead(At))
        {
            name = zip.Entries.MaxBy(e => e.CompressedLength)!.FullName;
        }

        var start = whole.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(name)) + name.Length;
        for (var i = 8; i < 60; i++)
        {
            byte[] bytes = [.. whole];
            bytes[start + i] ^= 0x10;
            File.WriteAllBytes(At, bytes);
            var error = Assert.Throws<FormatException>(() => _ml.Model.LoadChecked(At, out _));
            Assert.Contains("model.zip", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_cut_short_another_zip_and_no_zip_are_refused_by_name()
    {
        Save();
        var whole = File.ReadAllBytes(At);
        File.WriteAllBytes(At, whole[..(whole.Length / 2)]);
        Assert.Contains("no whole zip", Refused(), StringComparison.Ordinal);
        File.WriteAllText(At, "");
        Assert.Contains("no whole zip", Refused(), StringComparison.Ordinal);
        File.Delete(At);
        using (var zip = ZipFile.Open(At, ZipArchiveMode.Create))
        {
            zip.CreateEntry("a");
        }

        Assert.Contains("whole zip, but ML.NET can load no model", Refused(), StringComparison.Ordinal);
        File.Delete(At);
        Assert.Throws<FileNotFoundException>(() => _ml.Model.LoadChecked(At, out _));
        Assert.ThrowsAny<UnauthorizedAccessException>(() => _ml.Model.LoadChecked(_folder, out _));
    }

    [Fact]
    public void The_look_at_the_entries_can_be_cancelled()
    {
        Save();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => _ml.Model.LoadChecked(At, out _, cancelled.Token));
    }

    [Fact]
    public void The_bytes_of_all_entries_are_counted()
    {
        using (var zip = ZipFile.Open(At, ZipArchiveMode.Create))
        {
            foreach (var length in new[] { 0, 1, 200_000 })
            {
                using var entry = zip.CreateEntry($"{length}").Open();
                entry.Write(new byte[length]);
            }
        }

        using var file = File.OpenRead(At);
        Assert.Equal(200_001, WholeZip.Require(file, At));
    }

    private string Refused() => Assert.Throws<FormatException>(() => _ml.Model.LoadChecked(At, out _)).Message;

    private IDataView Save()
    {
        var rows = _ml.Data.LoadFromEnumerable(new Batch(1).Rows(60));
        _ml.Model.Save(_ml.Regression.Trainers.L2SpRidge(tau: 1).Fit(rows), rows.Schema, At);
        return rows;
    }

    private static float[] Scores(ITransformer model, IDataView rows) =>
        [.. model.Transform(rows).GetColumn<float>("Score")];
}
