namespace Transfer.MLNet.Tool.Output;

/// <summary>Names in a row, as many as anybody reads.</summary>
internal static class Names
{
    private const int Most = 20;

    public static string Of(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Most)) + (names.Count > Most ? $" and {Numbers.Count(names.Count - Most)} more" : "");
}
