namespace Transfer.MLNet;

/// <summary>How <c>ml.Data.LoadImageFolder</c> reads a folder.</summary>
public sealed class ImageFolderOptions
{
    /// <summary>The name of the column with the files' full paths (text).</summary>
    public string ImagePathColumnName { get; set; } = "ImagePath";

    /// <summary>The name of the column with the class: the name of the folder that the file lies in (text).</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Which files are images, by the ends of their names, whatever their case. Others are passed over without a word.</summary>
    public IReadOnlyList<string> Extensions { get; set; } = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    /// <summary>What becomes of an image that cannot be decoded. The default stops, so that nothing is missing unnoticed.</summary>
    public UnreadableImages Unreadable { get; set; } = UnreadableImages.Stop;

    /// <summary>Whether images in folders below a class's folder belong to it too.</summary>
    public bool IncludeSubfolders { get; set; }

    /// <summary>Threads that decode. None: as many as there are processors. The rows do not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>
    /// Called with the images that were looked at so far, and all that there are, now and then and at the end; on any thread.
    /// </summary>
    public Action<int, int>? Progress { get; set; }

    /// <summary>Ends the loading early.</summary>
    public CancellationToken CancellationToken { get; set; }
}
