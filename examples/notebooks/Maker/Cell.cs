namespace NotebookMaker;

/// <summary>A cell of a notebook.</summary>
/// <param name="IsCode">Code, or Markdown.</param>
/// <param name="Text">Its lines.</param>
internal sealed record Cell(bool IsCode, string Text)
{
    private const string Fence = "```";
    private const string CodeFence = "```csharp";

    /// <summary>The cells of a Markdown text: fenced C# is code, and what is between is prose.</summary>
    /// <exception cref="FormatException">A fence is not closed.</exception>
    public static IReadOnlyList<Cell> Of(string markdown)
    {
        var cells = new List<Cell>();
        var (lines, inCode) = (new List<string>(), false);
        void End()
        {
            var text = string.Join('\n', lines).Trim('\n');
            if (text.Length > 0)
            {
                cells.Add(new(inCode, text));
            }

            lines.Clear();
        }

        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line == CodeFence || (inCode && line == Fence))
            {
                End();
                inCode = !inCode;
                continue;
            }

            lines.Add(line);
        }

        if (inCode)
        {
            throw new FormatException("A block of C# is not closed.");
        }

        End();
        return cells;
    }
}
