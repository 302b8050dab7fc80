using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>What an advice was asked about: part of its JSON, so that its ways can be trained where it is read.</summary>
internal sealed record AdviceQuestion
{
    /// <summary>What is predicted.</summary>
    public required AdvisedTask Task { get; init; }

    public required string LabelColumn { get; init; }

    public required string FeatureColumn { get; init; }

    /// <summary>null where all rows count the same.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>The column of the source's groups; null where it has none.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>The column of the target's clusters; null where its rows are independent.</summary>
    public string? ClusterColumn { get; init; }

    /// <summary>What each count was counted in; null where all were counted in the same.</summary>
    public string? ExposureColumn { get; init; }

    public bool FitIntercept { get; init; } = true;

    /// <summary>What rows are dealt to folds by.</summary>
    public int Seed { get; init; }

    /// <summary>What the target's features are called, as <see cref="Fingerprint"/> has it; null where they have no names.</summary>
    public string? Features { get; init; }

    /// <summary>A tau so large that the start stays what it is.</summary>
    public double EndlessTau { get; init; }

    [JsonIgnore]
    public TaskColumns Columns => new(LabelColumn, FeatureColumn, WeightColumn);

    /// <summary>Some names in 16 letters: SHA-256 of each with its length; null where there are none.</summary>
    public static string? Fingerprint(IReadOnlyList<string> names)
    {
        if (!names.Any(n => n.Length > 0))
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var name in names)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
