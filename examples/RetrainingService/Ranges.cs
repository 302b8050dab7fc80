using System.Globalization;

namespace RetrainingService;

/// <summary>
/// What the model has seen of each member: a house far outside of it, by more than the whole range, is refused by the member's name, and
/// so is a value below zero where none was seen. A model that is linear would answer with a price for a lot of 1e30 square feet.
/// </summary>
internal sealed class Ranges
{
    private static readonly (string Name, Func<House, float> Value)[] s_members =
    [
        ("lotArea", h => h.LotArea),
        ("yearBuilt", h => h.YearBuilt),
        ("basementArea", h => h.BasementArea),
        ("livingArea", h => h.LivingArea),
        ("garageCars", h => h.GarageCars),
    ];

    private readonly (float Least, float Most)[] _ranges;

    public Ranges(IReadOnlyCollection<House> seen) =>
        _ranges = [.. s_members.Select(m => (seen.Min(m.Value), seen.Max(m.Value)))];

    /// <summary>What is wrong with a house; null where nothing is.</summary>
    public string? Complaint(House house)
    {
        foreach (var ((name, value), (least, most)) in s_members.Zip(_ranges))
        {
            var (lower, upper) = (least - (most - least), most + (most - least));
            lower = least >= 0 ? Math.Max(lower, 0) : lower;
            if (!(value(house) >= lower && value(house) <= upper))
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"{name} is {value(house):G6}; the model knows {least:G6} to {most:G6}, and {lower:G6} to {upper:G6} are answered.");
            }
        }

        return null;
    }
}
