using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tool.Columns;

namespace Transfer.MLNet.Tool.Models;

/// <summary>What a model predicts, read off the columns that it gives.</summary>
/// <param name="Kind">Regression, count, binary or multiclass.</param>
/// <param name="Classes">Of a multiclass model, in the order of its scores.</param>
/// <param name="HasProbability">Whether a binary model gives one.</param>
internal sealed record ModelTask(TaskKind Kind, IReadOnlyList<string> Classes, bool HasProbability)
{
    public static ModelTask Of(SavedModel model, DataViewSchema output)
    {
        if (output.GetColumnOrNull("Score") is not { } score)
        {
            throw Failure.Input($"{model.Path} gives no 'Score', so it predicts nothing: it gives "
                + $"{string.Join(", ", output.Where(c => !c.IsHidden).Select(c => c.Name))}.");
        }

        if (score.Type is VectorDataViewType { Size: > 0 })
        {
            return new ModelTask(TaskKind.Multiclass, Names(model, score), false);
        }

        var isBinary = output.GetColumnOrNull("PredictedLabel") is { Type: BooleanDataViewType };
        var isCount = LayerInChain.Find(model.Model) is { Layer.Scores.Unit: ScoreUnit.LogRate };
        return new ModelTask(isBinary ? TaskKind.Binary : isCount ? TaskKind.Count : TaskKind.Regression, [], isBinary
            && output.GetColumnOrNull("Probability") is not null);
    }

    private static IReadOnlyList<string> Names(SavedModel model, DataViewSchema.Column score)
    {
        if (!score.HasSlotNames())
        {
            throw Failure.Input($"{model.Path} does not name its classes (the slots of 'Score'), so that labels cannot be told apart. "
                + $"Train it with a label that has key values.");
        }

        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        score.GetSlotNames(ref slots);
        return [.. slots.DenseValues().Select(s => s.ToString())];
    }
}
