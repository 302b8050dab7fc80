using Microsoft.ML;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Models;

/// <summary>Moments in files, and rows through the featurisation that lies beside them.</summary>
internal static class MomentsFiles
{
    public static Moments Load(string path)
    {
        if (!File.Exists(path))
        {
            throw Failure.Input($"There is no file '{path}' (from {Environment.CurrentDirectory}).");
        }

        try
        {
            return Moments.Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidDataException)
        {
            throw Failure.Input($"{path} holds no moments that can be read: {e.Message}", e);
        }
    }

    /// <summary>Rows with features and a number as their label.</summary>
    public static (IDataView View, string Label) Rows(Work work, string label, SavedModel featuriser, RowSource source)
    {
        var data = ModelData.Of(work, featuriser, [featuriser.Model], source, label, []);
        var name = data.Rows.LabelName(label);
        var column = PlannedRows.Column(LabelPlan.Of(data.Label!, TaskKind.Regression, null), name);
        var view = featuriser.Model.Transform(data.View(column, work.Cancellation));
        return view.Schema.GetColumnOrNull(Featurisation.Features) is null
            ? throw Failure.Input($"{featuriser.Path} gives no column '{Featurisation.Features}', so it is not a featurisation of this tool ('moments write --new-featurisation').")
            : (view, name);
    }
}
