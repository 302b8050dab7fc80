using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Production;
using Xunit;

namespace Transfer.MLNet.Tests.Production;

public sealed class ModelStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store").FullName;
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _rows;
    private readonly ITransformer _model;

    public ModelStoreTests()
    {
        _rows = _ml.Data.LoadFromEnumerable(new Batch(1).Rows(60));
        _model = _ml.Regression.Trainers.L2SpRidge().Fit(_rows);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Versions_are_numbered_kept_and_gone_back_to()
    {
        var store = new ModelStore(_folder);
        Assert.Null(store.Current);
        var first = store.Add(_ml.Model, _model, _rows.Schema, note: "from the notebook");
        var other = _ml.Regression.Trainers.L2SpRidge(tau: 100).Fit(_rows);
        var second = store.Add(_ml.Model, other, _rows.Schema, _rows);

        Assert.Equal((1, 2), (first.Number, second.Number));
        Assert.Equal([1, 2], new ModelStore(_folder).Versions.Select(v => v.Number));
        Assert.Equal("from the notebook", store.Version(1).Note);
        Assert.Equal((60L, 2), (store.Current!.HeldOut!.Rows, store.Current.Number));
        Assert.Equal(Scores(other), Scores(store.Load(_ml.Model, out _)));

        Assert.Equal(1, store.Rollback().Number);
        Assert.Equal(Scores(_model), Scores(store.Load(_ml.Model, out var schema)));
        Assert.Equal(_rows.Schema.Select(c => c.Name), schema.Select(c => c.Name));
        Assert.Contains("no version before 1", Assert.Throws<InvalidOperationException>(store.Rollback).Message, StringComparison.Ordinal);
        Assert.Equal(2, store.MakeCurrent(2).Number);
    }

    [Fact]
    public void Any_program_can_load_the_file_of_a_version()
    {
        new ModelStore(_folder).Add(_ml.Model, _model, _rows.Schema);
        Assert.Equal(Scores(_model), Scores(new MLContext().Model.Load(Path.Combine(_folder, "000001.zip"), out _)));
    }

    [Fact]
    public void Nobody_goes_back_to_a_damaged_version()
    {
        var store = new ModelStore(_folder);
        store.Add(_ml.Model, _model, _rows.Schema);
        store.Add(_ml.Model, _model, _rows.Schema);
        File.WriteAllBytes(Path.Combine(_folder, "000001.zip"), [1, 2, 3]);
        Assert.Contains("000001.zip", Assert.Throws<FormatException>(store.Rollback).Message, StringComparison.Ordinal);
        Assert.Contains("000001.zip", Assert.Throws<FormatException>(() => store.MakeCurrent(1)).Message, StringComparison.Ordinal);
        Assert.Equal(2, store.Current!.Number);
        Assert.Equal(Scores(_model), Scores(store.Load(_ml.Model, out _)));
    }

    [Fact]
    public void Held_out_rows_without_a_label_measure_nothing_and_are_refused()
    {
        var store = new ModelStore(_folder);
        var unlabelled = new Batch(2).Rows(30);
        Array.ForEach(unlabelled, row => row.Label = float.NaN);
        foreach (var rows in new[] { unlabelled, [] })
        {
            var refused = Assert.Throws<ArgumentException>(
                () => store.Add(_ml.Model, _model, _rows.Schema, _ml.Data.LoadFromEnumerable(rows)));
            Assert.Contains("'Label'", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(store.Versions);
    }

    [Fact]
    public void A_damaged_version_is_named_and_the_one_before_is_served()
    {
        var store = new ModelStore(_folder);
        store.Add(_ml.Model, _model, _rows.Schema);
        store.Add(_ml.Model, _model, _rows.Schema);
        var file = Path.Combine(_folder, "000002.zip");
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);

        var error = Assert.Throws<FormatException>(() => store.Load(_ml.Model, out _));
        Assert.Contains("000002.zip", error.Message, StringComparison.Ordinal);
        Assert.Contains("Rollback", error.Message, StringComparison.Ordinal);
        store.Rollback();
        store.Load(_ml.Model, out _);

        File.WriteAllText(Path.Combine(_folder, "000002.json"), "{");
        Assert.Contains("version 2", Assert.Throws<FormatException>(() => store.Versions).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "current.json"), "null");
        Assert.Contains("MakeCurrent", Assert.Throws<FormatException>(() => store.Current).Message, StringComparison.Ordinal);
        store.MakeCurrent(1);
        Assert.Equal(1, store.Current!.Number);
    }

    [Fact]
    public void A_version_that_was_not_finished_is_not_seen_its_number_not_used_again_and_its_files_go()
    {
        var store = new ModelStore(_folder);
        store.Add(_ml.Model, _model, _rows.Schema);
        File.WriteAllText(Path.Combine(_folder, "000002.zip"), "half");

        Assert.Equal(1, Assert.Single(store.Versions).Number);
        Assert.Equal(3, store.Add(_ml.Model, _model, _rows.Schema).Number);
        Assert.False(File.Exists(Path.Combine(_folder, "000002.zip")));
        File.Delete(Path.Combine(_folder, "000001.json"));
        store.Add(_ml.Model, _model, _rows.Schema);
        // Who has lost the facts of a finished version may want its model still; who deletes old versions does not.
        Assert.True(File.Exists(Path.Combine(_folder, "000001.zip")));
        store.Retain(1);
        Assert.Equal(["000004.zip"], Directory.GetFiles(_folder, "*.zip").Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public async Task Writers_wait_for_each_other()
    {
        var adding = Enumerable.Range(0, 4).Select(
            _ => Task.Run(() => new ModelStore(_folder).Add(new MLContext(1).Model, _model, _rows.Schema).Number));
        Assert.Equal([1, 2, 3, 4], (await Task.WhenAll(adding)).Order());
        Assert.Equal(4, new ModelStore(_folder).Current!.Number);
    }

    [Fact]
    public async Task Readers_see_whole_versions_while_another_one_adds_and_deletes_them()
    {
        new ModelStore(_folder).Add(_ml.Model, _model, _rows.Schema, _rows);
        using var end = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            var (mine, store, read) = (new MLContext(1), new ModelStore(_folder), 0);
            do
            {
                Assert.NotEmpty(store.Versions);
                Assert.NotNull(store.Current);
                Assert.NotNull(store.Load(mine.Model, out _));
                read++;
            }
            while (!end.IsCancellationRequested);
            return read;
        });
        var writer = new ModelStore(_folder);
        for (var i = 0; i < 25; i++)
        {
            writer.Add(_ml.Model, _model, _rows.Schema);
            writer.Retain(1);
        }

        await end.CancelAsync();
        Assert.True(await reading > 0);
    }

    [Fact]
    public void A_clock_that_goes_back_changes_the_order_of_nothing()
    {
        var clock = new Clock();
        var store = new ModelStore(_folder, clock);
        for (var i = 0; i < 4; i++)
        {
            clock.Now = new DateTimeOffset(2030 - i, 1, 1, 0, 0, 0, TimeSpan.Zero);
            store.Add(_ml.Model, _model, _rows.Schema);
        }

        Assert.Equal([(1, 2030), (2, 2029), (3, 2028), (4, 2027)], store.Versions.Select(v => (v.Number, v.Added.Year)));
        Assert.Equal(4, store.Current!.Number);
        Assert.Equal(3, store.Rollback().Number);
        store.MakeCurrent(4);
        store.Retain(2);
        Assert.Equal([3, 4], store.Versions.Select(v => v.Number));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_to_is_named_with_what_to_do()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("the folder is forbidden the way of Linux");
            return;
        }

        var folder = "/sys/kernel";
        if (!Environment.IsPrivilegedProcess)
        {
            folder = Path.Combine(_folder, "forbidden");
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var refused = Record.Exception(() => new ModelStore(folder));
        Assert.True(refused is IOException or UnauthorizedAccessException, refused?.ToString());
        Assert.Contains($"'{folder}'", refused!.Message, StringComparison.Ordinal);
        Assert.Contains("may write to", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_candidate_does_not_take_the_place_of_a_champion_that_it_was_not_compared_with()
    {
        var store = new ModelStore(_folder);
        store.Add(_ml.Model, _model, _rows.Schema);
        store.Add(_ml.Model, _model, _rows.Schema);
        var error = Assert.Throws<InvalidOperationException>(() => store.Add(
            _ml.Model, _model, _rows.Schema, null, expected: 1, new VersionFacts(1, null, null, null, null), CancellationToken.None));
        Assert.Contains("Version 2 became current", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, store.Versions.Count);
    }

    [Fact]
    public void Old_versions_go_and_the_current_one_stays()
    {
        var store = new ModelStore(_folder);
        for (var i = 0; i < 5; i++)
        {
            store.Add(_ml.Model, _model, _rows.Schema, _rows);
        }

        store.MakeCurrent(1);
        store.Retain(2);
        Assert.Equal([1, 4, 5], store.Versions.Select(v => v.Number));
        Assert.Equal(3, Directory.GetFiles(_folder, "*.zip").Length);
        Assert.Equal(3, Directory.GetFiles(_folder, "*.rows").Length);
    }

    [Fact]
    public void An_empty_store_and_one_that_is_no_folder_say_what_to_do()
    {
        var empty = new ModelStore(_folder);
        Assert.Contains("store.Add", Assert.Throws<InvalidOperationException>(() => empty.Load(_ml.Model, out _)).Message,
            StringComparison.Ordinal);
        Assert.Contains("store.Add", Assert.Throws<InvalidOperationException>(() => _ml.Model.RetrainGuarded(empty, _rows)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no version 7", Assert.Throws<ArgumentException>(() => empty.MakeCurrent(7)).Message, StringComparison.Ordinal);
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, string.Empty);
        Assert.ThrowsAny<IOException>(() => new ModelStore(file));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private float[] Scores(ITransformer model) => [.. model.Transform(_rows).GetColumn<float>("Score")];
}
