using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>
/// The programs that lie beside the repository, where it is checked out with them: compiled as they stand, run as processes, and what they
/// write handed to the commands that failed on it once.
/// </summary>
public sealed class SharedProgramTests : IDisposable
{
    private const string Usings = "using System; using System.Collections.Generic; using System.IO; using System.Linq; "
        + "using Microsoft.ML; using Microsoft.ML.Data; using Transfer.MLNet;\n";

    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_label_that_the_chain_makes_itself_is_not_trained_on_another_scale()
    {
        Run($"{Usings} class Case {{ {Case("01_label_transformed_by_the_model.cs")} }}");
        var tuned = _tool.Run(
            "tune", "--model", "log.zip", "--data", "log.csv", "--label", "price", "--hold-out", "0.3", "--out", "log2.zip");
        Assert.True(tuned.Code == 0, tuned.ToString());
        var scored = _tool.Run("predict", "--model", "log2.zip", "--data", "log.csv", "--out", "p.csv");
        Assert.True(scored.Code == 0, scored.ToString());
        string[][] cells = [.. File.ReadLines(_tool.At("p.csv")).Select(l => l.Split(','))];
        var (price, score) = (Array.IndexOf(cells[0], "price"), Array.IndexOf(cells[0], "Score"));
        Assert.True(score >= 0, string.Join(',', cells[0]));
        // The layer learns log(price), as the chain makes it, with a noise of 3 %; on raw prices the scores were tens of thousands.
        Assert.All(cells.Skip(1), c => Assert.InRange(Number(c[score]) - Math.Log(Number(c[price])), -0.15, 0.15));
    }

    [Fact]
    public void Contributions_behind_the_layer_are_those_of_the_new_weights()
    {
        var said = Run($$"""
            {{Usings}}
            static class Case
            {
                sealed class Row { public float Label; public bool B; [VectorType(4)] public float[] Features = []; }
                static List<Row> Rows(int n, Func<float[], bool> y)
                {
                    var random = new Random(n);
                    return [.. Enumerable.Range(0, n).Select(_ =>
                    {
                        float[] x = [.. Enumerable.Range(0, 4).Select(_ => (float)(4 * random.NextDouble() - 2))];
                        return new Row { Features = x, B = y(x) };
                    })];
                }
                static void Main()
                {
                    {{Case("02_stale_feature_contributions.cs")}}
                    var layer = ((IEnumerable<ITransformer>)tuned).OfType<ISingleFeaturePredictionTransformer<object>>().First();
                    var weights = (IReadOnlyList<float>)((dynamic)layer.Model).SubModel.Weights;
                    var scored = tuned.Transform(fresh);
                    var given = scored.GetColumn<VBuffer<float>>("FeatureContributions").Select(v => v.DenseValues().ToArray());
                    var rows = scored.GetColumn<float[]>("Features");
                    Console.Write(rows.Zip(given, (x, g) => x.Select((v, j) => Math.Abs((v * weights[j]) - g[j]) / 100).Max()).Max());
                }
            }
            """);
        Assert.InRange(Number(said), 0, 1e-5);
    }

    [Fact]
    public void A_stock_model_of_classes_that_were_numbers_is_tuned_and_measured()
    {
        Run($"{Usings} class Case {{ {Case("11_evaluate_stock_numeric_classes.cs")} }}");
        Succeeds("tune", "--model", "m3.zip", "--data", "m3.csv", "--label", "cls", "--hold-out", "0.3", "--out", "t.zip");
        Succeeds("evaluate", "--model", "m3.zip", "--data", "m3.csv", "--label", "cls");
        Succeeds("evaluate", "--model", "t.zip", "--data", "m3.csv", "--label", "cls");
    }

    [Fact]
    public void A_stock_model_with_a_bool_or_with_a_column_that_it_never_uses_is_tuned()
    {
        Run($"{Usings} class Case {{ {Case("12_columns_of_a_stock_model.cs")} }}");
        Succeeds("tune", "--model", "p.zip", "--data", "p01.csv", "--label", "Label", "--out", "t.zip");
        Succeeds("tune", "--model", "p.zip", "--data", "pday.csv", "--label", "Label", "--out", "u.zip");
    }

    [Fact]
    public void An_advice_on_tiny_features_is_given()
    {
        Run($$"""
            {{Usings}}
            static class Case
            {
                sealed class Row { public float Label; [VectorType(4)] public float[] Features = []; }
                static readonly MLContext ml = new(1);
                static List<Row> sourceRows = Rows(200), targetRows = Rows(60);
                static List<Row> Rows(int n)
                {
                    var random = new Random(n);
                    return [.. Enumerable.Range(0, n).Select(_ =>
                    {
                        float[] x = [.. Enumerable.Range(0, 4).Select(_ => (float)(4 * random.NextDouble() - 2))];
                        return new Row { Features = x, Label = x[0] - x[1] + (float)random.NextDouble() };
                    })];
                }
                static IDataView Scaled(List<Row> rows, double s) => ml.Data.LoadFromEnumerable(rows.Select(
                    r => new Row { Label = r.Label, Features = [.. r.Features.Select(x => (float)(s * x))] }));
                static void Main()
                {
                    {{Case("16_advice_on_tiny_features.cs")}}
                }
            }
            """);
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private static string Case(string file)
    {
        var path = Path.Combine(SharedCaseTests.Cases(), file);
        Assert.SkipUnless(File.Exists(path), $"there is no {file} beside the checkout");
        return File.ReadAllText(path);
    }

    private void Succeeds(params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 0, $"{string.Join(' ', arguments)}: {ended}");
    }

    // Beside the tool, whose packages it finds there; it works in the tool's folder.
    private string Run(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var program = Path.Combine(AppContext.BaseDirectory, $"case-{Guid.NewGuid():N}.dll");
        try
        {
            var name = Path.GetFileNameWithoutExtension(program);
            var emitted = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(code)], references).Emit(program);
            Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
            string At(string name) => Path.Combine(AppContext.BaseDirectory, "Transfer.MLNet.Tool" + name);
            var start = new ProcessStartInfo(
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                ["exec", "--runtimeconfig", At(".runtimeconfig.json"), "--depsfile", At(".deps.json"), program])
            {
                WorkingDirectory = _tool.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, said + error.Result);
            return said;
        }
        finally
        {
            File.Delete(program);
        }
    }
}
