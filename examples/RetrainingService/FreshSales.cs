namespace RetrainingService;

/// <summary>Which sales wait for a retraining.</summary>
/// <param name="Sales">How many.</param>
/// <param name="Since">When the oldest of them was reported; null where none waits.</param>
/// <param name="LeastPrice">The lowest price, in US dollars; null where none waits.</param>
/// <param name="MostPrice">The highest price, in US dollars; null where none waits.</param>
internal sealed record Waiting(int Sales, DateTimeOffset? Since, float? LeastPrice, float? MostPrice);

/// <summary>
/// The latest sales that were reported, which the next retraining learns from. The oldest are dropped when there are too many.
/// </summary>
internal sealed class FreshSales(int most)
{
    private readonly Queue<(Sale Sale, DateTimeOffset Reported)> _sales = new();
    private readonly Lock _lock = new();

    public int Add(IReadOnlyCollection<Sale> sales)
    {
        lock (_lock)
        {
            var reported = DateTimeOffset.UtcNow;
            foreach (var sale in sales)
            {
                _sales.Enqueue((sale, reported));
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
            return [.. _sales.Select(s => s.Sale)];
        }
    }

    public Waiting Told()
    {
        lock (_lock)
        {
            return _sales.Count == 0 ? new Waiting(0, null, null, null)
                : new Waiting(_sales.Count, _sales.Peek().Reported, _sales.Min(s => s.Sale.Price), _sales.Max(s => s.Sale.Price));
        }
    }

    /// <summary>Drops all that wait, and says how many they were.</summary>
    public int Drop()
    {
        lock (_lock)
        {
            var dropped = _sales.Count;
            _sales.Clear();
            return dropped;
        }
    }

    /// <summary>Those that a model has learnt from are not learnt again.</summary>
    public void Learnt(Sale[] sales)
    {
        var known = sales.ToHashSet(ReferenceEqualityComparer.Instance);
        lock (_lock)
        {
            (Sale, DateTimeOffset)[] others = [.. _sales.Where(s => !known.Contains(s.Sale))];
            _sales.Clear();
            foreach (var sale in others)
            {
                _sales.Enqueue(sale);
            }
        }
    }
}
