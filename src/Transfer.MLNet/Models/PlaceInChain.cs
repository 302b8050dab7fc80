using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Models;

/// <summary>
/// A transformer in a chain, however deep: itself, what comes before and after it, and the chain with another in its place.
/// </summary>
internal sealed class PlaceInChain
{
    private readonly Func<ITransformer, ITransformer> _replace;

    private PlaceInChain(ITransformer transformer, IReadOnlyList<ITransformer> before, IReadOnlyList<ITransformer> after,
        Func<ITransformer, ITransformer> replace)
    {
        Transformer = transformer;
        Before = before;
        After = after;
        _replace = replace;
    }

    public ITransformer Transformer { get; }

    /// <summary>What rows go through before they reach it, in order.</summary>
    public IReadOnlyList<ITransformer> Before { get; }

    /// <summary>What they go through afterwards.</summary>
    public IReadOnlyList<ITransformer> After { get; }

    /// <summary>The last transformer, no chain itself, that is wanted; null where there is none.</summary>
    public static PlaceInChain? FindLast(ITransformer model, Func<ITransformer, bool> isWanted) =>
        Find(model, isWanted, [], [], replacement => replacement);

    /// <summary>
    /// The same model, every chain in it of the same shape and scopes, with <paramref name="other"/> in this one's place.
    /// </summary>
    public ITransformer Replace(ITransformer other) => _replace(other);

    private static PlaceInChain? Find(
        ITransformer model,
        Func<ITransformer, bool> isWanted,
        IReadOnlyList<ITransformer> before,
        IReadOnlyList<ITransformer> after,
        Func<ITransformer, ITransformer> replace)
    {
        if (!StockModels.TryOpenChain(model, out var parts, out var scopes))
        {
            return isWanted(model) ? new PlaceInChain(model, before, after, replace) : null;
        }

        for (var i = parts.Length - 1; i >= 0; i--)
        {
            var at = i;
            var found = Find(
                parts[at],
                isWanted,
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
}
