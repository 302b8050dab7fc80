using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>Whether a row is taken: the same row the same answer, in every pass.</summary>
internal abstract class RowTest
{
    /// <summary>The columns that it looks at.</summary>
    public abstract IEnumerable<string> Columns { get; }

    /// <summary>What somebody may have meant by a value that no row has; empty where nothing is near.</summary>
    public virtual string Hint(TableFile file) => "";

    /// <summary>Clears what does not pass.</summary>
    public abstract void Mark(TableFile file, Chunk chunk, Span<bool> kept);

    /// <summary>Which rows pass all tests.</summary>
    public static bool[] Kept(IEnumerable<RowTest> tests, TableFile file, Chunk chunk)
    {
        var kept = new bool[chunk.Count];
        Array.Fill(kept, true);
        foreach (var test in tests)
        {
            test.Mark(file, chunk, kept);
        }

        return kept;
    }

    /// <summary>Rows with a value in a column.</summary>
    public sealed class HasValue(string column) : RowTest
    {
        public override IEnumerable<string> Columns => [column];

        public override void Mark(TableFile file, Chunk chunk, Span<bool> kept)
        {
            var index = file.IndexOf(column);
            var cells = chunk.Column(index);
            for (var r = 0; r < kept.Length; r++)
            {
                kept[r] &= !Cell.IsMissing(cells[r])
                    && !(Cell.IsText(cells[r]) && file.Format.IsMissing(chunk.Texts(index)[Cell.Place(cells[r])]));
            }
        }
    }

    /// <summary>A share of the rows, by chance.</summary>
    /// <param name="share">How many.</param>
    /// <param name="seed">What chance is drawn from.</param>
    /// <param name="held">Whether those rows are wanted, or the others.</param>
    public sealed class ByChance(double share, int seed, bool held) : RowTest
    {
        public override IEnumerable<string> Columns => [];

        public override void Mark(TableFile file, Chunk chunk, Span<bool> kept)
        {
            for (var r = 0; r < kept.Length; r++)
            {
                kept[r] &= (Uniform(seed, (ulong)chunk.RowNumber(r)) < share) == held;
            }
        }
    }

    /// <summary>A share of a column's values, by chance, with all rows that have them: a customer's rows stay together.</summary>
    public sealed class ByGroup(string column, double share, int seed, bool held) : RowTest
    {
        public override IEnumerable<string> Columns => [column];

        public override void Mark(TableFile file, Chunk chunk, Span<bool> kept)
        {
            var index = file.IndexOf(column, "--group");
            for (var r = 0; r < kept.Length; r++)
            {
                kept[r] &= (Uniform(seed, Hash(Spelling.Key(chunk.Text(index, r)))) < share) == held;
            }
        }

        // FNV-1a, which is the same on every machine and in every run.
        private static ulong Hash(string text)
        {
            var hash = 14695981039346656037UL;
            foreach (var c in text)
            {
                hash = unchecked((hash ^ c) * 1099511628211UL);
            }

            return hash;
        }
    }

    /// <summary>Rows of which a condition holds, or does not hold.</summary>
    public sealed class ByCondition(Condition condition, bool holds) : RowTest
    {
        public override IEnumerable<string> Columns => condition.Columns;

        // The first rows have most values.
        public override string Hint(TableFile file) => !holds ? ""
            : string.Concat(condition.Comparisons.Where(c => c.Sign == "=")
            .Select(c => Hint(c, file.Sample.Texts(file.IndexOf(c.Column)))));

        private static string Hint(Condition.Comparison typed, IReadOnlyList<string> known) =>
            known.Any(k => Spelling.Key(k) == Spelling.Key(typed.Value)) ? "" : Nearest.Hint(typed.Value, known);

        public override void Mark(TableFile file, Chunk chunk, Span<bool> kept)
        {
            var answers = condition.Of(file, chunk, kept);
            for (var r = 0; r < kept.Length; r++)
            {
                kept[r] &= answers[r] == holds;
            }
        }
    }

    // SplitMix64 (Steele, Lea and Flood 2014).
    private static double Uniform(int seed, ulong row)
    {
        var z = unchecked(((ulong)(uint)seed << 32) + (row * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
