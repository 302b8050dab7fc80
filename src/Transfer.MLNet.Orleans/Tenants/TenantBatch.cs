using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>A batch on its way.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Labels">y (n).</param>
/// <param name="Features">x of one row after the other (n x p).</param>
[GenerateSerializer]
[Immutable]
[Alias("Transfer.MLNet.TenantBatch")]
internal sealed record TenantBatch([property: Id(0)] long Number, [property: Id(1)] float[] Labels, [property: Id(2)] float[] Features)
{
    // Of numbers: a message that a silo takes without further ado.
    private const int Largest = 4 << 20;

    /// <exception cref="ArgumentException">There is no row, or rows differ in length.</exception>
    public static TenantBatch Of(long number, IReadOnlyList<TenantRow> rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (rows.Count == 0)
        {
            throw new ArgumentException($"Batch {number} has no rows. Leave it out, and give its number to the next one.", nameof(rows));
        }

        var p = rows[0].Features?.Length ?? 0;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Features is not { } x || x.Length != p || p == 0)
            {
                throw new ArgumentException(
                    $"Row {i} of batch {number} has {rows[i].Features?.Length.ToString(CultureInfo.InvariantCulture) ?? "no"} features, "
                        + $"and row 0 has {p}. Give all "
                    + "the features of the model's last layer (TenantRow.From).", nameof(rows));
            }
        }

        if ((long)rows.Count * p > Largest)
        {
            throw new ArgumentException(
                $"Batch {number} has {rows.Count} rows of {p} features, more than {Largest} numbers. Divide it into several batches.",
                    nameof(rows));
        }

        var features = new float[rows.Count * p];
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Features.CopyTo(features, i * p);
        }

        return new(number, [.. rows.Select(r => r.Label)], features);
    }

    public ulong Print()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(Labels.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Features.AsSpan()));
        return BitConverter.ToUInt64(hash.GetCurrentHash());
    }
}
