using Transfer.MLNet.Accumulation;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>Moments of partitions added in their order; one that is of other features than the first is named.</summary>
internal sealed class PartitionSum
{
    private MomentsSum? _sum;
    private string _first = string.Empty;

    /// <exception cref="InvalidOperationException">It differs from those before.</exception>
    public void Add(string name, Moments moments)
    {
        if (_sum is null)
        {
            (_sum, _first) = (new MomentsSum(moments), name);
        }

        try
        {
            _sum.Add(moments);
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException($"Partition '{name}' does not go with '{_first}': {e.Message}", e);
        }
    }

    public Moments ToMoments() => _sum!.ToMoments();
}
