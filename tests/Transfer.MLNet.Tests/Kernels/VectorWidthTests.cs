using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Kernels;

/// <summary>
/// The other tests of this namespace, run again in processes of their own in which the runtime has been told not to use the
/// wider vectors: what a smaller processor would run.
/// </summary>
public partial class VectorWidthTests
{
    /// <summary>Set in those processes, to the tile that must be in use there.</summary>
    internal const string ExpectedTile = "TRANSFER_MLNET_TESTS_TILE";

    [Theory]
    [InlineData("AVX512 AVX512F", nameof(Tile256), 256)]
    [InlineData("AVX512 AVX512F AVX2 AVX", nameof(Tile128), 128)]
    [InlineData("HWIntrinsic", nameof(TileScalar), 0)]
    public async Task The_kernels_pass_their_tests_without(string switchedOff, string tile, int width)
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable(ExpectedTile) is not null, "Already in a process with vectors switched off.");
        Assert.SkipUnless(
            width switch
            {
                256 => Vector256.IsHardwareAccelerated,
                128 => Vector128.IsHardwareAccelerated,
                _ => true,
            },
            $"This processor has no vectors of {width} bits.");

        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        var here = typeof(VectorWidthTests);
        foreach (var argument in new[]
        {
            here.Assembly.Location, "-namespace", here.Namespace!, "-class-", here.FullName!, "-noColor", "-noLogo",
        })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in switchedOff.Split(' '))
        {
            start.Environment["DOTNET_Enable" + name] = "0";
        }

        start.Environment[ExpectedTile] = tile;
        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(stop);
        var output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);

        Assert.True(process.ExitCode == 0, output + await errors);
        var total = int.Parse(Total().Match(output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(total > 100, output);
    }

    [GeneratedRegex(@"Total: (\d+)")]
    private static partial Regex Total();
}
