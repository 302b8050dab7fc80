namespace Transfer.MLNet;

/// <summary>What becomes of a file that has an image's name and cannot be decoded.</summary>
public enum UnreadableImages
{
    /// <summary>It stops the loading: an exception names the file.</summary>
    Stop,

    /// <summary>It is left out, and a warning in <c>MLContext.Log</c> names it.</summary>
    Skip,
}
