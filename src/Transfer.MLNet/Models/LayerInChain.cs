using Microsoft.ML;
using Microsoft.ML.Calibrators;

namespace Transfer.MLNet.Models;

/// <summary>
/// The last linear predictor of a chain, however deep: itself, what comes before it, and the chain with another in its place.
/// </summary>
internal sealed class LayerInChain
{
    private readonly PlaceInChain _place;

    private LayerInChain(LinearLayer layer, PlaceInChain place)
    {
        Layer = layer;
        _place = place;
    }

    public LinearLayer Layer { get; }

    /// <summary>What rows go through before they reach the layer, in order.</summary>
    public IReadOnlyList<ITransformer> Before => _place.Before;

    /// <summary>What they go through afterwards.</summary>
    public IReadOnlyList<ITransformer> After => _place.After;

    /// <summary>
    /// What turns the layer's score into a probability later in the chain, as <c>ml.BinaryClassification.Calibrators</c> do; null where
    /// nothing does.
    /// </summary>
    public ICalibrator? Calibrator => Layer.Task != LayerTask.Binary || Layer.Model is CalibratedModelParametersBase ? null
        : After.OfType<IPredictionTransformer<object>>().FirstOrDefault()?.Model as ICalibrator;

    /// <summary>The last linear predictor, or null where there is none.</summary>
    public static LayerInChain? Find(ITransformer model) => PlaceInChain.FindLast(model, t => LinearLayer.Of(t) is not null) is { } place
        ? new LayerInChain(LinearLayer.Of(place.Transformer)!, place) : null;

    /// <summary>What the model consists of, for messages: 'A, B, C'.</summary>
    public static string Describe(ITransformer model) => StockModels.TryOpenChain(model, out var parts, out _)
        ? parts.Length == 0 ? "an empty chain" : string.Join(", ", parts.Select(Describe))
        : model is IPredictionTransformer<object> { Model: { } inside } ? $"{NameOf(model.GetType())} of {NameOf(inside.GetType())}"
        : NameOf(model.GetType());

    /// <summary>
    /// The same model, every chain in it of the same shape and scopes, with <paramref name="layer"/> in this one's place.
    /// </summary>
    public ITransformer Replace(ITransformer layer) => _place.Replace(layer);

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
