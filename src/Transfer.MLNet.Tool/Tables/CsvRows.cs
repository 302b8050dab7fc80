using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Sylvan.Data.Csv;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>Rows of a text file, held to its header: a row with more or fewer cells is an error and never filled up.</summary>
internal sealed class CsvRows : TableReader
{
    // The longest row. A quote that is never closed takes in the rest of the file, and ends here in a large one.
    private const int LongestRow = 1 << 24;

    private const int BufferSize = 1 << 16;

    private readonly FileStream _file;
    private readonly CsvDataReader _reader;
    private readonly TableFormat _format;
    private readonly TextManner _manner;
    private readonly char _point;
    private readonly string[] _names;
    private readonly long _length;

    // The row that told how many columns there are is data, and stands to be read once more.
    private bool _again;
    private int _row;

    public CsvRows(string path, TableFormat format, TextManner manner, char point)
        : base(path)
    {
        _format = format;
        _manner = manner;
        _point = point;
        _row = manner.NamesDelimiter ? 1 : 0;
        var options = new CsvDataReaderOptions
        {
            HasHeaders = false,
            Delimiter = manner.Delimiter,
            CsvStyle = CsvStyle.Standard,
            // Sylvan leaves out lines that start with #, which are data here.
            Comment = '\0',
            BufferSize = BufferSize,
            MaxBufferSize = LongestRow,
        };
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize,
            FileOptions.SequentialScan);
        _length = _file.CanSeek ? _file.Length : 0;
        try
        {
            _reader = CsvDataReader.Create(manner.Open(_file, BufferSize), options);
            _names = ReadHeader();
        }
        catch (CsvConfigurationException e)
        {
            // Of a line sep= or of --delimiter: quotes, ends of lines, and what is not ASCII.
            _file.Dispose();
            throw Failure.Input($"{path}: {Delimiter.NameOf(manner.Delimiter)} cannot stand between cells. Give "
                + $"--delimiter, comma or tab for instance{(manner.NamesDelimiter ? ", or mend the file's first line" : "")}.", e);
        }
        catch (Exception e)
        {
            _file.Dispose();
            throw IsAboutText(e) ? Broken(e, _row + 1) : e;
        }
    }

    public override IReadOnlyList<string> Names => _names;

    public override double Share => _length == 0 ? 0 : (double)_file.Position / _length;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Chunk? Next(IReadOnlyList<ColumnMode> modes, int mostRows = int.MaxValue)
    {
        var chunk = new Chunk(_names.Length, [.. modes.Select(m => m == ColumnMode.Skip)]);
        while (!chunk.IsFull && chunk.Count < mostRows && Read())
        {
            for (var i = 0; i < _names.Length; i++)
            {
                if (modes[i] != ColumnMode.Skip)
                {
                    Take(chunk, i, _reader.GetFieldSpan(i), modes[i] == ColumnMode.Raw);
                }
            }

            chunk.EndRow(_row);
        }

        chunk.Close();
        return chunk.Count == 0 ? null : chunk;
    }

    public override void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(Chunk chunk, int column, ReadOnlySpan<char> cell, bool raw)
    {
        if (cell.Length > 0 && (cell[0] <= ' ' || cell[^1] <= ' '))
        {
            cell = cell.Trim();
        }

        if (!raw && cell.Length > 0 && cell[0] <= '9' && PlainNumber.TryParse(cell, _point, out var number))
        {
            chunk.Set(column, _format.IsMissing(number) ? Cell.Missing : number);
        }
        else if (!raw && _format.IsMissing(cell))
        {
            chunk.Set(column, Cell.Missing);
        }
        else
        {
            chunk.Set(column, cell);
        }
    }

    private bool Read()
    {
        while (NextRow())
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

            // Blanks at a line's end are no cell.
            if (_manner.Delimiter == ' ' && _reader.RowFieldCount == _names.Length + 1 && _reader.GetFieldSpan(_names.Length).IsEmpty)
            {
                return true;
            }

            var last = _reader.GetFieldSpan(_reader.RowFieldCount - 1);
            throw Failure.Input($"{Path}, row {_row}: {Cells(_reader.RowFieldCount)}, but the header has {_names.Length}; the last cell is "
                + $"'{last}'. A cell that holds {Delimiter.NameOf(_manner.Delimiter)} must stand in double quotes, without a blank "
                + $"before them.");
        }

