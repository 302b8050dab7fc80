using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Transfer.MLNet.Networks.Training;

/// <summary>Rows as tensors, in memory that the next batch uses again.</summary>
internal sealed class Batch : IDisposable
{
    private readonly TrainingRows _rows;
    private readonly ScalarType _labelType;
    private readonly Tensor _features;
    private readonly Tensor _labels;
    private readonly Tensor _weights;

    public Batch(TrainingRows rows, int size, ScalarType labelType)
    {
        _rows = rows;
        _labelType = labelType;
        _features = empty(size, rows.FeatureCount, ScalarType.Float32).DetachFromDisposeScope();
        _labels = empty(size, labelType).DetachFromDisposeScope();
        _weights = empty(size, ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>The rows at these places: features, labels and weights. Valid until the next call.</summary>
    public (Tensor Features, Tensor Labels, Tensor Weights) Fill(ReadOnlySpan<int> places)
    {
        var features = MemoryMarshal.Cast<byte, float>(_features.bytes);
        var weights = MemoryMarshal.Cast<byte, float>(_weights.bytes);
        for (var i = 0; i < places.Length; i++)
        {
            _rows.CopyTo(places[i], features.Slice(i * _rows.FeatureCount, _rows.FeatureCount));
            weights[i] = _rows.Weight(places[i]);
        }

        if (_labelType == ScalarType.Int64)
        {
            var labels = MemoryMarshal.Cast<byte, long>(_labels.bytes);
            for (var i = 0; i < places.Length; i++)
            {
                labels[i] = (long)_rows.Label(places[i]);
            }
        }
        else
        {
            var labels = MemoryMarshal.Cast<byte, float>(_labels.bytes);
            for (var i = 0; i < places.Length; i++)
            {
                labels[i] = _rows.Label(places[i]);
            }
        }

        return (_features.narrow(0, 0, places.Length), _labels.narrow(0, 0, places.Length), _weights.narrow(0, 0, places.Length));
    }

    public void Dispose()
    {
        _features.Dispose();
        _labels.Dispose();
        _weights.Dispose();
    }
}
