using Transfer.MLNet.Fuzz.Damage;
using Transfer.MLNet.Fuzz.Readers;

namespace Transfer.MLNet.Fuzz.Campaign;

/// <summary>
/// The inputs of a reader: each is made of its number alone, so that it can be made again. The first are the sound files themselves.
/// </summary>
internal sealed class Inputs
{
    private readonly Reader _reader;
    private readonly int _seed;
    private readonly byte[][] _sound;

    public Inputs(Reader reader, int seed)
    {
        (_reader, _seed) = (reader, seed);
        _sound = [.. Directory.GetFiles(FolderOf(reader)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    /// <summary>How large the largest sound file is.</summary>
    public long Largest => _sound.Max(f => f.LongLength);

    /// <summary>How many sound files there are.</summary>
    public int Sound => _sound.Length;

    public static string FolderOf(Reader reader) => Path.Combine(AppContext.BaseDirectory, "Corpus", reader.Name);

    /// <param name="number">From 0.</param>
    /// <returns>The damaged file, and the numbers by which the reader is to choose.</returns>
    public (byte[] Bytes, Random Choices) Of(int number)
    {
        if (number < _sound.Length)
        {
            // Zero takes none of the rarer ways to read.
            return (_sound[number], new Random(0));
        }

        var random = new Random(HashOf(number));
        var sound = _sound[random.Next(_sound.Length)];
        var mutator = new Mutator(random);
        var damaged = mutator.Of(sound, _sound[random.Next(_sound.Length)]);
        return (random.Next(2) == 0 ? _reader.Crafted(damaged, sound, mutator, random) ?? damaged : damaged, random);
    }

    // FNV-1a: string hashes of .NET are others in each process.
    private int HashOf(int number)
    {
        var hash = 2166136261u;
        foreach (var value in _reader.Name.Select(c => (int)c).Append(_seed).Append(number))
        {
            for (var shift = 0; shift < 32; shift += 8)
            {
                hash = (hash ^ (byte)(value >> shift)) * 16777619;
            }
        }

        return (int)(hash & int.MaxValue);
    }
}
