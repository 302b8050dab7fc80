using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Tests.Models;
using Transfer.MLNet.Tests.Rows;
using Transfer.MLNet.Tests.Solvers;
using Transfer.MLNet.Tests.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>The code of docs/extending.md compiles as it stands, against the internals that it is about, and does what the page
/// says.</summary>
public partial class ExtendingTests
{
    private static readonly Lazy<Assembly> s_page = new(Compiled);
    private static readonly Workers Two = new(2);

    [Fact]
    public void A_new_loss_is_minimised_with_a_start_and_its_tau_is_chosen()
    {
        var task = Sample.Rows(60, 3, 1);
        task.Labels[5] += 40;
        var features = Enumerable.Range(0, 60).Select(i => task.Features.Row(i).ToArray().Select(v => (double)(float)v).ToArray())
            .ToArray();
        var rows = new LabelledRows(Designs.Of(features, sparse: false), task.Labels);
        var start = Sample.Start(3, 2);

        var fit = Call<NewtonFit>("HuberFits", "Fit", rows, start, 0.1, Two);

        Assert.True(fit.Converged);
        for (var j = 0; j <= 3; j++)
        {
            var gradient = Enumerable.Range(0, 60).Average(i =>
            {
                var r = fit.Intercepts[0] + Product.Dot(features[i], fit.Weights) - task.Labels[i];
                return Math.Clamp(r, -1, 1) * (j < 3 ? features[i][j] : 1);
            });
            Close.To(0, gradient + (j < 3 ? 0.1 * (fit.Weights[j] - start.Weights[j]) : 0), 1e-7);
        }

        var choice = Call<PathChoice>("HuberFits", "Tuned", rows, start, Two);
        Assert.Equal(choice.Path.Min(p => p.Loss), choice.Loss);
    }

    [Fact]
    public void The_new_trainer_gives_a_stock_model_of_the_minimum_from_a_start_far_away()
    {
        var ml = new MLContext(1);
        var rows = SmallRow.View(ml, 200);
        var (labels, features) = (rows.GetColumn<float>("Label").ToArray(), rows.GetColumn<float[]>("Features").ToArray());
        var catalog = s_page.Value.GetType("Transfer.MLNet.Tests.Extending.HuberCatalog")!.GetMethods().Single(
            m => m.Name == "L2SpHuber" && m.GetParameters().Length > 2);
        object Trainer(double? tau, StartingPoint? start) =>
            catalog.Invoke(null, [ml.Regression.Trainers, "Label", "Features", null, start, tau, 0.5])!;
        dynamic Fitted(object trainer, out dynamic report)
        {
            object?[] arguments = [rows, null];
            var fit = trainer.GetType().GetMethods().Single(m => m.Name == "Fit" && m.GetParameters().Length == 2);
            var model = fit.Invoke(trainer, arguments)!;
            report = arguments[1]!;
            return model;
        }

        var model = Fitted(Trainer(0.01, null), out var report);
        double[] weights = [.. (IReadOnlyList<double>)report.Weights];
        double b = report.Intercept;
        for (var j = 0; j <= weights.Length; j++)
        {
            var gradient = Enumerable.Range(0, labels.Length).Average(i =>
            {
                var r = b + weights.Select((w, k) => w * features[i][k]).Sum() - labels[i];
                return Math.Clamp(r, -0.5, 0.5) * (j < weights.Length ? features[i][j] : 1);
            });
            Close.To(0, gradient + (j < weights.Length ? 0.01 * weights[j] : 0), 1e-6);
        }

        float[] scores = SmallRow.Scores(((ITransformer)model).Transform(rows));
        for (var i = 0; i < scores.Length; i++)
        {
            Assert.Equal(b + weights.Select((w, k) => w * features[i][k]).Sum(), scores[i], 1e-4);
        }

        Fitted(Trainer(null, null), out var chosen);
        Assert.True((double)chosen.LeftOutLoss > 0);
        Fitted(Trainer(1e9, StartingPoint.From([.. Enumerable.Range(1, weights.Length).Select(j => (double)j)])), out var held);
        Close.To([.. Enumerable.Range(1, weights.Length).Select(j => (double)j)], [.. (IReadOnlyList<double>)held.Weights], 1e-6);
        var refused = Assert.Throws<TargetInvocationException>(() => catalog.Invoke(
            null, [ml.Regression.Trainers, "Label", "Features", null, null, null, 0.0])).InnerException!;
        Assert.Equal("Width", Assert.IsType<ArgumentOutOfRangeException>(refused).ParamName);
    }

