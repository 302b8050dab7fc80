using Transfer.MLNet.Networks.Native;
using Xunit;

namespace Transfer.MLNet.Tests.Networks;

/// <summary>
/// Tests that train: skipped, with the reason, where TorchSharp's native library cannot be loaded. The build server runs those in a newer
/// system.
/// </summary>
[Trait("Needs", "TorchSharp")]
public abstract class TorchTests
{
    protected TorchTests() => Assert.SkipWhen(TorchLibrary.Missing is not null, TorchLibrary.Missing ?? "");
}
