using System.Text.Json;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Cluster.Jobs;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Cluster.Tenants;
using Transfer.MLNet.Retraining;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>
/// Everything that the package keeps in a store, damaged at random: read, or refused by the exception that is documented, which names
/// it. Beneath the right checksum, as a store of another's writing may hand it out.
/// </summary>
public sealed class MutatedRecordTests
{
    private const int Mutants = 1500;

    private static readonly ReadingSpec s_reading = ReadingSpec.Of(
        MomentsPartitions.Csv("/rows/*.csv", SampleFiles.Loader()), new(), "1.0");

    private static readonly TenantSettings s_settings = new("prices", "hash", 3, 0.5, false, 5, 1);

    private static readonly TenantPrior s_prior = new(new TargetPrior([1, 2], [0.5, -1, 3], [1, 2, 3], 0.25), 12);

    [Fact]
    public void Of_a_tenant_with_rows_or_moments()
    {
        var rows = TenantState.New("berlin") with
        {
            LastBatch = 3,
            Position = 3,
            LeftOut = 1,
            Fresh = 2,
            Held = [1, 0.5f, -0.5f, 2, 1.5f, 0.25f],
            Tuned = new([1, -1], 0.5f, 2, null, 0.5),
        };
        var sums = rows with { Position = 0, LeftOut = 0, Held = [], Moments = Empty() };
        foreach (var state in new[] { rows, sums, rows with { Tuned = rows.Tuned! with { Tau = 0.25 } } })
        {
            EachMutant(
                TenantFile.Write(state),
                bytes => TenantFile.Write(TenantFile.Read(bytes, "prices", "berlin", 2)),
                StoreNames.Tenant("prices", "berlin"));
        }
    }

    [Fact]
    public void Of_a_job()
    {
        var record = new JobRecord(
            "sums", "/rows/*.csv", s_reading.Json(), [new("a.csv", "/rows/a.csv", 10, 20), new("b.csv", "/rows/b.csv", 10, 20)],
            MomentsJobState.Done, null, "jobs/x.moments", 20, 1);
        EachMutant(
            record.Bytes(),
            bytes =>
            {
                // What a coordinator and a client do with it.
                var read = JobRecord.Read(bytes, "sums");
                _ = (read.Key(), ReadingSpec.Read(read.Reading).Told());
                return read.Bytes();
            },
            StoreNames.Job("sums"));
    }

    [Fact]
    public void Of_the_settings_of_tenants_and_what_they_teach_of_each_other()
    {
        EachMutant(
            JsonSerializer.SerializeToUtf8Bytes(s_settings),
            bytes => JsonSerializer.SerializeToUtf8Bytes(TenantSettings.Read(bytes, "prices")),
            StoreNames.TenantSettings("prices"));
        EachMutant(s_prior.Bytes(), bytes => TenantPrior.Read(bytes, "prices", 2).Bytes(), StoreNames.TenantPrior("prices"));
    }

    [Fact]
    public async Task Of_a_receipt_and_of_reminders()
    {
        var receipt = JsonSerializer.SerializeToUtf8Bytes(new PartitionReceipt("part", 4, 0, "f"));
        var store = new MemoryStore();
        foreach (var bytes in MutantsOf(receipt))
        {
            store.Files[StoreNames.Receipt("part")] = bytes;
            Assert.Equal("part", (await PartitionReceipt.FindAsync(store, "part", default))?.Key ?? "part");
        }

        var reminders = new StoreReminders(store);
        await reminders.UpsertRow(new()
        {
            GrainId = GrainId.Create("job", "sums"),
            ReminderName = "go on",
            StartAt = DateTime.UnixEpoch,
            Period = TimeSpan.FromSeconds(5),
        });
        var sound = store.Records["reminders.record"];
        foreach (var bytes in MutantsOf(sound.Content.ToArray()))
        {
            store.Records["reminders.record"] = sound with { Content = bytes };
            try
            {
                await reminders.ReadRows(0, uint.MaxValue);
            }
            catch (FormatException e)
            {
                Assert.Contains("'reminders.record'", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Of_a_record_in_a_folder_any_byte()
    {
        var folder = Directory.CreateTempSubdirectory("records").FullName;
        try
        {
            var store = new FolderStore(folder, flushToDisk: false);
            Assert.True(await store.TryWriteRecordAsync("a.record", new(1, "content"u8.ToArray())));
            var place = Path.Combine(folder, "a.record");
            var sound = await File.ReadAllBytesAsync(place);
            for (var i = 0; i < sound.Length; i++)
            {
                var bytes = sound.ToArray();
                bytes[i] ^= 0x41;
                await File.WriteAllBytesAsync(place, bytes);
                var changed = await Assert.ThrowsAsync<FormatException>(() => store.ReadRecordAsync("a.record"));
                Assert.Contains(place, changed.Message, StringComparison.Ordinal);
                await File.WriteAllBytesAsync(place, sound[..i]);
                var cut = await Assert.ThrowsAsync<FormatException>(() => store.ReadRecordAsync("a.record"));
                Assert.Contains(place, cut.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Each is refused by name, or read; what was read is read again as the same.</summary>
    private static void EachMutant(byte[] sound, Func<byte[], byte[]> read, string name)
    {
        var (refused, taken) = (0, 0);
        Assert.Equal(sound, read(sound));
        foreach (var bytes in MutantsOf(sound))
        {
            byte[] again;
            try
            {
                again = read(bytes);
                taken++;
            }
            catch (FormatException e)
            {
                Assert.Contains(name, e.Message, StringComparison.Ordinal);
                refused++;
                continue;
            }

            Assert.Equal(again, read(again));
        }

        Assert.True(refused > Mutants / 4, $"{refused} refused, {taken} read");
    }

    /// <summary>Bytes changed, cut out, doubled, or a number in place of another; one to three of these.</summary>
    private static IEnumerable<byte[]> MutantsOf(byte[] sound)
    {
        var random = new Random(7);
        for (var k = 0; k < Mutants; k++)
        {
            var bytes = sound.ToList();
            for (var damages = random.Next(1, 4); damages > 0 && bytes.Count > 0; damages--)
            {
                var at = random.Next(bytes.Count);
                var length = Math.Min(random.Next(1, 9), bytes.Count - at);
                switch (random.Next(5))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, length);
                        break;
                    case 2:
                        bytes.InsertRange(at, bytes.GetRange(at, length));
                        break;
                    case 3:
                        bytes[at] = (byte)"-019{}[],\"n"[random.Next(11)];
                        break;
                    default:
                        for (var i = at; i < at + length; i++)
                        {
                            bytes[i] = 0xFF;
                        }

                        break;
                }
            }

            yield return [.. bytes];
        }
    }

    private static Moments Empty() => new([MomentBlock.Empty(2), MomentBlock.Empty(2)], "Features", "Label", []);
}
