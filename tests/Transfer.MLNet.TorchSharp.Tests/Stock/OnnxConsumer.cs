using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Transfer.MLNet.Tests.Networks.Stock;

/// <summary>A program that references Microsoft.ML and its OnnxTransformer alone, in a process of its own.</summary>
internal sealed record OnnxConsumer(float[][] Scores, string[] Labels, string[] Assemblies)
{
    public static OnnxConsumer Run(string model, IEnumerable<float[]> rows)
    {
        var table = Path.ChangeExtension(model, ".tsv");
        File.WriteAllLines(table, rows.Select(r => string.Join('\t', r.Select(v => v.ToString("R", CultureInfo.InvariantCulture))))
            .Prepend("header"));
        var place = typeof(OnnxConsumer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "OnnxConsumer")
            .Value!;
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, place));
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(new ProcessStartInfo(
            host, [program, model, table])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<OnnxConsumer>(output, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors.Result}");
    }
}
