using System.Globalization;

namespace Transfer.MLNet.Tests.Theory;

/// <summary>A table of reference numbers under Reference/: computed elsewhere, in other code and higher precision.</summary>
internal sealed class ReferenceTable
{
    private readonly Dictionary<string, int> _columns;

    private ReferenceTable(string[] header, string[][] rows)
    {
        _columns = header.Select((name, i) => (name, i)).ToDictionary(x => x.name, x => x.i);
        Rows = [.. rows.Select(r => new Line(this, r))];
    }

    public IReadOnlyList<Line> Rows { get; }

    public static ReferenceTable Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Reference", name));
        return new ReferenceTable(lines[0].Split(','), [.. lines.Skip(1).Select(l => l.Split(','))]);
    }

    public sealed class Line(ReferenceTable table, string[] cells)
    {
        public double this[string column] => double.Parse(
            cells[table._columns[column]].Replace("inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);

        public override string ToString() => string.Join(", ", cells);
    }
}
