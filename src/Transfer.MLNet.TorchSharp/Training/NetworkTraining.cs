using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Transfer.MLNet.Networks.Training;

/// <summary>Epochs of mini-batches, from the plan's beginning or from a checkpoint.</summary>
internal sealed class NetworkTraining : IDisposable
{
    private readonly TrainingPlan _plan;
    private readonly TrainingRows _rows;
    private readonly TrainingRows? _validation;
    private readonly TorchNetwork _network;
    private readonly TrainingState _state;
    private readonly Checkpoint? _checkpoint;
    private readonly float[][] _origin;

    /// <exception cref="FormatException">The checkpoint is none, or damaged.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint belongs to another training.</exception>
    public NetworkTraining(TrainingPlan plan, TrainingRows rows, TrainingRows? validation)
    {
        _plan = plan;
        _rows = rows;
        _validation = validation;
        _origin = [.. plan.Blueprint.Parameters().Select(p => plan.Begin[p.Name])];
        if (plan.CheckpointPath is not null)
        {
            _checkpoint = new Checkpoint(plan.CheckpointPath,
                new SortedDictionary<string, string>(plan.Description.ToDictionary(), StringComparer.Ordinal)
                {
                    ["rows"] = Digest(rows.Digest),
                    ["validation rows"] = validation is null ? "none" : Digest(validation.Digest),
                    ["weights at the beginning"] = Digest(put => Array.ForEach(_origin, w => put(MemoryMarshal.AsBytes(w.AsSpan())))),
                    ["weights of the starting point"] = Digest(
                    put => plan.Starts.Where(s => s is not null).ToList().ForEach(s => put(MemoryMarshal.AsBytes(s.AsSpan())))),
                });
        }

        _state = _checkpoint?.Read([.. _origin.Select(w => w.Length)], plan.Rule.Memories) ?? new TrainingState
        {
            Weights = [.. _origin.Select(w => w.ToArray())],
            Memories = [.. _origin.SelectMany(w => new[] { new float[w.Length], new float[plan.Rule.Memories > 1 ? w.Length : 0] })],
        };
        ResumedAfter = _state.Epochs.Count;
        set_num_threads(plan.Threads);
        _network = new TorchNetwork(plan.Blueprint, plan.Begin, plan.Frozen);
        for (var i = 0; i < _network.Count; i++)
        {
            _state.Weights[i].CopyTo(_network.Values(i));
        }
    }

    /// <summary>The epochs that a checkpoint had already.</summary>
    public int ResumedAfter { get; }

    public IReadOnlyList<NetworkEpoch> Epochs => _state.Epochs;

    public bool StoppedEarly => _state.StoppedEarly;

    /// <summary>The epoch whose weights are returned, from 1.</summary>
    public int ReturnedEpoch => _plan.Patience is not null && _state.BestEpoch > 0 ? _state.BestEpoch : _state.Epochs.Count;

