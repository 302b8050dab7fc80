using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Models;

/// <summary>The label's column of a file whose task a model has settled.</summary>
internal static class FileLabel
{
    /// <summary>What the file's own values make of it, held to the model's task.</summary>
    public static LabelPlan Of(TableFile file, string label, TaskKind task, string model, string? positive, CancellationToken cancellation)
    {
        var profile = Profile(file, label, cancellation);
        try
        {
            return LabelPlan.Of(profile, task, positive);
        }
        catch (Failure e)
        {
            throw Failure.Input($"{model} is a {task.ToString().ToLowerInvariant()} model. {e.Message}", e);
        }
    }

    /// <summary>The same against a model's own classes, in their order; a label that it does not know has no probability.</summary>
    public static LabelPlan Known(TableFile file, string label, ModelTask task, string model, string? positive, CancellationToken cancellation)
    {
        if (task.Kind != TaskKind.Multiclass)
        {
            return Of(file, label, task.Kind, model, positive, cancellation);
        }

        var profile = Profile(file, label, cancellation);
        return profile.Values.FirstOrDefault(v => !task.Classes.Contains(v.Key)) is { Key: { } unknown } value
            ? throw Failure.Input($"{file.Path}, column '{label}': '{unknown}' ({value.Value} rows) is no class of {model}, which has {Names.Of(task.Classes)}. "
                + "Leave those rows out, or evaluate a model that knows the class.")
            : new LabelPlan(label, TaskKind.Multiclass, task.Classes);
    }

    private static ColumnProfile Profile(TableFile file, string label, CancellationToken cancellation)
    {
        using var reader = file.Open();
        var index = reader.Names.ToList().IndexOf(label);
        if (index < 0)
        {
            throw Failure.Input($"{file.Path} has no column '{label}', which --label names; it has: {Names.Of(reader.Names)}.");
        }

        var profile = new ColumnProfile(label);
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            profile.Add(reader, index);
        }

        return profile.Rows == 0 ? throw Failure.Input($"{file.Path} has a header and no rows.") : profile;
    }
}
