using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Sylvan.Data.Csv;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>Rows of a text file, held to its header: a row with more or fewer cells is an error and never filled up.</summary>
internal sealed class CsvRows : TableReader
{
    // The longest row. A quote that is never closed takes in the rest of the file, and ends here in a large one.
    private const int LongestRow = 1 << 24;

    private const int BufferSize = 1 << 16;

    private readonly CsvDataReader _reader;
    private readonly TableFormat _format;
    private readonly char _delimiter;
    private readonly string[] _names;

    public CsvRows(string path, TableFormat format)
        : base(path)
    {
        _format = format;
        _delimiter = format.Delimiter ?? Delimiter.OfFile(path);
        var options = new CsvDataReaderOptions
        {
            HasHeaders = false,
            Delimiter = _delimiter,
            CsvStyle = CsvStyle.Standard,
            // Sylvan leaves out lines that start with #, which are data here.
            Comment = '\0',
            BufferSize = BufferSize,
            MaxBufferSize = LongestRow,
        };
        // Strict: bytes that are no UTF-8 (nor what a byte order mark says) would else become question marks, and other names and categories.
        var text = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, BufferSize);
        try
        {
            _reader = CsvDataReader.Create(text, options);
        }
        catch (Exception e) when (IsAboutText(e))
        {
            text.Dispose();
            throw Broken(e, 1);
        }

        _names = Header();
    }

    public override IReadOnlyList<string> Names => _names;

    public override long Row => _row;

    public override bool Read()
    {
        while (Next())
        {
            if (_reader.RowFieldCount == _names.Length)
            {
                return true;
            }

            // An empty line, mostly the last.
            if (_reader.RowFieldCount == 0 || (_reader.RowFieldCount == 1 && _reader.GetFieldSpan(0).IsWhiteSpace()))
            {
                continue;
            }

            throw Failure.Input($"{Path}, row {Row}: {Cells(_reader.RowFieldCount)}, but the header has {_names.Length}; the last cell is "
                + $"'{_reader.GetFieldSpan(_reader.RowFieldCount - 1)}'. A cell that holds {Delimiter.NameOf(_delimiter)} must stand in double quotes.");
        }

        return false;
    }

    public override ReadOnlySpan<char> Text(int column) => _reader.GetFieldSpan(column);

    public override bool IsMissing(int column) => _format.IsMissing(_reader.GetFieldSpan(column));

    public override bool TryNumber(int column, out double value)
    {
        var cell = _reader.GetFieldSpan(column);
        if (!_format.IsMarked(cell) && TryParse(cell, out value))
        {
            return true;
        }

        value = double.NaN;
        return _format.IsMissing(cell);
    }

    public override void Dispose() => _reader.Dispose();

    private string[] Header()
    {
        if (!Next())
        {
            throw Failure.Input($"{Path} is empty: it has not even a header.");
        }

        var cells = new string[_reader.RowFieldCount];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = _reader.GetFieldSpan(i).Trim().ToString();
        }

        if (!_format.HasHeader)
        {
            _again = true;
            return [.. cells.Select((_, i) => $"column{i + 1}")];
        }

        if (cells is [var only] && Delimiter.Of(only) is var other && other != _delimiter && only.Contains(other, StringComparison.Ordinal))
        {
            throw Failure.Input($"{Path}, row 1: read with {Delimiter.NameOf(_delimiter)} there is one column only, '{only}'. It looks separated by "
                + $"{Delimiter.NameOf(other)}: leave --delimiter out, or give the right one.");
        }

        if (cells.All(c => TryParse(c, out _)))
        {
            throw Failure.Input($"{Path}, row 1: every name is a number ({string.Join(", ", cells.Take(5))}), so this looks like data without a header. "
                + "Give --no-header (columns are then column1, column2, ...), or add a header.");
        }

        return cells;
    }

    // Without a header the row that told how many columns there are is data, and stands to be read once more.
    private bool _again;
    private long _row;

    private bool Next()
    {
        if (_again)
        {
            _again = false;
            return true;
        }

        try
        {
            var read = _reader.Read();
            _row += read ? 1 : 0;
            return read;
        }
        catch (Exception e) when (IsAboutText(e))
        {
            throw Broken(e, _row + 1);
        }
    }

    private bool TryParse(ReadOnlySpan<char> cell, out double value)
    {
        if (!_format.DecimalComma)
        {
            return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        Span<char> pointed = stackalloc char[64];
        value = double.NaN;
        if (cell.Length > pointed.Length || cell.Contains('.'))
        {
            return false;
        }

        cell.Replace(pointed, ',', '.');
        return double.TryParse(pointed[..cell.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static bool IsAboutText(Exception e) => e is CsvFormatException or CsvRecordTooLargeException or DecoderFallbackException;

    private Failure Broken(Exception e, long row) => e is DecoderFallbackException ? NotUtf8(e) : e is CsvRecordTooLargeException
        ? Failure.Input($"{Path}, row {row}: it is longer than {LongestRow / 1024 / 1024} million characters. Mostly a double quote is opened there and never closed.", e)
        : Failure.Input($"{Path}, row {row}: the double quotes do not match ({e.Message}). A quote within a quoted cell is written twice: \"\".", e);

    // The reader is ahead of the rows; the line is looked for anew. In Latin-1 each byte is one character.
    private Failure NotUtf8(Exception e)
    {
        long line = 0;
        var found = "";
        foreach (var text in File.ReadLines(Path, Encoding.Latin1))
        {
            line++;
            if (!Utf8.IsValid(Encoding.Latin1.GetBytes(text)))
            {
                var start = Math.Max(0, text.AsSpan().IndexOfAnyExceptInRange('\0', '\x7f') - 20);
                found = text.Substring(start, Math.Min(40, text.Length - start));
                break;
            }
        }

        return Failure.Input($"{Path}, line {line}: it is not UTF-8; read as Latin-1 it has '{found}'. Save the file as UTF-8 (iconv -f LATIN1 -t UTF-8, or the program that wrote it).", e);
    }

    private static string Cells(int count) => count == 1 ? "1 cell" : $"{count} cells";
}
