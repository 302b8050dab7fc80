using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Transfer.MLNet.Tests.Models;

/// <summary>A program that references Microsoft.ML alone, in a process of its own.</summary>
internal sealed record StockConsumer(float[] Scores, string[] Labels, float[] Weights, float[] Biases, string[] Assemblies)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static StockConsumer Run(string model, IEnumerable<IEnumerable<object>> rows)
    {
        var table = Path.ChangeExtension(model, ".tsv");
        File.WriteAllLines(table, rows.Select(r => string.Join('\t', r.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))))
            .Prepend("header"));
        var program = Path.GetFullPath(typeof(StockConsumer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "StockConsumer").Value!);
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(new ProcessStartInfo(host, [program, model, table])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<StockConsumer>(output, CamelCase)!
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors.Result}");
    }
}
