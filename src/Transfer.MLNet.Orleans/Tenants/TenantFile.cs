using System.Runtime.InteropServices;
using System.Text;
using Transfer.MLNet.Cluster.Stores;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>
/// A tenant in the store, little endian: version (int32), name, last batch, print, position, left out, fresh (int64), whether it is tuned
/// (0: not, 1: by a tau, 2: drawn to a prior), and if so rows (int64), tau, left-out error (double, NaN for null), intercept and weights
/// (single); then 0 and the rows, or 1 and moments.
/// </summary>
internal static class TenantFile
{
    private const int Version = 1;

    private const byte NotTuned = 0;
    private const byte ByTau = 1;
    private const byte ByPrior = 2;
    private const byte HasRows = 0;
    private const byte HasMoments = 1;

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
        writer.Write(state.Tuned switch { null => NotTuned, { Tau: null } => ByPrior, _ => ByTau });
        if (state.Tuned is { } tuned)
        {
            writer.Write(tuned.Rows);
            writer.Write(tuned.Tau ?? double.NaN);
            writer.Write(tuned.LeftOutError ?? double.NaN);
            writer.Write(tuned.Intercept);
            Write(writer, tuned.Weights);
        }

        writer.Write(state.Moments is not null ? HasMoments : HasRows);
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
    /// <param name="set">Of which set.</param>
    /// <param name="name">Whose.</param>
    /// <param name="featureCount">p, of the set's model.</param>
    /// <exception cref="FormatException">A newer library wrote it, or it has no sense.</exception>
    public static TenantState Read(ReadOnlyMemory<byte> content, string set, string name, int featureCount)
    {
        var what = $"The record of tenant '{name}' ('{StoreNames.Tenant(set, name)}' in the store)";
        using var bytes = new MemoryStream(content.ToArray());
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        try
        {
            var version = reader.ReadInt32();
            if (version != Version)
            {
                throw new FormatException($"{what} is of version {version}, and this silo reads version {Version}. Update this silo.");
            }

            var state = TenantState.New(ReadName(reader, what)) with
            {
                LastBatch = reader.ReadInt64(),
                Print = reader.ReadUInt64(),
                Position = reader.ReadInt64(),
                LeftOut = reader.ReadInt64(),
                Fresh = reader.ReadInt64(),
                Tuned = ReadWeights(reader, what),
            };
            state = reader.ReadByte() switch
            {
                HasRows => state with { Held = ReadFloats(reader) },
                HasMoments => state with { Moments = ReadMoments(bytes, what) },
                _ => throw Damaged(what, "it has neither rows nor moments"),
            };
            return (bytes.Position < bytes.Length ? "something follows it" : Problem(state, name, featureCount)) is { } problem
                ? throw Damaged(what, problem)
                : state;
        }
        catch (IOException e)
        {
            throw new FormatException($"{what} ends before its fields do. Put back a copy of it.", e);
        }
    }

    private static FormatException Damaged(string what, string problem, Exception? inner = null) =>
        new($"{what} is damaged: {problem}. Put back a copy of it.", inner);

    private static string ReadName(BinaryReader reader, string what)
    {
        try
        {
            return reader.ReadString();
        }
        catch (FormatException e)
        {
            throw Damaged(what, "the length of its name is no number", e);
        }
    }

    private static Moments ReadMoments(Stream stream, string what)
    {
        try
        {
            return Moments.Load(stream);
        }
        catch (FormatException e)
        {
            throw Damaged(what, $"of its moments, {e.Message.TrimEnd('.')}", e);
        }
    }

    private static string? Problem(TenantState state, string name, int featureCount) => state switch
    {
        { Name: var own } when own != name => $"it is that of '{own}'",
        { LastBatch: < 0 } or { Position: < 0 } or { LeftOut: < 0 } or { Fresh: < 0 } or { Rows: < 0 } =>
            $"batch {state.LastBatch}, {state.Position} rows, {state.LeftOut} left out, {state.Fresh} fresh",
        { Tuned: { } tuned } when tuned.Weights.Length != featureCount =>
            $"it has {tuned.Weights.Length} weights, and the set's model {featureCount}",
        { Tuned: { } tuned } when tuned.Rows < 0 || tuned.Tau < 0 || tuned.LeftOutError < 0 || !float.IsFinite(tuned.Intercept)
            || !tuned.Weights.All(float.IsFinite) => "its weights, their rows or their tau are no numbers",
        { Moments: { } moments } when moments.FeatureCount != featureCount =>
            $"its moments are of {moments.FeatureCount} features, and the set's model has {featureCount}",
        { Held: var held } when held.Length % (featureCount + 1) != 0 || !held.All(float.IsFinite) =>
            "its rows are not whole, or not numbers",
        { Moments: null, Held: var held } when held.Length / (featureCount + 1) != state.Rows =>
            $"it has {held.Length / (featureCount + 1)} rows, and says {state.Rows}",
        { Moments: { } moments } when moments.Count != state.Rows => $"its moments are of {moments.Count} rows, and it says {state.Rows}",
        _ => null,
    };

    private static TenantWeights? ReadWeights(BinaryReader reader, string what)
    {
        var kind = reader.ReadByte();
        if (kind == NotTuned)
        {
            return null;
        }

        var (rows, tau, error, intercept) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadSingle());
        if (kind != (double.IsNaN(tau) ? ByPrior : ByTau))
        {
            throw Damaged(what, "how its weights were made is not told");
        }

        return new(ReadFloats(reader), intercept, rows, kind == ByPrior ? null : tau, double.IsNaN(error) ? null : error);
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