        return false;
    }

    private string[] ReadHeader()
    {
        if (!NextRow())
        {
            throw Failure.Input($"{Path} is empty: it has not even a header.");
        }

        var cells = RowCells();
        if (!_format.HasHeader)
        {
            _again = true;
            return [.. cells.Select((_, i) => $"column{i + 1}")];
        }

        if (cells is [var only] && Delimiter.Of(only, "") is var other && other != _manner.Delimiter
            && only.Contains(other, StringComparison.Ordinal))
        {
            throw Failure.Input($"{Path}, row 1: read with {Delimiter.NameOf(_manner.Delimiter)} there is one column only, '{only}'. It "
                + $"looks separated by "
                + $"{Delimiter.NameOf(other)}: leave --delimiter out, or give the right one.");
        }

        if (cells.All(c => PlainNumber.TryParse(c, _point, out _)))
        {
            throw Failure.Input($"{Path}, row 1: every name is a number ({string.Join(", ", cells.Take(5))}), so this looks like data "
                + $"without a header. "
                + "Give --no-header (columns are then column1, column2, ...), or add a header.");
        }

        if (_manner.Delimiter == ' ' && cells.Length > 1 && cells[^1].Length == 0)
        {
            cells = cells[..^1];
        }

        _again = NextRow();
        var below = _again ? RowCells() : [];
        return Header.Names(Path, cells, _manner.Delimiter == ' ' && below.Length == cells.Length + 1 && below[^1].Length == 0 ? below[..^1]
            : below);
    }

    private string[] RowCells()
    {
        var cells = new string[_reader.RowFieldCount];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = _reader.GetFieldSpan(i).Trim().ToString();
        }

        return cells;
    }

    private bool NextRow()
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

    private static bool IsAboutText(Exception e) => e is CsvFormatException or CsvRecordTooLargeException or DecoderFallbackException;

    private Failure Broken(Exception e, int row) => e is DecoderFallbackException ? NotDecoded(e) : e is CsvRecordTooLargeException
        ? Failure.Input($"{Path}, row {row}: it is longer than {LongestRow / 1024 / 1024} million characters. Mostly a double quote is "
        + $"opened there and never closed.", e)
        : Failure.Input($"{Path}, row {row}: the double quotes do not match ({e.Message}). A quote within a quoted cell is written "
        + $"twice: \"\".", e);

    // The reader is ahead of the rows; the line is looked for anew. In Latin-1 each byte is one character.
    private Failure NotDecoded(Exception e)
    {
        if (_manner.Encoding is UnicodeEncoding)
        {
            return Failure.Input($"{Path} looks like UTF-16, but is not whole: {e.Message} Save it as UTF-8.", e);
        }

        long line = 0;
        var found = "";
        foreach (var text in File.ReadLines(Path, Encoding.Latin1))
        {
            line++;
            if (!Utf8.IsValid(Encoding.Latin1.GetBytes(text)))
            {
                var start = Math.Max(0, text.AsSpan().IndexOfAnyExceptInRange('\0', '\x7f') - 20);
                found = TextEncoding.Western.GetString(Encoding.Latin1.GetBytes(text.Substring(start, Math.Min(40, text.Length - start))));
                break;
            }
        }

        return Failure.Input($"{Path}, line {line}: it is not "
            + $"{(_manner.Encoding is UTF8Encoding ? "UTF-8" : _manner.Encoding.WebName)}; read as "
            + $"windows-1252 it has '{found}'. If that is what it should be: --encoding windows-1252 (or latin1, or another name of IANA's "
            + $"list). Else save the file as UTF-8.", e);
    }

    private static string Cells(int count) => count == 1 ? "1 cell" : $"{count} cells";
}
