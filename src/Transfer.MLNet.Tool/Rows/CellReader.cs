using System.Runtime.CompilerServices;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>The values of one column of cells, chunk after chunk. Each text of a chunk is read once, however many rows have it.</summary>
internal abstract class CellReader
{
    protected TableFile File { get; private set; } = null!;

    protected Chunk Chunk { get; private set; } = null!;

    protected int Column { get; private set; }

    /// <summary>Goes on to other rows.</summary>
    public void Enter(TableFile file, Chunk chunk, string name)
    {
        (File, Chunk, Column) = (file, chunk, file.IndexOf(name));
        if (chunk.Starts[Column] < 0)
        {
            throw Failure.Input($"{file.Path}: column '{name}' holds {file.Unreadable.GetValueOrDefault(name, "what was not read")}, "
                + $"which has no place in a table of numbers, text and dates. Write it otherwise, or leave it out.");
        }

        Begin();
    }

    protected abstract void Begin();

    protected string Place(int row) => $"{File.Path}, row {Chunk.RowNumber(row)}, column '{File.Names[Column]}'";

    internal sealed class Numbers : CellReader
    {
        // No number, no text and not missing: a cell that cannot be read as one.
        private static readonly double s_bad = Cell.OfText(0);

        private double[] _cells = [];
        private double[] _ofTexts = [];
        private int _start;

        public double Of(int row)
        {
            var cell = _cells[_start + row];
            if (!double.IsNaN(cell))
            {
                return cell;
            }

            if (!Cell.IsText(cell))
            {
                return double.NaN;
            }

            cell = _ofTexts[Cell.Place(cell)];
            return Cell.IsText(cell) ? throw NoNumber(row) : cell;
        }

        // A missing value is NaN and stays so; a cell that Single cannot hold would become infinity, and spoil its column's mean without a
        // word.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Single(int row)
        {
            // Most cells are numbers that Single holds; what is none is looked at again.
            var plain = (float)_cells[_start + row];
            return float.IsFinite(plain) ? plain : Rare(row);
        }

        private float Rare(int row)
        {
            var number = Of(row);
            var single = (float)number;
            return float.IsInfinity(single) ? throw Failure.Input(
                $"{Place(row)}: '{Chunk.Text(Column, row).ToLowerInvariant()}' is beyond 3.4e38, the most that ML.NET's numbers hold. "
                + $"Correct it, write the column in a larger unit, or name the cell as a mark of missing values (--missing "
                + $"\"{Chunk.Text(Column, row)}\").") : single;
        }

        public float AboveZero(int row)
        {
            var number = Single(row);
            return number > 0 ? number
                : throw Failure.Input($"{Place(row)}: "
                + $"{(float.IsNaN(number) ? "there is no exposure" : $"the exposure is '{Chunk.Text(Column, row)}'")}, "
                + $"and it must be above zero. Correct it, or leave such rows out: --where "
                + $"'[{File.Names[Column]}] > 0'.");
        }

        public long Whole(int row, long least, long most)
        {
            var number = Of(row);
            return number == Math.Truncate(number) && number >= least && number <= most
                ? (long)number
                : throw Failure.Input($"{Place(row)}: '{Chunk.Text(Column, row)}' is no whole number, which the model asks for here.");
        }

        protected override void Begin()
        {
            (_cells, _start) = (Chunk.Cells, Chunk.Starts[Column]);
            _ofTexts = [.. Chunk.Texts(Column).Select(t => File.Format.IsMissing(t) ? double.NaN
                : PlainNumber.TryParse(t, File.Point.Sign, out var plain) ? File.Format.IsMissing(plain) ? double.NaN : plain
                : WrittenNumber.TryParse(t, File.Point.Sign, out var written) ? File.Format.IsMissing(written.Value) ? double.NaN
                : written.Value
                : s_bad)];
        }

        private Failure NoNumber(int row) => Failure.Input($"{Place(row)}: '{Chunk.Text(Column, row)}' is not a number. "
            + $"Correct it, name it as a mark of missing values (--missing \"{Chunk.Text(Column, row)}\"), or read the column as "
            + $"categories (--category \"{File.Names[Column]}\").");
    }

    internal sealed class Dates(IReadOnlyDictionary<string, DateOrder>? orders) : CellReader
    {
        private long[] _ofTexts = [];

        /// <summary>The first instant of all where the cell has no value, which no date of a table is.</summary>
        public DateTime Of(int row)
        {
            var cell = Chunk.At(Column, row);
            if (Cell.IsMissing(cell))
            {
                return default;
            }

            var ticks = Cell.IsText(cell) ? _ofTexts[Cell.Place(cell)] : NumberDate.TryTicks(cell, out var ofNumber) ? ofNumber : -1;
            return ticks >= 0 ? new DateTime(ticks)
                : throw Failure.Input($"{Place(row)}: '{Chunk.Text(Column, row)}' is no date (2026-03-14, 14.3.2026, Mar 14 2026, with "
                + $"a time or without). "
                + $"Correct it, or leave the column out: --ignore \"{File.Names[Column]}\".");
        }

        protected override void Begin()
        {
            DateOrder? order = orders is not null && orders.TryGetValue(File.Path, out var known) ? known : File.DateOrderOf(Column);
            _ofTexts = [.. Chunk.Texts(Column).Select(
                t => File.Format.IsMissing(t) ? 0 : WrittenDate.TryParse(t, order, out var date) ? date.Ticks
                : PlainNumber.TryParse(t, File.Point.Sign, out var number) && NumberDate.TryTicks(number, out var ticks) ? ticks : -1)];
        }
    }

    internal sealed class Words(Func<string, string?>? spelled, bool asItStands = false) : CellReader
    {
        private readonly Dictionary<double, string> _ofNumbers = [];
        private string[] _ofTexts = [];

        /// <summary>Empty where the cell has no value.</summary>
        public string Of(int row)
        {
            var cell = Chunk.At(Column, row);
            if (Cell.IsText(cell))
            {
                return _ofTexts[Cell.Place(cell)];
            }

            if (double.IsNaN(cell))
            {
                return "";
            }

            if (!_ofNumbers.TryGetValue(cell, out var text))
            {
                text = Spelt(PlainNumber.Text(cell));
                _ofNumbers[cell] = text;
            }

            return text;
        }

        protected override void Begin() => _ofTexts = [
            .. Chunk.Texts(Column).Select(t => asItStands ? t : File.Format.IsMissing(t) ? "" : Spelt(t))];

        private string Spelt(string text) => spelled?.Invoke(text) ?? text;
    }

    /// <summary>The place of a value among the classes, from 1; 0 where it is none of them.</summary>
    internal sealed class Keys(IReadOnlyList<string> classes, Func<string, string?>? spelled) : CellReader
    {
        private readonly Dictionary<string, uint> _keys = classes.Select((c, i) => (c, i))
            .ToDictionary(p => p.c, p => (uint)p.i + 1, StringComparer.Ordinal);
        private readonly Words _words = new(spelled);

        public uint Of(int row) => _keys.GetValueOrDefault(_words.Of(row));

        /// <summary>For two classes: whether it is the second.</summary>
        public bool Truth(int row) => Of(row) switch
        {
            1 => false,
            2 => true,
            _ => throw Failure.Input($"{Place(row)}: '{Chunk.Text(Column, row)}' is neither '{classes[1]}' nor '{classes[0]}'."),
        };

        protected override void Begin() => _words.Enter(File, Chunk, File.Names[Column]);
    }
}
