using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Transfer.MLNet.Files;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Retraining;

namespace Transfer.MLNet;

/// <summary>
/// The models of many targets, by the value of their key column: what <c>ml.Model.FineTuneMany</c> gives. Immutable, and safe to use
/// from several threads.
/// </summary>
/// <remarks>
/// It holds p + 1 numbers a target. A model, of the shape of the one that was fine-tuned, is put together each time it is asked for,
/// which costs microseconds; whoever predicts with one again and again keeps it.
/// </remarks>
public sealed class FineTunedModelCollection : IReadOnlyDictionary<string, ITransformer>
{
    // Most of the time of a small file is the wait until it is on the disk; those that wait together wait once.
    private const int WritersAtATime = 8;

    private readonly Dictionary<string, int> _numbers;
    private readonly FineTunedTarget[] _targets;
    private readonly Func<int, ITransformer> _build;
    private readonly Action<ITransformer, Stream> _save;
    private readonly TargetLayers? _layers;

    internal FineTunedModelCollection(
        FineTunedTarget[] targets, Func<int, ITransformer> build, Action<ITransformer, Stream> save, TargetLayers? layers = null)
    {
        (_targets, _build, _save, _layers) = (targets, build, save, layers);
        _numbers = new(targets.Length, StringComparer.Ordinal);
        for (var i = 0; i < targets.Length; i++)
        {
            _numbers.Add(targets[i].Key, i);
        }
    }

    /// <summary>Number of targets.</summary>
    public int Count => _targets.Length;

    /// <summary>The keys, in the order in which they came in the rows.</summary>
    public IEnumerable<string> Keys => _targets.Select(t => t.Key);

    /// <summary>The models, in the order of <see cref="Keys"/>, each made when it is come to.</summary>
    public IEnumerable<ITransformer> Values => Enumerable.Range(0, Count).Select(_build);

    /// <summary>How each retraining went, in the order of <see cref="Keys"/>.</summary>
    public IReadOnlyList<FineTunedTarget> Targets => Array.AsReadOnly(_targets);

    /// <summary>The model of a target.</summary>
    /// <param name="key">The value of the key column, as text.</param>
    /// <exception cref="KeyNotFoundException">There were no rows with this key.</exception>
    public ITransformer this[string key] => TryGetValue(key, out var model) ? model
        : throw new KeyNotFoundException($"There were no rows with the key '{key}'. For a target without rows the model that was given "
        + $"is the best there is.");

    /// <summary>Whether there were rows with this key.</summary>
    /// <param name="key">The value of the key column, as text.</param>
    public bool ContainsKey(string key) => _numbers.ContainsKey(key);

    /// <summary>The model of a target; false where there were no rows with this key.</summary>
    /// <param name="key">The value of the key column, as text.</param>
    /// <param name="value">The model.</param>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out ITransformer value)
    {
        value = _numbers.TryGetValue(key, out var number) ? _build(number) : null;
        return value is not null;
    }

    /// <summary>How the retraining of a target went.</summary>
    /// <param name="key">The value of the key column, as text.</param>
    /// <exception cref="KeyNotFoundException">There were no rows with this key.</exception>
    public FineTunedTarget Target(string key) =>
        _numbers.TryGetValue(key, out var number) ? _targets[number]
            : throw new KeyNotFoundException($"There were no rows with the key '{key}'.");

    /// <summary>Keys and models, in the order of <see cref="Keys"/>.</summary>
    public IEnumerator<KeyValuePair<string, ITransformer>> GetEnumerator() =>
        Enumerable.Range(0, Count).Select(i => KeyValuePair.Create(_targets[i].Key, _build(i))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// Saves each model to a file of its own, which <c>ml.Model.Load</c> reads with Microsoft.ML alone. Each is written beside its place
    /// and then moved; files of earlier runs with the same names are replaced, others stay.
    /// </summary>
    /// <param name="folder">Where to; made where it is missing.</param>
    /// <param name="cancellationToken">Ends it early: each file that is there is then whole.</param>
    /// <returns>The file of each key: the key itself with <c>.zip</c>, what file names cannot have written as %XX; numbered where two
    /// keys differ only in case, and shortened where it is very long.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyDictionary<string, string> Save(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        var names = KeyFiles.NamesOf([.. Keys]);
        string[] files = [.. names.Select(name => Path.Combine(folder, name))];
        new Workers(WritersAtATime, cancellationToken).For(Count, i =>
        {
            var model = _build(i);
            AtomicFile.Write(files[i], stream => _save(model, stream), sweep: i == 0);
        });
        return Enumerable.Range(0, Count).ToDictionary(i => _targets[i].Key, i => files[i], StringComparer.Ordinal);
    }

    /// <summary>
    /// Saves all models to one file: what they share once, and p + 1 numbers an output for each target. 1,000 targets of 50 features are
    /// 0.3 MB, written in milliseconds. <see cref="RetrainingCatalog.LoadFineTunedMany"/> reads it; it is written beside its place and then
    /// moved.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="cancellationToken">Ends it early: what was there is then still there.</param>
    /// <exception cref="NotSupportedException">The models have no linear layer (trees): <see cref="Save"/> has a zip for
    /// each.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveAll(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var layers = _layers ?? throw new NotSupportedException(
            "One file for all targets holds linear layers, and these models have others (trees). "
            + "Save(folder) writes a zip for each.");
        TargetsFile.Save(path, _targets, layers, _build, _save, cancellationToken);
    }

    /// <summary>Saves the model of one target, which <c>ml.Model.Load</c> reads with Microsoft.ML alone.</summary>
    /// <param name="key">The value of the key column, as text.</param>
    /// <param name="path">The file; one that is there is replaced, whole or not at all.</param>
    /// <exception cref="KeyNotFoundException">There were no rows with this key.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveModel(string key, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var model = this[key];
        AtomicFile.Write(path, stream => _save(model, stream));
    }
}
