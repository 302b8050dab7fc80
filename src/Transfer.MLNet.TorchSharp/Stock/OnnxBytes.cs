using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Transforms.Onnx;

namespace Transfer.MLNet.Networks.Stock;

/// <summary>The ONNX file inside a fitted <see cref="OnnxTransformer"/>, which only its saved form shows.</summary>
internal static class OnnxBytes
{
    public static byte[] Of(OnnxTransformer transformer)
    {
        using var saved = new MemoryStream();
        new MLContext().Model.Save(transformer, null, saved);
        saved.Position = 0;
        using var zip = new ZipArchive(saved);
        var entry = zip.Entries.FirstOrDefault(e => e.Name == "OnnxModel")
            ?? throw new NotSupportedException("This version of Microsoft.ML.OnnxTransformer does not save its ONNX model where 5.0.1 "
            + "does. Reference 5.0.1.");
        using var reader = new BinaryReader(entry.Open());
        return reader.ReadBytes(reader.ReadInt32());
    }
}
