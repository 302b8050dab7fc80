namespace Transfer.MLNet.Tool.Tables;

/// <summary>
/// A text without the blanks before and after cells: "3, "Ulm, Donau"" has its quote where a cell begins, and cells that several blanks
/// divide are divided by one.
/// </summary>
internal sealed class BlanksLeftOut(TextReader text, char delimiter) : TextReader
{
    private bool _inQuotes;
    private bool _atStart = true;
    private bool _afterQuotes;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        while (buffer.Length > 0)
        {
            var read = text.Read(buffer);
            if (read == 0)
            {
                return 0;
            }

            var kept = 0;
            foreach (var c in buffer[..read])
            {
                if (Keeps(c))
                {
                    buffer[kept++] = c;
                }
            }

            if (kept > 0)
            {
                return kept;
            }
        }

        return 0;
    }

    public override int Read()
    {
        Span<char> one = stackalloc char[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    public override int Peek() => -1;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            text.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Keeps(char c)
    {
        if (_inQuotes)
        {
            _inQuotes = c != '"';
            _afterQuotes = !_inQuotes;
            return true;
        }

        if (c == '"' && (_atStart || _afterQuotes))
        {
            _inQuotes = true;
            _atStart = _afterQuotes = false;
            return true;
        }

        var blank = c == ' ' || (c == '\t' && delimiter != '\t');
        if (blank && (_atStart || (_afterQuotes && delimiter != ' ')))
        {
            return false;
        }

        _afterQuotes = false;
        _atStart = c == delimiter || c is '\n' or '\r';
        return true;
    }
}
