using Microsoft.ML;
using Transfer.MLNet.Trees.Ways;

namespace Transfer.MLNet.Trees.Retraining;

/// <summary>What became of a model of trees.</summary>
/// <param name="Transformer">The layer in its new form; the very same where it stays as it is.</param>
/// <param name="Search">The ways that were compared.</param>
/// <param name="Best">The one that was taken.</param>
internal sealed record TreeOutcome(ITransformer Transformer, TreeSearch Search, WayFit Best);
