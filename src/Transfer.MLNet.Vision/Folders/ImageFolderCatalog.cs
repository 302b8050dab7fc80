using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Models;
using Transfer.MLNet.Vision;

namespace Transfer.MLNet;

/// <summary>Images in ML.NET's data catalog.</summary>
public static class ImageFolderCatalog
{
    /// <summary>
    /// A row for every image in a folder of class folders: its path and its class, both text, in the order of folders' and files' names.
    /// Every image is decoded once, so that those that cannot be are known by name before anything is trained on them; the view itself
    /// holds paths, and <c>LoadImages</c> reads the pixels when they are asked for.
    /// </summary>
    /// <param name="catalog">ml.Data.</param>
    /// <param name="folder">The folder: <c>folder/cats/1.jpg</c> has the class <c>cats</c>.</param>
    /// <param name="options">Null for the defaults, which stop at an image that does not decode.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are no class folders or no images in it, or an image does not decode and is not to be
    /// left out.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    /// <exception cref="NotSupportedException">The program has SkiaSharp 3, with which ML.NET's image transforms do not run.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IDataView LoadImageFolder(this DataOperationsCatalog catalog, string folder, ImageFolderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new();
        ArgumentNullException.ThrowIfNull(options.Extensions, nameof(options));
        if (options.NumberOfThreads < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), $"{nameof(ImageFolderOptions.NumberOfThreads)} is {options.NumberOfThreads}; give 1 or more, or none.");
        }

        ImageCheck.RequireSkiaSharp();
        var rows = ImageFolder.Read(folder, options, new StockLog(StockModels.EnvironmentOf(catalog), "ImageFolder", "Loading").Warning);
        var schema = SchemaDefinition.Create(typeof(ImageRow));
        schema[nameof(ImageRow.ImagePath)].ColumnName = options.ImagePathColumnName;
        schema[nameof(ImageRow.Label)].ColumnName = options.LabelColumnName;
        return catalog.LoadFromEnumerable(rows, schema);
    }
}
