using System.Diagnostics;
using System.Reflection;
using Microsoft.ML;
using Transfer.MLNet.Trees.Ensembles;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Ensembles;

/// <summary>
/// Every model of trees, with and without missing values: moved, saved, and scored by a program that knows Microsoft.ML, FastTree and
/// LightGbm alone.
/// </summary>
public sealed class RoundTripTests(RoundTripTests.Models models) : IClassFixture<RoundTripTests.Models>
{
    public static TheoryData<string, bool> All
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var name in StockTrees.Names)
            {
                all.Add(name, false);
                all.Add(name, true);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Own_traversal_gives_the_scores_of_the_model(string name, bool missing)
    {
        var (layer, rows, _, _) = models.Of(name, missing);
        var expected = Links(layer, name, Own(layer, rows.X, [.. layer.Outputs.Select(o => o.Values())], new double[layer.Outputs.Length]));
        var scores = StockTrees.Scores(layer.Transformer, rows.View(new MLContext(0)));
        AssertClose(expected, scores);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_moved_model_scores_as_its_leaves_say(string name, bool missing)
    {
        var (layer, rows, moved, (values, intercepts)) = models.Of(name, missing);
        AssertClose(Links(layer, name, Own(layer, rows.X, values, intercepts)), StockTrees.Scores(moved, rows.View(new MLContext(0))));
        Assert.NotEqual(StockTrees.Scores(layer.Transformer, rows.View(new MLContext(0))),
            StockTrees.Scores(moved, rows.View(new MLContext(0))));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_program_without_this_library_scores_it_to_the_bit(string name, bool missing)
    {
        var (_, rows, moved, _) = models.Of(name, missing);
        Assert.Equal(StockTrees.Scores(moved, rows.View(new MLContext(0))), models.Served(name, missing));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_model_given_is_not_changed(string name, bool missing)
        => Assert.Equal(models.Before(name, missing),
            StockTrees.Scores(models.Of(name, missing).Layer.Transformer, models.Of(name, missing).Rows.View(new MLContext(0))));

    [Fact]
    public void That_program_has_not_loaded_this_library() =>
        Assert.DoesNotContain("Transfer", models.Assemblies.Replace("Transfer.MLNet.TreeConsumer", string.Empty, StringComparison.Ordinal),
        StringComparison.Ordinal);

    private static double[][] Own(TreeLayer layer, float[][] rows, double[][] values, double[] intercepts) =>
        Array.ConvertAll(rows, row => layer.Outputs.Select((output, k) =>
    {
        var leaves = new int[output.Trees];
        output.LeavesOf(new(row.Length, row), leaves);
        return output.Offset + intercepts[k] + (output.Unit * leaves.Sum(l => values[k][l]));
    }).ToArray());

    // Written anew here: what ML.NET makes of the scores of its trees.
    private static double[] Links(TreeLayer layer, string name, double[][] scores) => [.. scores.SelectMany(row => layer.Task switch
    {
        TreeTask.Rate => [Math.Exp(row[0])],
        TreeTask.Softmax => Shares([.. row.Select(Math.Exp)]),
        TreeTask.OneVersusAll => Shares([.. row.Select((s, k) => 1 / (1 + Math.Exp(-layer.Links[k].Of(s))))]),
        _ => name.Length > 0 ? row : [],
    })];

    private static double[] Shares(double[] values) => [.. values.Select(v => v / values.Sum())];

    // Scores are sums of a dozen leaves, rounded to single precision once or, as probabilities, a few times.
    private static void AssertClose(double[] expected, float[] scores)
    {
        Assert.Equal(expected.Length, scores.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            Assert.Equal(expected[i], scores[i], 2e-6 * Math.Max(1, Math.Abs(expected[i])));
        }
    }

    /// <summary>All models, moved by leaves that were drawn, and what the other program made of them.</summary>
    public sealed class Models : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("trees").FullName;
        private readonly Dictionary<(string, bool), (TreeLayer, Sample, ITransformer, (double[][], double[]))> _models = [];
        private readonly Dictionary<(string, bool), float[]> _before = [];

        public Models()
        {
            foreach (var missing in new[] { false, true })
            {
                var ml = new MLContext(seed: 1);
                var folder = Directory.CreateDirectory(Path.Combine(_folder, missing.ToString())).FullName;
                var source = new Sample(400, seed: 1, missing).View(ml);
                var rows = new Sample(60, seed: 2, missing);
                Write(rows, Path.Combine(folder, "rows.bin"));
                foreach (var name in StockTrees.Names)
                {
                    var model = StockTrees.Train(ml, name, source);
                    _before[(name, missing)] = StockTrees.Scores(model, rows.View(new MLContext(0)));
                    var layer = TreeLayer.Of(model)!;
                    var random = new Random(3);
                    var values = layer.Outputs.Select(o => o.Values().Select(v => (0.7 * v) + (0.1 * random.NextDouble())).ToArray())
                        .ToArray();
                    var intercepts = layer.Outputs.Select(_ => random.NextDouble() - 0.5).ToArray();
                    var moved = layer.Moved(ml, values, intercepts);
                    ml.Model.Save(moved, source.Schema, Path.Combine(folder, $"model-{name}.zip"));
                    _models[(name, missing)] = (layer, rows, moved, (values, intercepts));
                }

                Assemblies += Serve(folder);
            }
        }

        public string Assemblies { get; } = string.Empty;

        internal (TreeLayer Layer, Sample Rows, ITransformer Moved, (double[][] Values, double[] Intercepts) Leaves) Of(
            string name, bool missing) => _models[(name, missing)];

        internal float[] Before(string name, bool missing) => _before[(name, missing)];

        internal float[] Served(string name, bool missing)
        {
            var bytes = File.ReadAllBytes(Path.Combine(_folder, missing.ToString(), $"scores-{name}.bin"));
            return [.. Enumerable.Range(0, bytes.Length / sizeof(float)).Select(i => BitConverter.ToSingle(bytes, i * sizeof(float)))];
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        private static string Serve(string folder)
        {
            var place = typeof(RoundTripTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "TreeConsumer").Value!;
            var start = new ProcessStartInfo("dotnet",
                [Path.Combine(AppContext.BaseDirectory, place), folder])
            { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
            return output;
        }

        private static void Write(Sample rows, string file)
        {
            using var writer = new BinaryWriter(File.Create(file));
            writer.Write(Sample.Features);
            foreach (var value in rows.X.SelectMany(x => x))
            {
                writer.Write(value);
            }
        }
    }
}
