using Microsoft.ML;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;

namespace Transfer.MLNet.Tool.Models;

/// <summary>The last linear layer of a saved model: what the tool can tune, and start from.</summary>
internal sealed record ModelLayer(TaskKind Task, string FeatureColumn, IReadOnlyList<ITransformer> Before)
{
    /// <summary>Whether it is of trees.</summary>
    public bool OfTrees { get; private init; }

    /// <summary>The last layer that <c>tune</c> moves, linear or of trees.</summary>
    /// <exception cref="Failure">There is none; the message says what there is instead.</exception>
    public static ModelLayer ToTune(SavedModel model) => TransferableModel.Find(model.Model) is { Place: var place, Kind: var kind }
        ? new ModelLayer(
            LinearLayer.TaskOf(place.Transformer) switch
            {
                LayerTask.Regression when place.Transformer is ISingleFeaturePredictionTransformer<PoissonRegressionModelParameters> =>
                    TaskKind.Count,
                LayerTask.Regression => TaskKind.Regression,
                LayerTask.Binary => TaskKind.Binary,
                LayerTask.Multiclass => TaskKind.Multiclass,
                _ => throw Failure.Input($"{model.Path} ends in {LayerInChain.Describe(place.Transformer)}, which ranks: it is neither "
                    + $"a regression nor a classifier."),
            },
            ((ISingleFeaturePredictionTransformer<object>)place.Transformer).FeatureColumnName,
            place.Before)
        { OfTrees = kind is not TransferablePairs }
        : Of(model);

    /// <summary>The last linear layer.</summary>
    /// <exception cref="Failure">There is none; the message says what there is instead.</exception>
    public static ModelLayer Of(SavedModel model)
    {
        if (LayerInChain.Find(model.Model) is not { } found)
        {
            throw Failure.Input($"{model.Path} has no linear predictor, so there is nothing to start from. It consists of: "
                + $"{LayerInChain.Describe(model.Model)}.");
        }

        return new ModelLayer(
            found.Layer.Task switch
            {
                LayerTask.Regression when found.Layer.Scores.Unit == ScoreUnit.LogRate => TaskKind.Count,
                LayerTask.Regression => TaskKind.Regression,
                LayerTask.Binary => TaskKind.Binary,
                LayerTask.Multiclass => TaskKind.Multiclass,
                _ => throw Failure.Input($"{model.Path}: its last linear predictor ({LayerInChain.Describe(found.Layer.Transformer)}) "
                    + $"is neither a regression nor a classifier."),
            },
            found.Layer.FeatureColumn,
            found.Before);
    }

    /// <summary>
    /// What a file's labels are to the model: numbers, two classes, or classes by the names that the model has for them, and new ones.
    /// </summary>
    public LabelPlan Label(SavedModel model, ModelData data, string? positive)
    {
        try
        {
            if (data.Label!.Constant)
            {
                throw Failure.Input($"The label column '{data.Label.Name}' is '{data.Label.Values[0].Key}' in every row: there is "
                    + $"nothing to learn.");
            }

            if (Task != TaskKind.Multiclass)
            {
                return LabelPlan.Known(data.Label, Task, SavedLabel.Of(model).Classes, positive);
            }

            var own = LabelPlan.Of(data.Label, Task, positive);
            var known = Writing.Spelling.To(ModelTask.Of(model, model.Model.GetOutputSchema(data.View(null, CancellationToken.None).Schema))
                .Classes);
            string? Spelled(string text) => own.Spelled(text) is { } value ? known(value) ?? value : null;
            return own with { Classes = [.. own.Classes.Select(c => known(c) ?? c).Distinct(StringComparer.Ordinal)], Spelled = Spelled };
        }
        catch (Failure e) when (e.Exit == Exit.Input)
        {
            throw Failure.Input($"{model.Path} is a {Task.ToString().ToLowerInvariant()} model. {e.Message}", e);
        }
    }

    /// <summary>
    /// The column that a regression's score stands for: the label, or what the model makes of it where its score, the last that it gives,
    /// predicts that.
    /// </summary>
    /// <param name="work">What every command works with.</param>
    /// <param name="model">The model.</param>
    /// <param name="rows">Rows with the label.</param>
    /// <param name="label">The label's column.</param>
    public static string LabelOf(Work work, SavedModel model, IDataView rows, string label)
    {
        var (before, layer, after) = TransferableModel.Find(model.Model) is { Place: var place }
            ? (place.Before, place.Transformer, place.After)
            : LayerInChain.Find(model.Model) is { } found ? (found.Before, found.Layer.Transformer, found.After) : ([], model.Model, []);
        return before.Count == 0 || after.Count > 0 ? label : OwnLabel.Of(
            before, rows.Schema, before.Aggregate(rows, (view, part) => part.Transform(view)), layer, label,
                new StockLog(work.Ml, "evaluate", "label"));
    }

    public IDataView Features(IDataView rows) => Before.Aggregate(rows, (view, part) => part.Transform(view));

    /// <summary>The layer's features by name.</summary>
    public IReadOnlyList<string> FeatureNames(DataViewSchema input) =>
        Slots.Of(Before.Aggregate(input, (schema, part) => part.GetOutputSchema(schema))[FeatureColumn]);
}
