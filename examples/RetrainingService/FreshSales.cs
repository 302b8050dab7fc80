namespace RetrainingService;

/// <summary>
/// The latest sales that were reported, which the next retraining learns from. The oldest are dropped when there are too many.
/// </summary>
internal sealed class FreshSales(int most)
{
    private readonly Queue<Sale> _sales = new();
    private readonly Lock _lock = new();

    public int Add(IReadOnlyCollection<Sale> sales)
    {
        lock (_lock)
        {
            foreach (var sale in sales)
            {
                _sales.Enqueue(sale);
                if (_sales.Count > most)
                {
                    _sales.Dequeue();
                }
            }

            return _sales.Count;
        }
    }

    public Sale[] Now()
    {
        lock (_lock)
        {
            return [.. _sales];
        }
    }

    /// <summary>Those that a model has learnt from are not learnt again.</summary>
    public void Learnt(Sale[] sales)
    {
        var known = sales.ToHashSet(ReferenceEqualityComparer.Instance);
        lock (_lock)
        {
            Sale[] others = [.. _sales.Where(s => !known.Contains(s))];
            _sales.Clear();
            foreach (var sale in others)
            {
                _sales.Enqueue(sale);
            }
        }
    }
}
