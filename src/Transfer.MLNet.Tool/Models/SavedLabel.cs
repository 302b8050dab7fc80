using System.Text.Json;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Models;

/// <summary>What a model predicts, as the tool that trained it noted in its schema.</summary>
/// <param name="Name">The label's column; null for a model that has no such note.</param>
/// <param name="Classes">Of two classes the negative and the positive; else empty.</param>
internal sealed record SavedLabel(string? Name, IReadOnlyList<string> Classes)
{
    /// <summary>The column of exposures that the model was trained with; null where it was none.</summary>
    public static string? ExposureOf(SavedModel model) =>
        model.Schema.Select(c => ColumnNotes.Of(c, ColumnNotes.Exposure)).FirstOrDefault(note => note is not null);

    /// <summary>The marks of missing values that it was trained with, beside those that always are.</summary>
    public static IReadOnlyList<string> MissingOf(SavedModel model)
    {
        var note = model.Schema.Select(c => ColumnNotes.Of(c, ColumnNotes.Missing)).FirstOrDefault(n => n is not null);
        try
        {
            return note is null ? [] : JsonSerializer.Deserialize<string[]>(note) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public static SavedLabel Of(SavedModel model)
    {
        foreach (var column in model.Schema)
        {
            if (ColumnNotes.Of(column, ColumnNotes.Predicts) is { } note)
            {
                try
                {
                    return JsonSerializer.Deserialize<string[]>(note) is [var name, .. var classes]
                        ? new SavedLabel(name, classes.Length == 2 ? classes : []) : new SavedLabel(null, []);
                }
                catch (JsonException)
                {
                    return new SavedLabel(null, []);
                }
            }
        }

        return new SavedLabel(null, []);
    }
}
