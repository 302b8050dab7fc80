using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Vision;

/// <summary>The images of a folder of class folders, in the order of their names: the same on every system.</summary>
internal static class ImageFolder
{
    // Of the images that were left out so many are named.
    private const int MostNamed = 20;
    private const int BetweenReports = 100;

    public static IReadOnlyList<ImageRow> Read(string folder, ImageFolderOptions options, Action<string> warn)
    {
        var files = Find(folder, options, warn);
        var workers = new Workers(options.NumberOfThreads ?? Environment.ProcessorCount, options.CancellationToken);
        var complaints = new string?[files.Count];
        var done = 0;
        workers.For(files.Count, i =>
        {
            complaints[i] = ImageCheck.Complaint(files[i].ImagePath);
            if (options.Progress is { } progress && Interlocked.Increment(ref done) is var now
                && (now % BetweenReports == 0 || now == files.Count))
            {
                progress(now, files.Count);
            }
        });
        var bad = Enumerable.Range(0, files.Count).Where(i => complaints[i] is not null).ToArray();
        if (bad.Length > 0 && options.Unreadable == UnreadableImages.Stop)
        {
            throw new InvalidDataException(
                $"'{files[bad[0]].ImagePath}' cannot be used: {complaints[bad[0]]}."
                    + (bad.Length > 1 ? $" {bad.Length - 1} more cannot either." : "")
                + $" Mend or remove {(bad.Length > 1 ? "them" : "it")}, or set {nameof(ImageFolderOptions.Unreadable)} to "
                + $"{nameof(UnreadableImages)}.{nameof(UnreadableImages.Skip)} to go on without.");
        }

        foreach (var i in bad.Take(MostNamed))
        {
            warn($"'{files[i].ImagePath}' was left out: {complaints[i]}.");
        }

        if (bad.Length > MostNamed)
        {
            warn($"{bad.Length - MostNamed} more images were left out as well.");
        }

        var rows = files.Where((_, i) => complaints[i] is null).ToArray();
        return rows.Length > 0 ? rows : throw new InvalidDataException(
            $"None of the {files.Count} images in '{folder}' can be decoded; the first, '{files[0].ImagePath}': {complaints[0]}.");
    }

    private static List<ImageRow> Find(string folder, ImageFolderOptions options, Action<string> warn)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        }

        var classes = Directory.GetDirectories(folder).Select(d => Path.GetFullPath(d)).Order(StringComparer.Ordinal).ToArray();
        if (classes.Length == 0)
        {
            throw new InvalidDataException($"'{folder}' has no folders in it. Each class needs one with its name, and its images in "
                + $"there.");
        }

        var depth = options.IncludeSubfolders ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        var rows = new List<ImageRow>();
        foreach (var of in classes)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            var before = rows.Count;
            rows.AddRange(Directory.GetFiles(of, "*", depth)
                .Where(f => options.Extensions.Any(e => f.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal).Select(f => new ImageRow { ImagePath = f, Label = Path.GetFileName(of) }));
            if (rows.Count == before)
            {
                warn($"The folder '{of}' has no images: there will be no class '{Path.GetFileName(of)}'.");
            }
        }

        return rows.Count > 0 ? rows : throw new InvalidDataException(
            $"The {classes.Length} folders in '{folder}' have no images: no file there ends in {string.Join(", ", options.Extensions)}.");
    }
}
