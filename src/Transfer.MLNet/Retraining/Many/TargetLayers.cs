using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>The layers of many targets, apart from what they share: all that a file of them has to hold.</summary>
/// <param name="Original">The model that was moved.</param>
/// <param name="Columns">Label and features of the layer.</param>
/// <param name="Scores">Of a target's layer; null where the target has the model that was given.</param>
internal sealed record TargetLayers(ITransformer Original, TaskColumns Columns, Func<int, RoundedScores?> Scores)
{
    /// <summary>What gives a tuned model other scores.</summary>
    /// <param name="environment">Where the models live.</param>
    /// <param name="tuned">One of the models of these targets.</param>
    /// <param name="schema">Of the rows that it takes.</param>
    /// <param name="columns">Label and features of its layer.</param>
    /// <exception cref="FormatException">It has no linear layer, or one of another size.</exception>
    public static Func<RoundedScores, ITransformer> In(
        IHostEnvironment environment, ITransformer tuned, DataViewSchema schema, TaskColumns columns)
    {
        if (LayerInChain.Find(tuned) is not { } found || LearningTask.Of(found.Layer) is not { } task)
        {
            throw new FormatException("it has no linear layer");
        }

        foreach (var transformer in found.Before)
        {
            schema = transformer.GetOutputSchema(schema);
        }

        var outputs = found.Layer.Scores.Intercepts.Length;
        var keys = task is MulticlassTask ? found.Layer.Classes() ?? ClassKeys.Unnamed(outputs) : null;
        return scores =>
        {
            if (scores.Intercepts.Length != outputs || scores.Weights[0].Length != found.Layer.FeatureCount)
            {
                throw new FormatException(
                    $"its layer has {outputs} x {found.Layer.FeatureCount} weights, those of its targets {scores.Intercepts.Length} x "
                    + $"{scores.Weights[0].Length}");
            }

            var moved = task.Transformer(environment, scores, schema, columns, keys, found);
            return Contributions.Renew(environment, found.Replace(moved), moved, found.After, schema, log: null);
        };
    }
}
