namespace Transfer.MLNet.Validation.Guard;

/// <summary>A line of the table: batches of one kind.</summary>
/// <param name="Name">What is wrong with them, or that nothing is.</param>
/// <param name="Drift">Of the world's weights.</param>
/// <param name="IsGood">Whether nothing is wrong.</param>
/// <param name="IsTruth">Whether the labels are two classes.</param>
/// <param name="Wrong">Does to the rows what goes wrong.</param>
internal sealed record GuardLine(string Name, double Drift, bool IsGood, bool IsTruth, Action<GuardWorld, List<GuardWorld.Row>> Wrong)
{
    private const double DriftOfWrongOnes = 0.1;

    public static IReadOnlyList<GuardLine> All { get; } = [.. Lines(false), .. Lines(true)];

    public string Key => FormattableString.Invariant($"{(IsTruth ? "two classes" : "numbers")};{Name};{Drift}").Replace(',', ' ');

    private static IEnumerable<GuardLine> Lines(bool isTruth) =>
    [
        .. new[] { 0, 0.1, 0.25 }.Select(drift => new GuardLine("as it should be", drift, true, isTruth, (_, _) => { })),
        .. (isTruth ? GuardWorld.WrongTruths : GuardWorld.Wrongs)
            .Select(w => new GuardLine(w.Key, DriftOfWrongOnes, false, isTruth, w.Value)),
    ];
}
