using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Solvers.Newton;
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