    /// <summary>Trains to the last epoch, or until it no longer helps, and returns the weights.</summary>
    /// <exception cref="InvalidOperationException">The loss is no longer a number.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the last whole epoch is in the checkpoint.</exception>
    public IReadOnlyDictionary<string, float[]> Run(CancellationToken cancellation)
    {
        while (_state.Epochs.Count < _plan.Epochs && !_state.StoppedEarly)
        {
            var epoch = Epoch(_state.Epochs.Count, cancellation);
            _state.Epochs.Add(epoch);
            Judge(epoch);
            for (var i = 0; i < _network.Count; i++)
            {
                _network.Values(i).CopyTo(_state.Weights[i]);
            }

            _checkpoint?.Write(_state);
            _plan.Progress?.Report(epoch);
        }

        return _plan.Patience is not null && _state.Best is { } best
            ? _network.Names.Zip(best).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal)
            : _network.Weights();
    }

    public void Dispose() => _network.Dispose();

    private NetworkEpoch Epoch(int epoch, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var rate = _plan.LearningRate * _plan.Schedule.Factor(epoch, _plan.Epochs);
        var order = new RandomStream(_plan.Seed, RandomStream.Purpose.Order, epoch).Permutation(_rows.Count);
        var loss = 0.0;
        using var batch = new Batch(_rows, Math.Min(_plan.BatchSize, _rows.Count), _plan.Task.LabelType);
        for (var (from, step) = (0, 0); from < order.Length; from += _plan.BatchSize, step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var places = order.AsSpan(from, Math.Min(_plan.BatchSize, order.Length - from));
            var mean = Step(batch, places, new Dropout(_plan.Seed, epoch, step), rate);
            if (!double.IsFinite(mean))
            {
                throw Diverged(epoch, step, mean);
            }

            loss += mean * places.Length;
        }

        // The last step may have overflowed with no loss after it to tell.
        if (Enumerable.Range(0, _network.Count).Any(i => !float.IsFinite(TensorPrimitives.MaxMagnitude(_network.Values(i)))))
        {
            throw Diverged(epoch, (order.Length - 1) / _plan.BatchSize, double.NaN);
        }

        var (validationLoss, accuracy) = Validate(cancellation);
        return new(epoch + 1, rate, loss / order.Length, validationLoss, accuracy, Distance(), clock.Elapsed);
    }

    private double Step(Batch batch, ReadOnlySpan<int> places, Dropout dropout, double rate)
    {
        using var scope = NewDisposeScope();
        var (features, labels, weights) = batch.Fill(places);
        var loss = (_plan.Task.Losses(_network.Scores(features, dropout), labels) * weights).mean();
        var mean = (double)loss.item<float>();
        if (!double.IsFinite(mean))
        {
            return mean;
        }

        var gradients = _network.Gradients(loss);
        _state.Steps++;
        for (var i = 0; i < gradients.Length; i++)
        {
            if (gradients[i] is { } gradient)
            {
                _plan.Rule.Step(
                    _network.Values(i), MemoryMarshal.Cast<byte, float>(gradient.bytes), _plan.Starts[i], _plan.Penalties[i],
                    _state.Memories[2 * i], _state.Memories[(2 * i) + 1], rate, _state.Steps);
            }
        }

        return mean;
    }

    private (double? Loss, double? Accuracy) Validate(CancellationToken cancellation)
    {
        if (_validation is null)
        {
            return (null, null);
        }

        const int rowsAtOnce = 1024;
        var (loss, right, weight, judged) = (0.0, 0.0, 0.0, false);
        using var batch = new Batch(_validation, Math.Min(rowsAtOnce, _validation.Count), _plan.Task.LabelType);
        var order = Enumerable.Range(0, _validation.Count).ToArray();
        for (var from = 0; from < order.Length; from += rowsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var (features, labels, weights) = batch.Fill(order.AsSpan(from, Math.Min(rowsAtOnce, order.Length - from)));
            var scores = _network.Scores(features, dropout: null);
            loss += (_plan.Task.Losses(scores, labels) * weights).sum().item<float>();
            weight += weights.sum().item<float>();
            if (_plan.Task.Right(scores, labels) is { } rights)
            {
                judged = true;
                right += (rights * weights).sum().item<float>();
            }
        }

        return (loss / weight, judged ? right / weight : null);
    }

    private void Judge(NetworkEpoch epoch)
    {
        if (_plan.Patience is not { } patience || epoch.ValidationLoss is not { } loss)
        {
            return;
        }

        // A loss that is not a number is never below the best.
        var best = _state.BestEpoch == 0 ? double.PositiveInfinity : _state.Epochs[_state.BestEpoch - 1].ValidationLoss!.Value;
        if (loss < best - _plan.MinimumImprovement)
        {
            _state.BestEpoch = epoch.Epoch;
            _state.Best = [.. Enumerable.Range(0, _network.Count).Select(i => _network.Values(i).ToArray())];
        }

        _state.StoppedEarly = epoch.Epoch - _state.BestEpoch >= patience && epoch.Epoch < _plan.Epochs;
    }

    private double Distance()
    {
        var scratch = _plan.Starts.All(s => s is null);
        var sum = 0.0;
        for (var i = 0; i < _network.Count; i++)
        {
            if ((scratch ? _origin[i] : _plan.Starts[i]) is { } start)
            {
                var values = _network.Values(i);
                for (var j = 0; j < start.Length; j++)
                {
                    var away = (double)values[j] - start[j];
                    sum += away * away;
                }
            }
        }

        return Math.Sqrt(sum);
    }

    private InvalidOperationException Diverged(int epoch, int step, double loss)
    {
        var kept = _checkpoint is null || _state.Epochs.Count == 0
            ? "No checkpoint was kept" + (_checkpoint is null ? ", since no CheckpointPath was given." : ", since no epoch was whole.")
            : $"The last good checkpoint, of epoch {_state.Epochs.Count}, is kept in '{_plan.CheckpointPath}'.";
        return new($"The loss became {loss.ToString(CultureInfo.InvariantCulture)} in epoch {epoch + 1}, mini-batch {step + 1}, and "
            + $"training stopped. {kept} "
            + $"Lower the learning rate ({_plan.LearningRate.ToString(CultureInfo.InvariantCulture)}), or bring the features and, for "
            + $"regression, the label to a mean near 0 and a spread near 1.");
    }

    private static string Digest(Action<Action<ReadOnlySpan<byte>>> read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        read(bytes => hash.AppendData(bytes));
        return Convert.ToHexString(hash.GetCurrentHash().AsSpan(0, 8));
    }
}
