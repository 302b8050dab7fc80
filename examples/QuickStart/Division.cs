namespace QuickStart;

/// <summary>A division of the sales into a source, of which there is plenty, and the target, of which only a few rows are used.</summary>
/// <param name="Name">What to type after the command: <c>dotnet run -c Release --project examples/QuickStart -- NAME</c>.</param>
/// <param name="Source">The source in words.</param>
/// <param name="Target">The target in words.</param>
/// <param name="IsTarget">Whether a house belongs to the target; <paramref name="IsSource"/> says the same of the source.</param>
internal sealed record Division(string Name, string Source, string Target, Func<Place, bool> IsSource, Func<Place, bool> IsTarget)
{
    private static readonly HashSet<string> s_heights = ["Northridge_Heights", "Northridge", "Stone_Brook", "Timberland", "Veenker"];

    private static readonly HashSet<string> s_oldTown =
        ["Old_Town", "Brookside", "Iowa_DOT_and_Rail_Road", "South_and_West_of_Iowa_State_University", "Edwards"];

    /// <summary>All divisions; the first is the one that runs when none is named.</summary>
    public static IReadOnlyList<Division> All { get; } =
    [
        // Everything that makes a house dearer does so more strongly here: the source points the right way and does not go far enough. (In
        // logarithms of the price much of that would go away; who must predict dollars and keeps to them has this problem.)
        new("heights", "the rest of the town", "the five most expensive neighbourhoods",
            p => !s_heights.Contains(p.Neighborhood), p => s_heights.Contains(p.Neighborhood)),

        // The source goes too far: size and age are worth much less in the oldest part of the town.
        new("old-town", "the rest of the town", "the old town and the streets around it",
            p => !s_oldTown.Contains(p.Neighborhood), p => s_oldTown.Contains(p.Neighborhood)),

        // Two kinds of building that the market prices alike.
        new("townhouses", "detached houses", "townhouses",
            p => p.BuildingType == "OneFam", p => p.BuildingType is "Twnhs" or "TwnhsE"),
    ];

    public static Division Named(string name) => All.FirstOrDefault(d => d.Name == name)
        ?? throw new ArgumentException($"There is no division '{name}'; choose one of: {string.Join(", ", All.Select(d => d.Name))}.");
}
