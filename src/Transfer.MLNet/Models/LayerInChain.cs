using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Models;

/// <summary>The last linear predictor of a chain, however deep: itself, what comes before it, and the chain with another in its place.</summary>
internal sealed class LayerInChain
{
    private readonly Func<ITransformer, ITransformer> _replace;

    private LayerInChain(LinearLayer layer, IReadOnlyList<ITransformer> before, IReadOnlyList<ITransformer> after, Func<ITransformer, ITransformer> replace)
    {
        Layer = layer;
        Before = before;
        After = after;
        _replace = replace;
    }

    public LinearLayer Layer { get; }

    /// <summary>What rows go through before they reach the layer, in order.</summary>
    public IReadOnlyList<ITransformer> Before { get; }

    /// <summary>What they go through afterwards.</summary>
    public IReadOnlyList<ITransformer> After { get; }

    /// <summary>What turns the layer's score into a probability later in the chain, as <c>ml.BinaryClassification.Calibrators</c> do; null where nothing does.</summary>
    public ICalibrator? Calibrator => Layer.Task != LayerTask.Binary || Layer.Model is CalibratedModelParametersBase ? null
        : After.OfType<IPredictionTransformer<object>>().FirstOrDefault()?.Model as ICalibrator;

    /// <summary>The last linear predictor, or null where there is none.</summary>
    public static LayerInChain? Find(ITransformer model) => Find(model, [], [], replacement => replacement);

    /// <summary>What the model consists of, for messages: 'A, B, C'.</summary>
    public static string Describe(ITransformer model) => StockModels.TryOpenChain(model, out var parts, out _)
        ? parts.Length == 0 ? "an empty chain" : string.Join(", ", parts.Select(Describe))
        : model is IPredictionTransformer<object> { Model: { } inside } ? $"{NameOf(model.GetType())} of {NameOf(inside.GetType())}"
        : NameOf(model.GetType());

    /// <summary>The same model, every chain in it of the same shape and scopes, with <paramref name="layer"/> in this one's place.</summary>
    public ITransformer Replace(ITransformer layer) => _replace(layer);

    private static LayerInChain? Find(
        ITransformer model, IReadOnlyList<ITransformer> before, IReadOnlyList<ITransformer> after, Func<ITransformer, ITransformer> replace)
    {
        if (!StockModels.TryOpenChain(model, out var parts, out var scopes))
        {
            return LinearLayer.Of(model) is { } layer ? new LayerInChain(layer, before, after, replace) : null;
        }

        for (var i = parts.Length - 1; i >= 0; i--)
        {
            var at = i;
            var found = Find(
                parts[at],
                [.. before, .. parts[..at]],
                [.. parts[(at + 1)..], .. after],
                replacement => replace(Rebuild(model, [.. parts[..at], replacement, .. parts[(at + 1)..]], scopes)));
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    // A chain names the type of its last part; it stays that type where the new last part is of it, so that casts go on working.
    private static ITransformer Rebuild(ITransformer chain, ITransformer[] parts, TransformerScope[] scopes)
    {
        var last = chain.GetType().GetGenericArguments()[0];
        return last.IsInstanceOfType(parts[^1])
            ? (ITransformer)Activator.CreateInstance(chain.GetType(), parts.AsEnumerable(), scopes.AsEnumerable())!
            : new TransformerChain<ITransformer>(parts, scopes);
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
