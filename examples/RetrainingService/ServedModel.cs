using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace RetrainingService;

/// <summary>
/// The model that answers requests, and the one place where it is exchanged. A prediction engine serves one thread at a time, so each
/// generation has a pool of them; a request takes its engine from the generation that is current when it comes and finishes with it,
/// whatever is swapped in meanwhile.
/// </summary>
/// <remarks>
/// <c>PredictionEnginePool</c> of Microsoft.Extensions.ML does the same for a model in a file (<c>FromFile(..., watchForChanges:
/// true)</c>); a store's versions have a file each, so that here the retrainer says which.
/// </remarks>
internal sealed class ServedModel(MLContext ml)
{
    private Generation? _current;

    public (float Price, int Version) Predict(House house)
    {
        var generation = Current;
        var engine = generation.Engines.Get();
        try
        {
            return (engine.Predict(house).Score, generation.Version);
        }
        finally
        {
            generation.Engines.Return(engine);
        }
    }

    public Generation Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("No model has been put in yet.");

    /// <summary>From now on requests are answered by this model. Those under way end with the one they began with.</summary>
    public void Swap(ITransformer model, DataViewSchema schema, int version)
    {
        // The old generation is left to the garbage collector and not disposed: a request may be about to take an engine from it.
        var next = new Generation(
            version, DateTimeOffset.UtcNow, model, schema,
                new DefaultObjectPool<PredictionEngine<House, PricePrediction>>(new Engines(ml, model)));
        // The first engine is made before anyone waits for it.
        next.Engines.Return(next.Engines.Get());
        Volatile.Write(ref _current, next);
    }

    internal sealed record Generation(
        int Version, DateTimeOffset Since, ITransformer Model, DataViewSchema Schema,
            ObjectPool<PredictionEngine<House, PricePrediction>> Engines);

    private sealed class Engines(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<House, PricePrediction>>
    {
        public override PredictionEngine<House, PricePrediction> Create() => ml.Model.CreatePredictionEngine<House, PricePrediction>(model);

        public override bool Return(PredictionEngine<House, PricePrediction> obj) => true;
    }
}
