using System.Text;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>Files that hold rows in a way that is not read here: told by their first bytes, with what makes a table of them.</summary>
internal static class ForeignFormat
{
    // By what a file begins with. Of several the first that fits.
    private static readonly (string Begins, string Name, string Remedy)[] s_known =
    [
        ("PK\u0003\u0004", "a zip, as .xlsx and .ods files are",
            "In Excel or LibreOffice save the sheet as CSV; of another archive unpack the table"),
        ("\u00d0\u00cf\u0011\u00e0", "an Excel workbook of the old kind (.xls)", "Save the sheet as CSV"),
        ("\u001f\u008b", "compressed by gzip (so are .rds and .rda files of R)", "Unpack it with gunzip, or in R write it with write.csv"),
        ("BZh91AY&SY", "compressed by bzip2", "Unpack it with bunzip2"),
        ("\u00fd7zXZ", "compressed by xz", "Unpack it with unxz"),
        ("(\u00b5/\u00fd", "compressed by zstd", "Unpack it with unzstd"),
        ("ARROW1\0", "an Arrow file (Feather)", "Write it as Parquet or CSV: pandas.read_feather(...).to_parquet(...)"),
        ("SQLite format 3\0", "a SQLite database", "Write the table as CSV: sqlite3 -header -csv FILE 'select * from TABLE'"),
        ("\u0089HDF", "an HDF5 file", "Write the table as CSV or Parquet"),
        ("%PDF-", "a PDF", "Write the table as CSV"),
    ];

    /// <exception cref="Failure">The file is one of those, or Parquet under another name, or JSON.</exception>
    public static void RequireNone(string path, bool isParquet)
    {
        if (isParquet)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[64];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var start = Encoding.Latin1.GetString(bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)]);
        if (start.StartsWith("PAR1", StringComparison.Ordinal))
        {
            throw Failure.Input($"{path} is a Parquet file. Give it a name that ends in .parquet.");
        }

        // A name in braces or brackets may begin a header; with the ending of JSON it does not.
        var isJson = start.TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n') is ['{' or '[', ..]
            && Path.GetExtension(path).StartsWith(".json", StringComparison.OrdinalIgnoreCase);
        var (_, name, remedy) = isJson
            ? ("", "JSON", "Write its rows as CSV: in Python pandas.read_json(...).to_csv(..., index=False)")
            : s_known.FirstOrDefault(k => start.StartsWith(k.Begins, StringComparison.Ordinal));
        if (name is not null)
        {
            throw Failure.Input($"{path} is {name}; CSV, TSV and Parquet are read. {remedy}.");
        }
    }
}
