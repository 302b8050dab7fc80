using Xunit;

namespace Transfer.MLNet.Tests.Floors;

/// <summary>Files are rooms of a size that can be looked over.</summary>
public class FileTests
{
    private const int MostLines = 300;
    private const int LongestLine = 140;

    private static readonly string[] s_built = ["bin", "obj", "artifacts"];

    [Fact]
    public void No_file_of_src_is_longer_than_300_lines()
    {
        string[] longer = [.. from file in Files("src")
            let lines = File.ReadLines(Checkout.PathOf(file)).Count()
            where lines > MostLines
            select $"{file}: {lines}"];
        Assert.Empty(longer);
    }

    [Fact]
    public void No_line_of_the_core_is_longer_than_140_characters()
    {
        string[] longer = [.. from file in Files("src", "Transfer.MLNet")
            from line in File.ReadLines(Checkout.PathOf(file)).Select((text, i) => (text.Length, Number: i + 1))
            where line.Length > LongestLine
            select $"{file}:{line.Number}"];
        Assert.Empty(longer);
    }

    private static IEnumerable<string> Files(params string[] folder) =>
        Directory.EnumerateFiles(Checkout.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Checkout.Root, f))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(s_built.Contains));
}
