namespace PaperExperiments.Data;

/// <summary>CIFAR-10's binary files: rows of a label and 3 x 32 x 32 bytes, channel by channel.</summary>
internal static class CifarFile
{
    private const int Pixels = 32 * 32;
    private static readonly float[] s_means = [0.4914f, 0.4822f, 0.4465f];
    private static readonly float[] s_deviations = [0.2470f, 0.2435f, 0.2616f];

    public static LabelledRows Read(string folder, params string[] names)
    {
        var bytes = names.SelectMany(n => DataFile.Bytes(folder, n)).ToArray();
        return bytes.Length % (1 + (3 * Pixels)) == 0
            ? new(
                [.. bytes.Chunk(1 + (3 * Pixels)).Select(Row)],
                [.. bytes.Chunk(1 + (3 * Pixels)).Select(r => (int)r[0])])
            : throw new FormatException($"The files {string.Join(", ", names)} in '{folder}' are not whole rows of 3,073 bytes. "
            + $"Download them again.");
    }

    private static float[] Row(byte[] bytes)
    {
        var row = new float[3 * Pixels];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = ((bytes[1 + i] / 255f) - s_means[i / Pixels]) / s_deviations[i / Pixels];
        }

        return row;
    }
}
