using Microsoft.ML;
using Transfer.MLNet.Files;

namespace Transfer.MLNet.Production;

/// <summary>Held-out rows of a version, in ML.NET's binary format.</summary>
internal static class HeldOutFile
{
    /// <summary>False where the rows have columns that the format cannot hold (images): they are not kept then.</summary>
    public static bool Write(string path, IDataView rows)
    {
        var ml = new MLContext(seed: 1);
        if (rows.Schema.Any(c => !c.IsHidden && c.Type is not (Microsoft.ML.Data.PrimitiveDataViewType
            or Microsoft.ML.Data.VectorDataViewType { ItemType: Microsoft.ML.Data.PrimitiveDataViewType })))
        {
            return false;
        }

        AtomicFile.Write(path, stream => ml.Data.SaveAsBinary(rows, stream), overwrite: false);
        return true;
    }

    /// <summary>Null where there are none, or where the file is damaged.</summary>
    public static IDataView? Read(string folder, ModelVersion version) =>
        version.RowsPrint is not null && Damage(folder, version) is null
            ? new MLContext(seed: 1).Data.LoadFromBinary(VersionFiles.Rows(folder, version.Number)) : null;

    /// <summary>What is wrong with the file; null where it is what was written, or there never was one.</summary>
    public static string? Damage(string folder, ModelVersion version)
    {
        var path = VersionFiles.Rows(folder, version.Number);
        var how = version.RowsPrint is not { } print ? null
            : !File.Exists(path) ? "gone"
            : VersionFiles.Print(path) != print ? "not what was written there"
            : null;
        return how is null ? null : $"'{path}', the rows that version {version.Number} held out, is {how}";
    }
}
