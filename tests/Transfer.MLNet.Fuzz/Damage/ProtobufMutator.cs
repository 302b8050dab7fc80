namespace Transfer.MLNet.Fuzz.Damage;

/// <summary>
/// Protobuf that stays protobuf: fields are changed, doubled, left out or exchanged, and the lengths around them are right. Which fields
/// are messages is not told by the bytes; what can be read as one is taken for one.
/// </summary>
internal static class ProtobufMutator
{
    private const int MostDamages = 4;
    private const int MostDepth = 8;

    private static readonly ulong[] s_numbers =
        [0, 1, 2, 3, 6, 7, 8, 11, 127, 128, 1000, 65536, 1 << 24, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 40, long.MaxValue,
            1UL << 63,
            ulong.MaxValue];

    private static readonly string[] s_words =
        ["", "Relu", "Gemm", "MatMul", "Add", "Identity", "Conv", "MaxPool", "Flatten", "Reshape", "Transpose", "Tanh", "Sigmoid", "Elu",
            "Clip",
            "Constant", "Dropout", "Softmax", "features", "scores", "transB", "alpha", "kernel_shape", "strides", "pads", "dilations",
                "a/b"];

    public static byte[] Of(byte[] sound, Random random)
    {
        if (Fields(sound, 0) is not { } fields)
        {
            return sound;
        }

        for (var left = 1 + random.Next(MostDamages); left > 0; left--)
        {
            Damage(fields, random);
        }

        return Written(fields);
    }

    private static void Damage(List<Field> fields, Random random)
    {
        if (fields.Count == 0)
        {
            return;
        }

        var at = random.Next(fields.Count);
        // Mostly down, where the leaves are.
        if (fields[at].Inner is { Count: > 0 } inner && random.Next(8) > 0)
        {
            Damage(inner, random);
            return;
        }

        switch (random.Next(7))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count + 1), fields[at].Copy());
                break;
            case 2:
                (fields[at], fields[random.Next(fields.Count)]) = (fields[random.Next(fields.Count)].Copy(), fields[at]);
                break;
            default:
                fields[at].Change(random);
                break;
        }
    }

    // Null where they are no fields to the end.
    private static List<Field>? Fields(ReadOnlySpan<byte> bytes, int depth)
    {
        var fields = new List<Field>();
        for (var at = 0; at < bytes.Length;)
        {
            if (!TryVarint(bytes, ref at, out var tag) || tag >> 3 == 0 || tag >> 3 > 1000)
            {
                return null;
            }

            ulong length;
            switch (tag & 7)
            {
                case 0 when TryVarint(bytes, ref at, out var number):
                    fields.Add(new(tag, number, [], null));
                    continue;
                case 1:
                    length = 8;
                    break;
                case 5:
                    length = 4;
                    break;
                case 2 when TryVarint(bytes, ref at, out length):
                    break;
                default:
                    return null;
            }

            if (length > (ulong)(bytes.Length - at))
            {
                return null;
            }

            var value = bytes.Slice(at, (int)length);
            fields.Add(new(tag, 0, value.ToArray(), (tag & 7) == 2 && depth < MostDepth && length > 0 ? Fields(value, depth + 1) : null));
            at += (int)length;
        }

        return fields;
    }

    private static byte[] Written(List<Field> fields)
    {
        var bytes = new List<byte>();
        foreach (var field in fields)
        {
            Put(bytes, field.Tag);
            if ((field.Tag & 7) == 0)
            {
                Put(bytes, field.Number);
                continue;
            }

            var value = field.Inner is { } inner ? Written(inner) : field.Bytes;
            if ((field.Tag & 7) == 2)
            {
                Put(bytes, (ulong)value.Length);
            }

            bytes.AddRange(value);
        }

        return [.. bytes];
    }

    private static void Put(List<byte> bytes, ulong number)
    {
        for (; number > 127; number >>= 7)
        {
            bytes.Add((byte)(number | 128));
        }

        bytes.Add((byte)number);
    }

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong number)
    {
        number = 0;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var part = bytes[at++];
            number |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Field(ulong tag, ulong number, byte[] bytes, List<Field>? inner)
    {
        public ulong Tag { get; } = tag;

        public ulong Number { get; private set; } = number;

        public byte[] Bytes { get; private set; } = bytes;

        public List<Field>? Inner { get; private set; } = inner;

        public Field Copy() => new(Tag, Number, [.. Bytes], Inner?.ConvertAll(f => f.Copy()));

        public void Change(Random random)
        {
            if ((Tag & 7) == 0)
            {
                Number = random.Next(2) == 0 ? s_numbers[random.Next(s_numbers.Length)] : (ulong)random.Next(12);
            }
            else if ((Tag & 7) == 2 && random.Next(2) == 0)
            {
                (Inner, Bytes) = (null, System.Text.Encoding.UTF8.GetBytes(s_words[random.Next(s_words.Length)]));
            }
            else if ((Tag & 7) == 2)
            {
                // A tensor of another length.
                (Inner, Bytes) = (null, random.Next(2) == 0 ? Bytes[..random.Next(Bytes.Length + 1)] : [.. Bytes, .. Bytes]);
            }
            else
            {
                random.NextBytes(Bytes);
            }
        }
    }
}
