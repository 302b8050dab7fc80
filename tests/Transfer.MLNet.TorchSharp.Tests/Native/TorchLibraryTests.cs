using Transfer.MLNet.Networks.Native;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Native;

public class TorchLibraryTests
{
    [Fact]
    public void A_library_without_the_newest_symbol_is_named_with_what_to_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libm is Linux's");
        // Any library that is no C++ library lacks the symbol, as an old C++ library does.
        var missing = TorchLibrary.OldCpp("libm.so.6");
        Assert.Contains("libm.so.6", missing, StringComparison.Ordinal);
        Assert.Contains("GLIBCXX_3.4.32", missing, StringComparison.Ordinal);
        Assert.Contains("Debian 13", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_something_is_missing_training_is_refused_with_that_reason_and_else_it_is_not()
    {
        if (TorchLibrary.Missing is { } missing)
        {
            Assert.Equal(missing, Assert.Throws<PlatformNotSupportedException>(TorchLibrary.Require).Message);
        }
        else
        {
            TorchLibrary.Require();
            Assert.InRange(TorchSharp.torch.get_num_threads(), 1, 1024);
        }
    }
}
