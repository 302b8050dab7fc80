using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

/// <summary>What a program that knows ML.NET alone makes of a saved model.</summary>
internal sealed record OnnxConsumer(float[][] Scores, string[] Labels, string[] Assemblies)
{
    public static OnnxConsumer Run(string model, string rows, IEnumerable<string> images)
    {
        File.WriteAllLines(rows, ["ImagePath", .. images]);
        var place = typeof(OnnxConsumer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "OnnxConsumer")
            .Value!;
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, place), model, rows])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return JsonSerializer.Deserialize<OnnxConsumer>(output, JsonSerializerOptions.Web)!;
    }
}
