using System.Globalization;
using System.Text.Json;

namespace Transfer.MLNet.Cluster.Stores;

/// <summary>
/// Orleans' table of reminders as one record of the store, for clusters that have no other: only jobs under way have reminders, one each.
/// Where the user sets up another table (Redis, a database), that is taken.
/// </summary>
internal sealed class StoreReminders(ITransferStore store) : IReminderTable
{
    private const string Name = "reminders.record";

    public Task Init() => Task.CompletedTask;

    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new((await ReadAsync().ConfigureAwait(false)).Rows.Where(r => r.Grain == grainId.ToString()).Select(r => r.ToEntry()));

    /// <summary>Those whose grain's hash lies behind <paramref name="begin"/> and up to <paramref name="end"/> on the ring.</summary>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        new((await ReadAsync().ConfigureAwait(false)).Rows.Select(r => r.ToEntry())
            .Where(e => IsOn(e.GrainId.GetUniformHashCode(), begin, end)));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await ReadAsync().ConfigureAwait(false)).Rows.FirstOrDefault(r => r.Is(grainId, reminderName))?.ToEntry();

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var row = Row.Of(entry);
        await ChangeAsync(rows => [.. rows.Where(r => !r.Is(entry.GrainId, entry.ReminderName)), row]).ConfigureAwait(false);
        return row.ETag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        var removed = false;
        await ChangeAsync(rows =>
        {
            Row[] left = [.. rows.Where(r => !(r.Is(grainId, reminderName) && r.ETag == eTag))];
            removed = left.Length < rows.Length;
            return left;
        }).ConfigureAwait(false);
        return removed;
    }

    public Task TestOnlyClearTable() => ChangeAsync(_ => []);

    private static bool IsOn(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private async Task ChangeAsync(Func<Row[], Row[]> change)
    {
        while (true)
        {
            var (version, rows) = await ReadAsync().ConfigureAwait(false);
            var changed = JsonSerializer.SerializeToUtf8Bytes(change(rows));
            if (await store.TryWriteRecordAsync(Name, new(version + 1, changed)).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private async Task<(long Version, Row[] Rows)> ReadAsync() => await store.ReadRecordAsync(Name).ConfigureAwait(false) is { } record
        ? (record.Version, Read(record.Content))
        : (0, []);

    private static Row[] Read(ReadOnlyMemory<byte> content)
    {
        Exception? damage = null;
        try
        {
            if (JsonSerializer.Deserialize<Row[]>(content.Span) is { } rows && rows.All(r => r?.IsWhole == true))
            {
                return rows;
            }
        }
        catch (JsonException e)
        {
            damage = e;
        }

        throw new FormatException(
            $"The reminders in the store ('{Name}') are damaged. Delete them, and resume the jobs that were under way.", damage);
    }

    private sealed record Row(string Grain, string Reminder, DateTime StartAt, TimeSpan Period, string ETag)
    {
        public static Row Of(ReminderEntry entry) => new(
            entry.GrainId.ToString(), entry.ReminderName, entry.StartAt, entry.Period,
            Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

        public bool IsWhole => Reminder is not null && ETag is not null && Period > TimeSpan.Zero
            && GrainId.TryParse(Grain, CultureInfo.InvariantCulture, out _);

        public bool Is(GrainId grain, string reminder) => Grain == grain.ToString() && Reminder == reminder;

        public ReminderEntry ToEntry() => new()
        {
            GrainId = GrainId.Parse(Grain, CultureInfo.InvariantCulture),
            ReminderName = Reminder,
            StartAt = StartAt,
            Period = Period,
            ETag = ETag,
        };
    }
}
