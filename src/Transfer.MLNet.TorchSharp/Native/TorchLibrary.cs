using System.Runtime.InteropServices;
using TorchSharp;

namespace Transfer.MLNet.Networks.Native;

/// <summary>Loads TorchSharp's native library once, and says what is missing where it cannot be.</summary>
internal static class TorchLibrary
{
    // The newest symbol that it needs came with GCC 13's C++ library.
    private const string NeededVersion = "GLIBCXX_3.4.32";
    private const string NeededSymbol = "_ZSt21ios_base_library_initv";

    private static readonly Lazy<(string? Missing, Exception? Cause)> _loaded = new(Load);

    /// <summary>What is missing and what to do, or null where networks can be trained here.</summary>
    public static string? Missing => _loaded.Value.Missing;

    /// <exception cref="PlatformNotSupportedException">The native library cannot be loaded; the message says what is missing and what to
    /// do.</exception>
    public static void Require()
    {
        if (_loaded.Value is ({ } missing, var cause))
        {
            throw new PlatformNotSupportedException(missing, cause);
        }
    }

    /// <summary>What the C++ library of the system lacks; null: nothing, or it is not known by this name here.</summary>
    /// <param name="library">The file to look into.</param>
    internal static string? OldCpp(string library) =>
        NativeLibrary.TryLoad(library, out var handle) && !NativeLibrary.TryGetExport(handle, NeededSymbol, out _)
            ? $"The C++ library of this system ({library}) has no {NeededVersion}, which TorchSharp's native library needs to train "
            + $"networks. "
                + "Train on a newer system: Debian 13, Ubuntu 24.04, Fedora 39, or the container mcr.microsoft.com/dotnet/sdk:10.0. "
                + "Fitted models need neither and can be used here."
            : null;

    private static (string? Missing, Exception? Cause) Load()
    {
        // Asked first: TorchSharp would copy its libraries, some 400 MB, before it fails without a reason.
        if (OperatingSystem.IsLinux() && OldCpp("libstdc++.so.6") is { } old)
        {
            return (old, null);
        }

        try
        {
            _ = torch.get_num_threads();
            return (null, null);
        }
        catch (Exception e) when (e is TypeInitializationException or NotSupportedException or DllNotFoundException
            or EntryPointNotFoundException or BadImageFormatException)
        {
            var reason = (e.InnerException ?? e).Message.Split('\n')[0].Trim();
            return ($"TorchSharp's native library, which trains the networks, could not be loaded: {reason} "
                + "Reference the package TorchSharp-cpu 0.107.0 (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) from the program "
                + "that trains; "
                + "on Linux the libraries libgomp1 and libstdc++6 must be installed too. Fitted models need neither.", e);
        }
    }
}