    [Fact]
    public void The_derivatives_of_the_new_loss_are_those_of_its_values()
    {
        var loss = (Loss)Activator.CreateInstance(s_page.Value.GetType("Transfer.MLNet.Tests.Extending.HuberLoss")!, 1.0)!;
        foreach (var score in new[] { -3.0, -0.4, 0.2, 1.7, 9 })
        {
            double At(double z) => loss.Of([z], 0.5);
            var (residual, curvature) = (new double[1], new double[1]);
            Close.To(At(score), loss.Evaluate([0.5], [1], [score], residual, curvature), 1e-14);
            Close.To((At(score + 1e-5) - At(score - 1e-5)) / 2e-5, residual[0], 1e-8);
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(null)]
    public void A_new_metric_gives_the_fit_of_the_matrix_that_it_stands_for(double? tau)
    {
        const int P = 6;
        var (rows, start) = (View.Rounded(Sample.Rows(40, P, 3)), Sample.Start(P, 4));
        var m = new double[P, P];
        for (var j = 0; j < P; j++)
        {
            m[j, j] = j < P - 1 ? 2 : 1;
            if (j > 0)
            {
                m[j, j - 1] = m[j - 1, j] = -1;
            }
        }

        var found = Call<SolvedTask>("ChainFits", "Fit", View.Of(rows), start, tau, Two);

        Close.To(Dense.Fit(rows, tau ?? found.Choice!.Tau, start, InterceptRule.Free, m).Weights, found.Fit.Weights, 1e-8);
        Close.To(TaskSolver.Fit(View.Of(rows), new TaskColumns(), start, tau, InterceptRule.Free, Two,
            metric: PullMetric.Matrix(m).Metric).Fit.Weights, found.Fit.Weights, 1e-8);
    }

    [Fact]
    public void A_new_way_is_judged_row_by_row()
    {
        var way = Call<TransferWay>("HalfAndHalf", "Of", new[] { 1.0, -2, 3 }, new[] { -1.0, 0, 1 });
        Close.To(5 / 3.0, way.LeftOutRisk, 1e-15);
        Close.To(3, way.Gain!.Value, 1e-15);
        Close.To(Math.Sqrt((4 + 0 + 4) / 2.0 / 3), way.GainStandardError!.Value, 1e-15);
    }

    [Fact]
    public void A_new_family_of_models_is_what_the_core_asks_for() => Assert.IsAssignableFrom<TransferableModel>(
        Activator.CreateInstance(s_page.Value.GetType("Transfer.MLNet.Tests.Extending.TransferableNothing")!));

    private static T Call<T>(string type, string method, params object?[] arguments) =>
        (T)s_page.Value.GetType("Transfer.MLNet.Tests.Extending." + type)!.GetMethod(method)!.Invoke(null, arguments)!;

    /// <summary>All blocks as files of one assembly that has this one's name, and so sees what it sees.</summary>
    private static Assembly Compiled()
    {
        var page = File.ReadAllText(Path.Combine(Checkout.Docs, "extending.md")).ReplaceLineEndings("\n");
        const string Implicit = "global using System; global using System.Collections.Generic; global using System.Linq;";
        var own = typeof(ExtendingTests).Assembly.GetName().Name!;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileNameWithoutExtension(p) != own).Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            own,
            Block().Matches(page).Select(b => b.Groups[1].Value).Append(Implicit).Select(code => CSharpSyntaxTree.ParseText(code)),
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        return new AssemblyLoadContext("extending.md").LoadFromStream(image);
    }

    [GeneratedRegex("^```cs\\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
