namespace Transfer.MLNet.Tests.Networks;

/// <summary>Files beside the tests, written by programs that have nothing to do with this library.</summary>
internal static class Reference
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Reference", name);
}
