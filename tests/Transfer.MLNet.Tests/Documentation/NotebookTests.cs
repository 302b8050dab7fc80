using NotebookMaker;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

public class NotebookTests
{
    [Xunit.Theory]
    [InlineData("first-transfer")]
    [InlineData("images")]
    [InlineData("phase-transition")]
    [InlineData("resnet")]
    [InlineData("retraining")]
    [InlineData("text-classification")]
    public Task Every_cell_runs_and_gives_what_is_stored(string name) =>
        Maker.Agrees(typeof(Cell).Assembly.Location, Checkout.PathOf("examples", "notebooks"), name);

    [Fact]
    public void Every_source_is_tested()
    {
        var tested = typeof(NotebookTests).GetMethod(nameof(Every_cell_runs_and_gives_what_is_stored))!.GetCustomAttributes(
            typeof(InlineDataAttribute), false)
            .Cast<InlineDataAttribute>().Select(a => (string)a.Data[0]!);
        Assert.Equal(Directory.GetFiles(Path.Combine(Checkout.Root, "examples", "notebooks", "source"), "*.md")
            .Select(Path.GetFileNameWithoutExtension).Order(), tested.Order());
    }

    [Xunit.Theory]
    [InlineData("rho 1.57, 2543 rows", "rho 1.57, 2543 rows", true)]
    [InlineData("rho 1.57", "rho 1.58", true)]
    [InlineData("rho 1.57", "rho 1.60", false)]
    [InlineData("191,372", "192,900", true)]
    [InlineData("191,372", "194,000", false)]
    [InlineData("0.003", "0.005", false)]
    [InlineData("5.8E-05", "5.9E-05", true)]
    [InlineData("5.8E-05", "6.1E-05", false)]
    [InlineData("transfer: Yes", "transfer: No", false)]
    [InlineData("a 1\nb 2", "a 1", false)]
    public void Numbers_agree_as_far_as_they_are_written(string stored, string now, bool same) =>
        Assert.Equal(same, Figures.Difference(stored, now) is null);

    [Fact]
    public void Code_and_prose_are_told_apart()
    {
        Assert.Equal([new(false, "# Title"), new(true, "var x = 1;\n\nvar y = 2;"), new(false, "More.")],
            Cell.Of("# Title\n\n```csharp\nvar x = 1;\n\nvar y = 2;\n```\nMore.\n"));
        Assert.Throws<FormatException>(() => Cell.Of("```csharp\nvar x = 1;"));
    }

    [Fact]
    public void A_version_that_differs_in_the_repository_is_the_notebooks_in_its_program()
    {
        var cells = Cell.Of("```csharp\n#r \"nuget: Transfer.MLNet.Vision, *-*\"\n#r \"nuget: SkiaSharp, "
            + "2.88.9\"\n```\nProse.\n```csharp\n#r \"nuget: SkiaSharp, 2.88.9\"\n```\n");
        Assert.Equal(["Transfer.MLNet.Vision", "SkiaSharp"], Directives.Packages(cells));
        Assert.Contains("#:package SkiaSharp\n#:property SkiaSharpVersion=2.88.9\n", ProgramFile.Of("name", cells),
            StringComparison.Ordinal);
        Assert.DoesNotContain("SkiaSharpVersion", ProgramFile.Of("name", Cell.Of("```csharp\n#r \"nuget: ScottPlot, 5.1.59\"\n```\n")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_has_its_usings_first_and_its_types_last()
    {
        var program = ProgramFile.Of("name",
            Cell.Of("Prose.\n```csharp\n#r \"nuget: Transfer.MLNet, *-*\"\n#r \"nuget: ScottPlot, 5.1.59\"\nusing B;\nusing A;\nvar x = "
            + "1;\nclass C { }\n```\n```csharp\nx++;\n```\n"));
        string[] inOrder = ["#:project ../../src/Transfer.MLNet/Transfer.MLNet.csproj", "#:package ScottPlot", "using A;", "using B;",
            "// Prose.", "var x = 1;", "x++;", "class C { }"];
        Assert.All(inOrder.Zip(inOrder.Skip(1)), pair => Assert.True(
            program.IndexOf(pair.First, StringComparison.Ordinal) is var first and >= 0
                && first < program.IndexOf(pair.Second, StringComparison.Ordinal), $"{pair}\n{program}"));
        Assert.DoesNotContain("nuget", program, StringComparison.Ordinal);
    }
}
