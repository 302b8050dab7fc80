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
}
