using System.Text.Json.Serialization;

namespace RetrainingService;

/// <summary>
/// What a price is asked for: areas in square feet. A member that is missing or misspelt is refused: read as zero, it would be priced as if
/// it were true.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public class House
{
    [JsonRequired]
    public float LotArea { get; set; }

    [JsonRequired]
    public float YearBuilt { get; set; }

    [JsonRequired]
    public float BasementArea { get; set; }

    [JsonRequired]
    public float LivingArea { get; set; }

    [JsonRequired]
    public float GarageCars { get; set; }
}

/// <summary>A house and what it was sold for, in US dollars.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Sale : House
{
    [JsonRequired]
    public float Price { get; set; }
}

/// <summary>What the model answers.</summary>
public sealed class PricePrediction
{
    public float Score { get; set; }
}
