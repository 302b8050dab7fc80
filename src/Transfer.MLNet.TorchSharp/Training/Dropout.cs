using static TorchSharp.torch;

namespace Transfer.MLNet.Networks.Training;

/// <summary>
/// The values that one step drops, from the seed and the step alone: TorchSharp's own dropout draws from one generator for the whole
/// process, which a checkpoint could not restore and trainings at the same time would share.
/// </summary>
internal sealed class Dropout(int seed, int epoch, int step)
{
    /// <summary>Zero with the given probability, else 1 / (1 - probability).</summary>
    public Tensor Mask(int layer, double probability, long[] shape)
    {
        var random = new RandomStream(seed, RandomStream.Purpose.Dropout, epoch, step, layer);
        var mask = new float[shape.Aggregate(1L, (a, b) => a * b)];
        var (below, kept) = ((float)probability, (float)(1 / (1 - probability)));
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = random.Single() < below ? 0 : kept;
        }

        return tensor(mask, shape, ScalarType.Float32);
    }
}
