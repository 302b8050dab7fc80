using System.IO.Compression;

namespace PaperExperiments.Data;

/// <summary>A file of a data folder, compressed by gzip (name.gz) or not.</summary>
internal static class DataFile
{
    /// <exception cref="FileNotFoundException">Neither is there.</exception>
    public static byte[] Bytes(string folder, string name)
    {
        var plain = Path.Combine(folder, name);
        if (File.Exists(plain))
        {
            return File.ReadAllBytes(plain);
        }

        if (!File.Exists(plain + ".gz"))
        {
            throw new FileNotFoundException($"There is neither '{name}' nor '{name}.gz' in '{folder}'. docs/paper.md says where to get "
                + $"it; without --data a small generated set is used.");
        }

        using var file = new GZipStream(File.OpenRead(plain + ".gz"), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
