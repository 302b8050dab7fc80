using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// Stock zips of many models with one schema of rows. <c>ml.Model.Save</c> writes the schema through threads of its own each time, which
/// takes longer than all the rest of a linear model; here it is written once, and its bytes are put into each zip.
/// </summary>
/// <param name="catalog">ml.Model.</param>
/// <param name="schema">Of the rows that the models take; null: it is not in the zips.</param>
internal sealed class StockZips(ModelOperationsCatalog catalog, DataViewSchema? schema)
{
    // What ML.NET calls it in the zip.
    private const string Schema = "Schema";

    private readonly Lazy<byte[]?> _schema = new(() => schema is null ? null : SchemaOf(catalog, schema));

    /// <summary>As <c>ml.Model.Save</c>: the same entries with the same bytes. From any number of threads.</summary>
    public void Save(ITransformer model, Stream to)
    {
        using var memory = new MemoryStream();
        catalog.Save(model, null, memory);
        if (_schema.Value is { } bytes)
        {
            using var zip = new ZipArchive(memory, ZipArchiveMode.Update, leaveOpen: true);
            using var entry = zip.CreateEntry(Schema).Open();
            entry.Write(bytes);
        }

        memory.Position = 0;
        memory.CopyTo(to);
    }

    private static byte[] SchemaOf(ModelOperationsCatalog catalog, DataViewSchema schema)
    {
        using var memory = new MemoryStream();
        catalog.Save(new TransformerChain<ITransformer>(), schema, memory);
        using var zip = new ZipArchive(memory, ZipArchiveMode.Read);
        using var entry = zip.GetEntry(Schema)!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }
}
