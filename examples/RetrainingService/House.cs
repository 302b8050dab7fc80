namespace RetrainingService;

/// <summary>What a price is asked for: areas in square feet.</summary>
public class House
{
    public float LotArea { get; set; }

    public float YearBuilt { get; set; }

    public float BasementArea { get; set; }

    public float LivingArea { get; set; }

    public float GarageCars { get; set; }
}

/// <summary>A house and what it was sold for, in US dollars.</summary>
public sealed class Sale : House
{
    public float Price { get; set; }
}

/// <summary>What the model answers.</summary>
public sealed class PricePrediction
{
    public float Score { get; set; }
}
