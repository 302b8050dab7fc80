using System.Runtime.InteropServices;
using System.Text;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>
/// A tenant in the store, little endian: version (int32), name, last batch, print, position, left out, fresh (int64), whether it is tuned,
/// and if so rows (int64), tau, left-out error (double, NaN for null), intercept and weights (single); then 0 and the rows, or 1 and
/// moments.
/// </summary>
internal static class TenantFile
{
    private const int Version = 1;

    public static byte[] Write(TenantState state)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(state.Name);
        writer.Write(state.LastBatch);
        writer.Write(state.Print);
        writer.Write(state.Position);
        writer.Write(state.LeftOut);
        writer.Write(state.Fresh);
        writer.Write(state.Tuned is not null);
        if (state.Tuned is { } tuned)
        {
            writer.Write(tuned.Rows);
            writer.Write(tuned.Tau);
            writer.Write(tuned.LeftOutError ?? double.NaN);
            writer.Write(tuned.Intercept);
            Write(writer, tuned.Weights);
        }

        writer.Write(state.Moments is not null);
        if (state.Moments is { } moments)
        {
            writer.Flush();
            moments.Save(bytes);
        }
        else
        {
            Write(writer, state.Held);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <param name="content">What the store has.</param>
    /// <param name="name">Whose.</param>
    /// <param name="featureCount">p, of the set's model.</param>
    /// <exception cref="FormatException">A newer library wrote it, or it has no sense.</exception>
    public static TenantState Read(ReadOnlyMemory<byte> content, string name, int featureCount)
    {
        using var bytes = new MemoryStream(content.ToArray());
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        try
        {
            var version = reader.ReadInt32();
            if (version != Version)
            {
                throw new FormatException(
                    $"The record of tenant '{name}' is of version {version}, and this silo reads version {Version}. Update this silo.");
            }

            var state = TenantState.New(reader.ReadString()) with
            {
                LastBatch = reader.ReadInt64(),
                Print = reader.ReadUInt64(),
                Position = reader.ReadInt64(),
                LeftOut = reader.ReadInt64(),
                Fresh = reader.ReadInt64(),
                Tuned = reader.ReadBoolean() ? ReadWeights(reader) : null,
            };
            state = reader.ReadBoolean() ? state with { Moments = Moments.Load(bytes) } : state with { Held = ReadFloats(reader) };
            return Problem(state, featureCount) is { } problem
                ? throw new FormatException($"The record of tenant '{name}' is damaged: {problem}. Put back a copy of it.")
                : state;
        }
        catch (IOException e)
        {
            throw new FormatException($"The record of tenant '{name}' ends before its fields do. Put back a copy of it.", e);
        }
    }

    private static string? Problem(TenantState state, int featureCount) => state switch
    {
        { LastBatch: < 0 } or { Position: < 0 } or { LeftOut: < 0 } or { Fresh: < 0 } or { Rows: < 0 } =>
            $"batch {state.LastBatch}, {state.Position} rows, {state.LeftOut} left out, {state.Fresh} fresh",
        { Tuned: { } tuned } when tuned.Weights.Length != featureCount =>
            $"it has {tuned.Weights.Length} weights, and the set's model {featureCount}",
        { Tuned: { } tuned } when tuned.Rows < 0 || !(tuned.Tau >= 0) || !float.IsFinite(tuned.Intercept)
            || !tuned.Weights.All(float.IsFinite) => "its weights, their rows or their tau are no numbers",
        { Moments: { } moments } when moments.FeatureCount != featureCount =>
            $"its moments are of {moments.FeatureCount} features, and the set's model has {featureCount}",
        { Held: var held } when held.Length % (featureCount + 1) != 0 || !held.All(float.IsFinite) =>
            "its rows are not whole, or not numbers",
        _ => null,
    };

    private static TenantWeights ReadWeights(BinaryReader reader)
    {
        var (rows, tau, error, intercept) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadSingle());
        return new(ReadFloats(reader), intercept, rows, tau, double.IsNaN(error) ? null : error);
    }

    private static void Write(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        if (BitConverter.IsLittleEndian)
        {
            writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            return;
        }

        foreach (var value in values)
        {
            writer.Write(value);
        }
    }

    private static float[] ReadFloats(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count < 0 || count > (reader.BaseStream.Length - reader.BaseStream.Position) / sizeof(float))
        {
            throw new EndOfStreamException();
        }

        var values = new float[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadSingle();
        }

        return values;
    }
}
