using System.Buffers.Binary;
using System.Text;

namespace Transfer.MLNet.Fuzz.Damage;

/// <summary>Makes another file of one: a few small damages, the same for the same numbers.</summary>
internal sealed class Mutator(Random random)
{
    private const int MostDamages = 6;
    private const int LongestPiece = 64;

    // Ends of ranges, lengths that are none, and what the fields of ML.NET, Thrift and protobuf begin with.
    private static readonly long[] s_numbers =
    [
        0, 1, -1, 2, 3, 7, 8, 16, 31, 32, 63, 64, 65, 127, 128, 255, 256, 1000, 4096, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24,
        int.MaxValue, int.MinValue, int.MaxValue - 1L, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue,
    ];

    private static readonly double[] s_doubles =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 1e-320, 1e308, -1e308, double.MaxValue, 1e150, 1e-150, 0.5, -1,
    ];

    private static readonly string[] s_words =
    [
        "\"", "\"\"", "'", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\n\n", "\0", "\ufeff", "\u001b[31m", "\u202e", "NaN", "nan", "inf",
        "-inf", "Infinity", "1e400", "-1e400", "1e-400", "0x10", "1,5", "1.5", "1.234.567,89", "(5)", "$5", "5%", "+5", "--5", "1_000",
        "1/2/2024", "31.12.9999", "0000-00-00", "9999-12-31T23:59:60Z", "24:00", "NA", "null", "true", "false", "?", "-", "\\", "\\ud800",
        "\\udc00\\ud800", "\ud83d\ude00", "ı", "İ", "ß", "<script>", "[bold]", "[/]", "{0}", "{", "}", "[", "]", ":", "\"\":", "1e9999",
        "-0", "00", "9007199254740993", "18446744073709551616", "999999999999999999999999999999", "sep=;\n", "@", "--", "/dev/null", "..",
    ];

    public byte[] Of(byte[] file, byte[] other)
    {
        var bytes = new List<byte>(file);
        for (var left = random.Next(2) == 0 ? 1 : 1 + random.Next(MostDamages); left > 0; left--)
        {
            Damage(bytes, other);
        }

        return [.. bytes];
    }

    private void Damage(List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(14))
        {
            case 0 or 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2 or 3 when at < bytes.Count:
                bytes[at] = random.Next(4) switch { 0 => 0, 1 => 255, 2 => 128, _ => (byte)random.Next(256) };
                break;
            case 4 or 5:
                Put(bytes, at, Number());
                break;
            case 6:
                bytes.InsertRange(at, Piece(bytes));
                break;
            case 7:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Next(LongestPiece)));
                break;
            case 8 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 9:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(s_words[random.Next(s_words.Length)]));
                break;
            case 10:
                Put(bytes, at, Encoding.UTF8.GetBytes(s_words[random.Next(s_words.Length)]));
                break;
            case 11 when random.Next(4) == 0:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), 1 + random.Next(5000)));
                break;
            case 12 when other.Length > 0:
                var from = random.Next(other.Length);
                Put(bytes, at, other.AsSpan(from, Math.Min(other.Length - from, 1 + random.Next(LongestPiece))).ToArray());
                break;
            default:
                Put(bytes, at, Piece(bytes));
                break;
        }
    }

    private byte[] Number()
    {
        var bytes = new byte[sizeof(long)];
        var number = s_numbers[random.Next(s_numbers.Length)];
        switch (random.Next(5))
        {
            case 0:
                BinaryPrimitives.WriteInt32LittleEndian(bytes, unchecked((int)number));
                return bytes[..4];
            case 1:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                return bytes;
            case 2:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, s_doubles[random.Next(s_doubles.Length)]);
                return bytes;
            case 3:
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)s_doubles[random.Next(s_doubles.Length)]);
                return bytes[..4];
            default:
                var varint = new List<byte>();
                for (var rest = unchecked((ulong)number); ; rest >>= 7)
                {
                    varint.Add((byte)((rest & 127) | (rest > 127 ? 128u : 0)));
                    if (rest <= 127)
                    {
                        return [.. varint];
                    }
                }
        }
    }

    private byte[] Piece(List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            return [0];
        }

        var from = random.Next(bytes.Count);
        return [.. bytes.Skip(from).Take(1 + random.Next(LongestPiece))];
    }

    private static void Put(List<byte> bytes, int at, byte[] piece)
    {
        for (var i = 0; i < piece.Length; i++)
        {
            if (at + i < bytes.Count)
            {
                bytes[at + i] = piece[i];
            }
            else
            {
                bytes.Add(piece[i]);
            }
        }
    }
}
