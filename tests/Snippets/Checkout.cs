namespace Transfer.MLNet.Tests;

/// <summary>The folder that this program was built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string Docs => PathOf("docs");

    /// <summary>The configuration that the tests were built in, and so the projects beside them too.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Transfer.MLNet.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"Above {AppContext.BaseDirectory} there is no Transfer.MLNet.sln.");
    }
}
