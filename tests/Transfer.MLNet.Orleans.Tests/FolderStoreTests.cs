using System.Text;
using Transfer.MLNet.Cluster.Stores;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

public sealed class FolderStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_record_is_written_by_whoever_knows_its_version_and_by_nobody_else()
    {
        // Two stores are two processes to each other: they share nothing but the folder.
        var stores = new[] { new FolderStore(_folder, flushToDisk: false), new FolderStore(_folder) };
        var won = new int[20];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var version = 1; version <= won.Length; version++)
            {
                if (await stores[writer % 2].TryWriteRecordAsync("a/b.tenant", new(version, Encoding.UTF8.GetBytes($"{writer}"))))
                {
                    Interlocked.Increment(ref won[version - 1]);
                }

                while (((await stores[writer % 2].ReadRecordAsync("a/b.tenant"))?.Version ?? 0) < version)
                {
                    await Task.Delay(1);
                }
            }
        })));
        Assert.All(won, w => Assert.Equal(1, w));
    }

    [Fact]
    public async Task Folders_are_made_by_whoever_comes_first_and_made_again_where_the_store_was_emptied()
    {
        var store = new FolderStore(_folder, flushToDisk: false);
        for (var round = 1; round <= 2; round++)
        {
            // Many at once, each folder new to all of them.
            await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
            {
                var name = $"tenants/{i / 20:x2}/{i:x3}.tenant";
                Assert.True(await store.TryWriteRecordAsync(name, new(1, new byte[] { 1 })));
                Assert.Equal(1, (await store.ReadRecordAsync(name))!.Version);
            })));
            Directory.Delete(Path.Combine(_folder, "tenants"), recursive: true);
        }
    }

    [Fact]
    public Task Processes_that_write_into_one_folder_do_not_sweep_each_other_away() =>
        // Each store, when it is opened, writes a file into the folder and looks there for what dead ones left: now and then it finds what
        // another one has just begun.
        Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 600; i++)
            {
                Assert.Equal(_folder, new FolderStore(_folder, flushToDisk: false).Path);
            }
        })));

    [Fact]
    public void A_store_that_cannot_be_written_to_says_which_and_what_to_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Where root may not write either is known of Linux only.");
        var error = Assert.ThrowsAny<Exception>(() => new FolderStore("/proc/self/net/store"));
        Assert.True(error is IOException or UnauthorizedAccessException, error.ToString());
        Assert.Contains("'/proc/self/net/store'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Give a folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_damaged_or_another_programs_is_refused_by_name()
    {
        var store = new FolderStore(_folder);
        Assert.Null(await store.ReadRecordAsync("x.record"));
        Assert.Null(await store.OpenAsync("x.moments"));
        Assert.True(await store.TryWriteRecordAsync("x.record", new(1, new byte[] { 1, 2, 3 })));
        var place = Path.Combine(_folder, "x.record");
        var bytes = File.ReadAllBytes(place);
        bytes[17] ^= 1;
        File.WriteAllBytes(place, bytes);
        Assert.Contains("damaged", (await Assert.ThrowsAsync<FormatException>(() => store.ReadRecordAsync("x.record"))).Message,
            StringComparison.Ordinal);
        File.WriteAllText(place, "a text");
        Assert.Contains(place, (await Assert.ThrowsAsync<FormatException>(() => store.ReadRecordAsync("x.record"))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<FormatException>(() => store.TryWriteRecordAsync("x.record", new(2, new byte[1])));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenAsync("../x"));
        Assert.ThrowsAny<IOException>(() => new FolderStore(Path.Combine(place, "below a file")));
    }

    [Fact]
    public async Task Reminders_are_found_by_grain_and_by_their_part_of_the_ring()
    {
        var table = new StoreReminders(new MemoryStore());
        Orleans.Runtime.GrainId[] grains = [.. Enumerable.Range(0, 20).Select(i => Orleans.Runtime.GrainId.Create("job", $"{i}"))];
        foreach (var grain in grains)
        {
            await table.UpsertRow(new()
            {
                GrainId = grain,
                ReminderName = "go on",
                StartAt = DateTime.UnixEpoch,
                Period = TimeSpan.FromSeconds(5)
            });
        }

        const uint half = uint.MaxValue / 2;
        var (low, high) = ((await table.ReadRows(0, half)).Reminders, (await table.ReadRows(half, 0)).Reminders);
        Assert.Equal(grains.ToHashSet(), low.Concat(high).Select(r => r.GrainId).ToHashSet());
        Assert.Equal(20, low.Count + high.Count);
        Assert.All(low, r => Assert.InRange(r.GrainId.GetUniformHashCode(), 1u, half));
        Assert.Equal(20, (await table.ReadRows(7, 7)).Reminders.Count);
        var row = await table.ReadRow(grains[3], "go on");
        Assert.False(await table.RemoveRow(grains[3], "go on", "another tag"));
        Assert.True(await table.RemoveRow(grains[3], "go on", row!.ETag!));
        Assert.Empty((await table.ReadRows(grains[3])).Reminders);
    }
}
