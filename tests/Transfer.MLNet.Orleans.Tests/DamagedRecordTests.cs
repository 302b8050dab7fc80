using System.Text;
using Transfer.MLNet.Cluster.Jobs;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Cluster.Tenants;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Records in the store whose bytes are not what was written.</summary>
public sealed class DamagedRecordTests
{
    private static readonly TenantState s_state = TenantState.New("berlin") with
    {
        LastBatch = 3,
        Position = 3,
        LeftOut = 1,
        Fresh = 2,
        Held = [1, 0.5f, -0.5f, 2, 1.5f, 0.25f],
        Tuned = new([1, -1], 0.5f, 2, 0.01, null),
    };

    [Fact]
    public void A_tenant_is_read_as_it_was_written_and_cut_off_anywhere_it_is_refused()
    {
        var bytes = TenantFile.Write(s_state);
        var read = TenantFile.Read(bytes, "prices", "berlin", 2);
        Assert.Equal((s_state.LastBatch, s_state.Rows, s_state.Fresh), (read.LastBatch, read.Rows, read.Fresh));
        Assert.Equal(s_state.Held, read.Held);
        Assert.Equal(s_state.Tuned!.Weights, read.Tuned!.Weights);
        for (var length = 0; length < bytes.Length; length++)
        {
            var error = Assert.Throws<FormatException>(() => TenantFile.Read(bytes.AsMemory(0, length), "prices", "berlin", 2));
            Assert.Contains("'berlin'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_a_tenant_cannot_be_is_refused()
    {
        TenantState[] wrong =
        [
            s_state with { LastBatch = -1 },
            s_state with { LeftOut = 4 },
            s_state with { Held = [1, 2] },
            s_state with { Held = [1, float.NaN, 3] },
            s_state with { Tuned = s_state.Tuned! with { Weights = [1] } },
            s_state with { Tuned = s_state.Tuned! with { Weights = [1, float.PositiveInfinity] } },
            s_state with { Tuned = s_state.Tuned! with { Tau = -1 } },
            s_state with { Tuned = s_state.Tuned! with { LeftOutError = -1 } },
            s_state with { Name = "bonn" },
            s_state with { Position = 4 },
        ];
        foreach (var state in wrong)
        {
            var bytes = TenantFile.Write(state);
            var error = Assert.Throws<FormatException>(() => TenantFile.Read(bytes, "prices", "berlin", 2));
            Assert.Contains("is damaged: ", error.Message, StringComparison.Ordinal);
        }

        // The length of the name, of which the reader says IOException where it makes no sense.
        var named = TenantFile.Write(s_state);
        named.AsSpan(sizeof(int), 5).Fill(0xFF);
        Assert.Throws<FormatException>(() => TenantFile.Read(named, "prices", "berlin", 2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"Format\":1}")]
    [InlineData("{\"Format\":2}")]
    [InlineData("[1]")]
    public void A_job_of_other_bytes_is_refused(string json)
    {
        var error = Assert.Throws<FormatException>(() => JobRecord.Read(Encoding.UTF8.GetBytes(json), "sums"));
        Assert.Contains("record of job 'sums'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Key\":")]
    [InlineData("null")]
    [InlineData("{\"Key\":\"other\",\"Rows\":1,\"LeftOut\":0,\"Fingerprint\":\"f\"}")]
    [InlineData("{\"Key\":\"part\",\"Rows\":-1,\"LeftOut\":0,\"Fingerprint\":\"f\"}")]
    public async Task A_damaged_receipt_is_as_none(string json)
    {
        var store = new MemoryStore();
        store.Files[StoreNames.Receipt("part")] = Encoding.UTF8.GetBytes(json);
        Assert.Null(await PartitionReceipt.FindAsync(store, "part", default));
        store.Files[StoreNames.Receipt("part")] = Encoding.UTF8.GetBytes(
            "{\"Key\":\"part\",\"Rows\":4,\"LeftOut\":0,\"Fingerprint\":\"f\"}");
        Assert.Equal(4, (await PartitionReceipt.FindAsync(store, "part", default))!.Rows);
    }
}
