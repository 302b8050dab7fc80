using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>A condition on the cells of a row: comparisons, joined by and, or and not.</summary>
internal abstract record Condition
{
    public abstract IEnumerable<string> Columns { get; }

    /// <summary>The comparisons that it consists of.</summary>
    public virtual IEnumerable<Comparison> Comparisons => [];

    /// <summary>Whether it holds, row by row.</summary>
    /// <param name="file">The file.</param>
    /// <param name="chunk">Its rows.</param>
    /// <param name="asked">Of which of them the answer matters: a cell of another row may be what cannot be compared.</param>
    public abstract bool[] Of(TableFile file, Chunk chunk, ReadOnlySpan<bool> asked);

    public sealed record All(Condition One, Condition Other) : Condition
    {
        public override IEnumerable<Comparison> Comparisons => One.Comparisons.Concat(Other.Comparisons);

        public override IEnumerable<string> Columns => One.Columns.Concat(Other.Columns);

        public override bool[] Of(TableFile file, Chunk chunk, ReadOnlySpan<bool> asked) =>
            [.. One.Of(file, chunk, asked).Zip(Other.Of(file, chunk, asked), (a, b) => a && b)];
    }

    public sealed record Any(Condition One, Condition Other) : Condition
    {
        public override IEnumerable<Comparison> Comparisons => One.Comparisons.Concat(Other.Comparisons);

        public override IEnumerable<string> Columns => One.Columns.Concat(Other.Columns);

        public override bool[] Of(TableFile file, Chunk chunk, ReadOnlySpan<bool> asked) =>
            [.. One.Of(file, chunk, asked).Zip(Other.Of(file, chunk, asked), (a, b) => a || b)];
    }

    public sealed record Not(Condition One) : Condition
    {
        public override IEnumerable<string> Columns => One.Columns;

        public override bool[] Of(TableFile file, Chunk chunk, ReadOnlySpan<bool> asked) =>
            Array.ConvertAll(One.Of(file, chunk, asked), a => !a);
    }

    public sealed record Missing(string Column) : Condition
    {
        public override IEnumerable<string> Columns => [Column];

        public override bool[] Of(TableFile file, Chunk chunk, ReadOnlySpan<bool> asked)
        {
            var present = new bool[chunk.Count];
            Array.Fill(present, true);
            new RowTest.HasValue(Column).Mark(file, chunk, present);
            return Array.ConvertAll(present, p => !p);
        }
    }

    /// <summary>
    /// A column's cell against a value: as dates where the value is one and the cell too, as numbers where both are, as text by the
    /// spelling of values else. A cell without a value differs from every value, and is neither below nor above one.
    /// </summary>
    public sealed record Comparison(string Column, string Sign, string Value) : Condition
    {
        // What a comparison of text by its order is; a row that it is asked of is an error.
        private const int Incomparable = int.MinValue;

        public override IEnumerable<Comparison> Comparisons => [this];

        public override IEnumerable<string> Columns => [Column];

        public override bool[] Of(TableFile file, Chunk chunk, ReadOnlySpan<bool> asked)
        {
            var column = file.IndexOf(Column, "the condition");
            if (chunk.Starts[column] < 0)
            {
                throw Failure.Input($"{file.Path}: column '{Column}' holds "
                    + $"{file.Unreadable.GetValueOrDefault(Column, "nothing that is read")}, which no condition can be on.");
            }

            var order = file.DateOrderOf(column);
            var ofTexts = chunk.Texts(column).Select(int? (t) => file.Format.IsMissing(t) ? null : Compare(file, t, double.NaN, order))
                .ToArray();
            var number = Number(Value, file.Point.Sign) ?? Number(Value, '.');
            var cells = chunk.Column(column);
            var holds = new bool[chunk.Count];
            for (var r = 0; r < holds.Length; r++)
            {
                var cell = cells[r];
                if (asked[r] && Cell.IsText(cell) && ofTexts[Cell.Place(cell)] == Incomparable)
                {
                    var text = chunk.Texts(column)[Cell.Place(cell)];
                    throw Failure.Input($"{file.Path}, row {chunk.RowNumber(r)}, column '{Column}': '{text}' is compared with "
                        + $"'{Value}', and "
                        + $"both are neither numbers nor dates. Below and above are for these; text is compared with = and !=."
                        + Tool.Columns.SecondHeader.Hint(Column, chunk.RowNumber(r), text));
                }

                int? sign = Cell.IsText(cell) ? ofTexts[Cell.Place(cell)] : double.IsNaN(cell) ? default(int?)
                    : number is { } n ? cell.CompareTo(n) : Compare(file, PlainNumber.Text(cell), cell, order);
                holds[r] = Sign switch
                {
                    "=" => sign == 0,
                    "!=" => sign != 0,
                    "<" => sign < 0,
                    "<=" => sign <= 0,
                    ">" => sign > 0,
                    _ => sign >= 0,
                };
            }

            return holds;
        }

        private int Compare(TableFile file, string text, double number, DateOrder? order)
        {
            // 2026 and 2026-03 are dates where the cell is one.
            var value = Value.Trim();
            var isDate = WrittenDate.TryParse(value, DateOrder.MonthFirst, out var date);
            if (!isDate && value.Length == 4 && int.TryParse(value, out var year) && year is > 1000 and < 3000)
            {
                (isDate, date) = (true, new WrittenDate(new DateTime(year, 1, 1).Ticks, null, false));
            }

            if (isDate && double.IsNaN(number) && WrittenDate.TryParse(text, order, out var own))
            {
                return own.Either && order is null
                    ? throw Failure.Input($"{file.Path}, column '{Column}': whether '{text}' begins with the day or the month does not "
                    + $"show in the file. Give --date-order dmy or --date-order mdy.")
                    : own.Ticks.CompareTo(date.Ticks);
            }

            if (isDate && NumberDate.IsDay(number, out var ticks))
            {
                return ticks.CompareTo(date.Ticks);
            }

            if ((Number(value, file.Point.Sign) ?? Number(value, '.')) is { } wanted && Number(text, file.Point.Sign) is { } found)
            {
                return found.CompareTo(wanted);
            }

            return Sign is "=" or "!="
                ? Spelling.Key(text) == Spelling.Key(value) ? 0 : 1
                : Incomparable;
        }

        private static double? Number(string text, char point) =>
            PlainNumber.TryParse(text, point, out var plain) ? plain : WrittenNumber.TryParse(text, point, out var written) ? written.Value
                : null;
    }
}
