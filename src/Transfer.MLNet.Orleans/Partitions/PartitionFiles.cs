using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>The files of a glob, as they are now, in the order of their names.</summary>
internal static class PartitionFiles
{
    private static readonly char[] s_wild = ['*', '?'];

    /// <exception cref="FileNotFoundException">No file is there, or no featuriser.</exception>
    public static (ReadingSpec Reading, PartitionSpec[] Partitions) List(string glob, ReadingSpec reading)
    {
        var (folder, pattern) = Split(glob);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"There is no folder '{folder}' to look for '{pattern}' in, on this machine. Give a path that all "
                + "silos see.");
        }

        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddInclude(pattern);
        PartitionSpec[] found = [.. matcher.Execute(new DirectoryInfoWrapper(new DirectoryInfo(folder))).Files
            .Select(f => f.Path).Order(StringComparer.Ordinal).Select(name => Of(name, Path.Combine(folder, name)))];
        return found.Length == 0
            ? throw new FileNotFoundException($"No file in '{folder}' is like '{pattern}': there are no partitions. Check the pattern.")
            : (WithFeaturiser(reading), found);
    }

    /// <summary>The same files as they are now.</summary>
    /// <exception cref="FileNotFoundException">One is gone.</exception>
    public static PartitionSpec[] Again(IEnumerable<PartitionSpec> partitions) => [.. partitions.Select(p => Of(p.Name, p.Path))];

    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static ReadingSpec WithFeaturiser(ReadingSpec reading) =>
        reading.Featuriser is { } path ? reading with { FeaturiserHash = Featurisers.HashOf(path) } : reading;

    private static PartitionSpec Of(string name, string path)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? new(name, path, file.Length, file.LastWriteTimeUtc.Ticks)
            : throw new FileNotFoundException($"Partition '{name}' is gone: there is no file '{path}'. Put it back and resume the job, "
                + $"or start another.");
    }

    private static (string Folder, string Pattern) Split(string glob)
    {
        var parts = glob.Replace('\\', '/').Split('/');
        var fixedParts = parts.TakeWhile(p => p.IndexOfAny(s_wild) < 0).Take(parts.Length - 1).ToArray();
        return (fixedParts is [""] ? "/" : string.Join('/', fixedParts), string.Join('/', parts[fixedParts.Length..]));
    }
}
