using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tool.Columns;

namespace Transfer.MLNet.Tool.Models;

/// <summary>What a model predicts, read off the columns that it gives.</summary>
/// <param name="Kind">Regression, count, binary or multiclass.</param>
/// <param name="Classes">Of a multiclass model, in the order of its scores.</param>
/// <param name="HasProbability">Whether a classifier gives probabilities.</param>
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
            // Scores of naive Bayes are sums of logarithms, and those of nothing else that is stock.
            var isProbability = PlaceInChain.FindLast(
                model.Model, t => t is ISingleFeaturePredictionTransformer<NaiveBayesMulticlassModelParameters>) is null;
            return new ModelTask(TaskKind.Multiclass, Names(model, score), isProbability);
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
            // Classes that are numbers are no names, and ML.NET notes them elsewhere.
            if (score.Annotations.Schema.GetColumnOrNull("TrainingLabelValues") is { Type: VectorDataViewType { ItemType: var item } })
            {
                return item == NumberDataViewType.Single ? Numbers<float>(score)
                    : item == NumberDataViewType.Double ? Numbers<double>(score)
                    : item == NumberDataViewType.Int32 ? Numbers<int>(score) : item == NumberDataViewType.Int64 ? Numbers<long>(score)
                    : item == NumberDataViewType.UInt32 ? Numbers<uint>(score) : item == NumberDataViewType.Byte ? Numbers<byte>(score)
                    : throw NoNames(model);
            }

            throw NoNames(model);
        }

        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        score.GetSlotNames(ref slots);
        return [.. slots.DenseValues().Select(s => s.ToString())];
    }

    private static IReadOnlyList<string> Numbers<T>(DataViewSchema.Column score)
        where T : IFormattable
    {
        var values = default(VBuffer<T>);
        score.Annotations.GetValue("TrainingLabelValues", ref values);
        return [.. values.DenseValues().Select(v => v.ToString(null, System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static Failure NoNames(SavedModel model) => Failure.Input(
        $"{model.Path} does not name its classes (the slots of 'Score'), so that labels cannot be told apart. Train it with a label that "
            + "has key values.");
}
