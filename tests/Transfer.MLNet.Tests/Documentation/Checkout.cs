namespace Transfer.MLNet.Tests.Documentation;

/// <summary>The folder that this program was built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string Docs => Path.Combine(Root, "docs");

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
