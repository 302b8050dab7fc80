using ReferenceMaker;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

public sealed class ReferenceTests
{
    private const string Page = """
        # <a id="Transfer_MLNet_Catalog"></a> Class Catalog

        Namespace: [Transfer.MLNet](Transfer.MLNet.md)
        Assembly: Transfer.MLNet.dll

        Verbs of <xref href="Transfer.MLNet.Catalog.Tune(Microsoft.ML.RegressionCatalog%2cSystem.String)" data-throw-if-not-resolved="false"></xref> and <xref href="System.String" data-throw-if-not-resolved="false"></xref>. More of <code>a &lt; b</code>.

        ```csharp
        public static class Catalog
        ```

        #### Inheritance

        [object](https://learn.microsoft.com/dotnet/api/system.object) ←
        [Catalog](Transfer.MLNet.Catalog.md)

        ## Methods

        ### <a id="Transfer_MLNet_Catalog_Tune_Microsoft_ML_RegressionCatalog_System_String_"></a> Tune\(RegressionCatalog, string\)

        Tunes.

        ```csharp
        public static ITransformer Tune(this RegressionCatalog catalog, string name)
        ```

        #### Parameters

        `catalog` [RegressionCatalog](https://learn.microsoft.com/dotnet/api/microsoft.ml.regressioncatalog)

        ml.Regression.

        `name` [string](https://learn.microsoft.com/dotnet/api/system.string)

        Its name.

        ### <a id="Transfer_MLNet_Catalog_GetHashCode"></a> GetHashCode\(\)

        ```csharp
        public override int GetHashCode()
        ```

        """;

    [Fact]
    public Task The_pages_are_those_of_what_is_built_and_every_public_member_says_what_it_is() =>
        Maker.Agrees(typeof(TypePage).Assembly.Location, Checkout.Root);

    [Fact]
    public void Extension_methods_are_called_as_they_are_typed()
    {
        var made = Made(Page);
        Assert.Contains("</a> ml.Regression.Tune(string)\n", made["Transfer.MLNet.Catalog.md"], StringComparison.Ordinal);
        Assert.Contains("| `ml.Regression.Tune` | "
            + "[`string`](Transfer.MLNet.Catalog.md#Transfer_MLNet_Catalog_Tune_Microsoft_ML_RegressionCatalog_System_String_) | "
            + "`ITransformer` | Transfer.MLNet |", made["README.md"], StringComparison.Ordinal);
    }

    [Fact]
    public void References_within_sentences_are_links_to_our_own_and_names_of_others()
    {
        var page = Made(Page)["Transfer.MLNet.Catalog.md"];
        Assert.Contains("Verbs of [Tune](Transfer.MLNet.Catalog.md#Transfer_MLNet_Catalog_Tune_Microsoft_ML_RegressionCatalog_System_String_) and `String`. More of `a < b`.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_compiler_adds_and_what_every_class_has_is_left_out()
    {
        var page = Made(Page)["Transfer.MLNet.Catalog.md"];
        Assert.DoesNotContain("GetHashCode", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Inheritance", page, StringComparison.Ordinal);
    }

    [Xunit.Theory]
    [InlineData("Verbs of", "", "Catalog")]
    [InlineData("Tunes.", "", "Catalog.Tune(RegressionCatalog, string)")]
    [InlineData("Its name.", "", "Catalog.Tune(RegressionCatalog, string): parameter 'name'")]
    [InlineData("ml.Regression.\n", "\n", "Catalog.Tune(RegressionCatalog, string): parameter 'catalog'")]
    public void A_member_or_a_parameter_that_says_nothing_of_itself_is_told(string words, string instead, string told)
    {
        string[] lines = [.. Page.Split('\n').Select(l => words == "Verbs of" && l.StartsWith(words, StringComparison.Ordinal) ? "" : l)];
        var error = Assert.Throws<FormatException>(() => Made(string.Join('\n', lines).Replace(words, instead, StringComparison.Ordinal)));
        Assert.Equal($"Without documentation:\n{told}", error.Message);
    }

    private static Dictionary<string, string> Made(string page) => Reference.Of(new Dictionary<string, string>
    {
        ["Transfer.MLNet.Catalog.md"] = page,
        ["Transfer.MLNet.md"] = "# <a id=\"Transfer_MLNet\"></a> Namespace Transfer.MLNet\n",
    });
}
