namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>Something that reads files of others, and what it may say of a damaged one.</summary>
internal abstract class Reader
{
    /// <summary>The name, which is that of its folder in the corpus too.</summary>
    public abstract string Name { get; }

    /// <summary>What share of a campaign's inputs it gets, against the others'.</summary>
    public abstract int Share { get; }

    /// <summary>Whether the sound files are accepted as they are.</summary>
    public virtual bool TakesSound => true;

    /// <summary>Small sound files, for the corpus.</summary>
    public abstract IEnumerable<(string Name, byte[] Bytes)> Sound();

    /// <summary>
    /// Reads an input to the end, and works with what it accepted. The place in the campaign is for choices that are no damage.
    /// </summary>
    /// <returns>True where it was accepted; false where it was refused with a message.</returns>
    public abstract bool Read(byte[] input, string folder, Random random);

    /// <summary>Whether an exception is one that the reader's documentation names.</summary>
    public virtual bool IsDocumented(Exception exception) => exception is FormatException;

    /// <summary>Damage that passes the first checks: a right checksum, or a text that stays one; null where there is no such
    /// way.</summary>
    public virtual byte[]? Crafted(byte[] damaged, byte[] sound, Damage.Mutator mutator, Random random) => null;
}
