using System.Buffers.Binary;

namespace Transfer.MLNet.Files;

/// <summary>
/// That the footer of a Parquet file is whole Thrift (compact protocol), before it is read by a library that believes the lengths in it and
/// goes on for ever after its end.
/// </summary>
internal ref struct ParquetFooter
{
    private const int TailLength = 8;
    private const int MostDepth = 64;

    private const string NotWhole = "its footer is damaged";

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    // Types of the compact protocol.
    private enum Kind
    {
        True = 1,
        False = 2,
        Byte = 3,
        Int16 = 4,
        Int32 = 5,
        Int64 = 6,
        Double = 7,
        Binary = 8,
        List = 9,
        Set = 10,
        Map = 11,
        Struct = 12,
    }

    /// <returns>How long it is, in bytes.</returns>
    /// <exception cref="InvalidDataException">The file is no Parquet, or its footer is not whole.</exception>
    public static int Require(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        Span<byte> tail = stackalloc byte[TailLength];
        if (length < TailLength + 4 || RandomAccess.Read(file, tail, length - TailLength) < TailLength
            || !(tail[4..].SequenceEqual("PAR1"u8) || tail[4..].SequenceEqual("PARE"u8)))
        {
            throw new InvalidDataException("it does not end as Parquet does");
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (size < 1 || size > length - TailLength - 4)
        {
            throw new InvalidDataException(NotWhole);
        }

        var footer = new byte[size];
        var start = length - TailLength - size;
        for (int done = 0, read; done < size; done += read)
        {
            read = RandomAccess.Read(file, footer.AsSpan(done), start + done);
            if (read == 0)
            {
                throw new InvalidDataException(NotWhole);
            }
        }

        // What is encrypted is for the library to refuse.
        if (tail[4..].SequenceEqual("PAR1"u8))
        {
            new ParquetFooter(footer).Struct(depth: 0);
        }

        return size;
    }

    private void Struct(int depth)
    {
        Require(depth < MostDepth);
        for (int head; (head = Byte()) != 0;)
        {
            // The upper half says how far the field's number is from the last one's; none is written out.
            if (head >> 4 == 0)
            {
                Varint();
            }

            var kind = (Kind)(head & 15);
            if (kind is not (Kind.True or Kind.False))
            {
                Value(kind, depth);
            }
        }
    }

    private void Value(Kind kind, int depth)
    {
        switch (kind)
        {
            case Kind.True or Kind.False or Kind.Byte:
                Skip(1);
                break;
            case Kind.Int16 or Kind.Int32 or Kind.Int64:
                Varint();
                break;
            case Kind.Double:
                Skip(sizeof(double));
                break;
            case Kind.Binary:
                Skip(Varint());
                break;
            case Kind.List or Kind.Set:
                var head = Byte();
                Values(head >> 4 == 15 ? Varint() : (ulong)(head >> 4), (Kind)(head & 15), null, depth);
                break;
            case Kind.Map:
                var count = Varint();
                var kinds = count == 0 ? 0 : Byte();
                Values(count, (Kind)(kinds >> 4), (Kind)(kinds & 15), depth);
                break;
            case Kind.Struct:
                Struct(depth + 1);
                break;
            default:
                throw new InvalidDataException(NotWhole);
        }
    }

    private void Values(ulong count, Kind first, Kind? second, int depth)
    {
        // Each takes a byte at least.
        Require(count <= (ulong)(_bytes.Length - _at) && depth < MostDepth);
        for (var i = 0UL; i < count; i++)
        {
            Value(first, depth + 1);
            if (second is { } other)
            {
                Value(other, depth + 1);
            }
        }
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException(NotWhole);
    }

    private int Byte()
    {
        Require(_at < _bytes.Length);
        return _bytes[_at++];
    }

    private void Skip(ulong count)
    {
        Require(count <= (ulong)(_bytes.Length - _at));
        _at += (int)count;
    }

    private static void Require(bool whole)
    {
        if (!whole)
        {
            throw new InvalidDataException(NotWhole);
        }
    }
}
