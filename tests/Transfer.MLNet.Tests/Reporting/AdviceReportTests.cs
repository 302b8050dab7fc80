using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Reporting.Figures;
using Transfer.MLNet.Reporting.Page;
using Transfer.MLNet.Tests.Advice;
using Xunit;

namespace Transfer.MLNet.Tests.Reporting;

public sealed partial class AdviceReportTests : IDisposable
{
    private static readonly MLContext Ml = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("report").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Xunit.Theory]
    [InlineData(TransferVerdict.Yes, "Yes, starting from all shops helps: on new rows of the new shop expect an error of about $1.14 "
        + "instead of $1.26 in 'price'; that it is smaller is more than 19 in 20 likely.")]
    [InlineData(TransferVerdict.No, "No: starting from all shops is not expected to help the new shop. From its own rows alone expect "
        + "an error of about $1.26 in 'price'. That it would be smaller from all shops is more than 19 in 20 likely.")]
    [InlineData(TransferVerdict.CannotTell,
        "Whether starting from all shops helps the new shop cannot be told from these rows: expect an error of about $1.26 in 'price' "
        + "without that and $1.14 with it; that it helps is more than 19 in 20 likely.")]
    public void The_answer_stands_first_in_one_sentence_and_in_the_unit_of_the_label(TransferVerdict verdict, string sentence)
    {
        var options = new AdviceReportOptions
        {
            SourceName = "all shops",
            TargetName = "the new shop",
            Label = new("price") { Unit = "$" }
        };
        Assert.Equal(sentence, SampleAdvice.Of(helps: verdict).Answer(options));
        var page = SampleAdvice.Of(helps: verdict).ToHtml(options);
        var encoded = System.Net.WebUtility.HtmlEncode(sentence);
        Assert.Contains(encoded, page, StringComparison.Ordinal);
        Assert.True(page.IndexOf(encoded, StringComparison.Ordinal) < page.IndexOf("<svg", StringComparison.Ordinal));
    }

    [Fact]
    public void R_squared_below_zero_is_said_and_log_loss_is_in_nats()
    {
        // The advised way has 1.3 on left-out rows.
        Assert.Contains("R squared is below zero", SampleAdvice.Of().Answer(new() { Label = new("price") { ConstantRisk = 1.2 } }),
            StringComparison.Ordinal);
        Assert.DoesNotContain("R squared", SampleAdvice.Of().Answer(new() { Label = new("price") { ConstantRisk = 1.4 } }),
            StringComparison.Ordinal);
        Assert.Matches("log-loss of about [0-9.]+ nats",
            Ml.BinaryClassification.AdviseTransfer(Classes(300, 1), Classes(60, 2)).Answer());
    }

    [Fact]
    public void Classes_have_accuracy_and_area_beside_the_log_loss_in_both_its_units()
    {
        var advice = Ml.BinaryClassification.AdviseTransfer(Classes(300, 1), Classes(60, 2));
        string Share(TransferWay way) => (100 * way.Accuracy!.Value).ToString("0.0", CultureInfo.InvariantCulture) + " %";
        string Area(TransferWay way) => way.AreaUnderRocCurve!.Value.ToString("0.000", CultureInfo.InvariantCulture);
        Assert.Contains($"{Share(advice.Advised)} of the rows right", advice.Answer(), StringComparison.Ordinal);
        Assert.Contains($"area under the ROC curve {Area(advice.Advised)}", advice.Answer(), StringComparison.Ordinal);
        var page = advice.ToHtml();
        foreach (var way in advice.Ways)
        {
            Assert.Contains($"right class\">{Share(way).Replace(' ', '\u00a0')}<", page, StringComparison.Ordinal);
            Assert.Contains($"ROC curve\">{Area(way)}<", page, StringComparison.Ordinal);
            var bits = global::Transfer.MLNet.Reporting.Words.Number(way.LeftOutRisk / Math.Log(2));
            Assert.Contains($"log-loss in ML.NET&#39;s bits\">{bits}<", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Date_version_and_command_are_on_the_page()
    {
        var page = SampleAdvice.Of().ToHtml(
            new() { Date = new(2026, 3, 14, 15, 9, 0, TimeSpan.Zero), Command = "mlnet-transfer advise --target 'a < b'" });
        Assert.Matches("Made by Transfer\\.MLNet [0-9]+\\.[0-9]+\\S* on 2026-03-14 at 15:09 \\+00:00 by", page);
        Assert.Contains("<pre>mlnet-transfer advise --target &#39;a &lt; b&#39;</pre>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_label_of_the_target_gives_size_and_constant_risk()
    {
        var numbers = Ml.Data.LoadFromEnumerable(
            new[] { new Labelled { Label = 1 }, new Labelled { Label = 3 }, new Labelled { Label = -5 },
            new Labelled { Label = float.NaN } });
        var label = ReportLabel.Of(numbers, name: "price");
        // The mean is -1/3 and the squares about it 16/9, 100/9, 196/9.
        Assert.Equal("price", label.Name);
        Close.To(3, label.MeanSize!.Value, 1e-12);
        Close.To(312 / 9.0 / 2, label.ConstantRisk!.Value, 1e-12);
        var classes = ReportLabel.Of(Classes(400, 1));
        Assert.Null(classes.MeanSize);
        Assert.InRange(classes.ConstantRisk!.Value, 0.5, Math.Log(2));
        Assert.Throws<ArgumentException>(() => ReportLabel.Of(numbers, "price"));
    }

    [Xunit.Theory]
    [InlineData(3412.5, "$", "$3,410")]
    [InlineData(-3412.5, "$", "−$3,410")]
    [InlineData(0.012345, "km", "0.0123 km")]
    [InlineData(12.345, "", "12.3")]
    [InlineData(0, "", "0")]
    [InlineData(123456789012, "", "1.23e11")]
    public void Amounts_have_three_digits_and_their_unit(double value, string unit, string text) =>
        Assert.Equal(text, new ReportLabel("x") { Unit = unit }.Amount(value));

    [Fact]
    public void What_to_do_is_said_with_the_taus_of_the_advice()
    {
        var page = SampleAdvice.Of().ToHtml();
        Assert.Contains("train the source with τ = 12.35, then the target from there with τ = 0.4567.", page, StringComparison.Ordinal);
        Assert.Contains("Blend the source with the target&#39;s rows", page, StringComparison.Ordinal);
        Assert.Contains("Train on the target&#39;s rows alone, with τ = 0.7.", SampleAdvice.Of(usesSource: false).ToHtml(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("train the source with", SampleAdvice.Of(usesSource: false).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_and_the_reason_are_on_the_page()
    {
        var advice = SampleAdvice.Of();
        Assert.Contains(advice.Warnings[0].Message, advice.ToHtml(), StringComparison.Ordinal);
        Assert.Contains(System.Net.WebUtility.HtmlEncode(advice.Reason), advice.ToHtml(), StringComparison.Ordinal);
        Assert.Contains(advice.SourceTraining!.Reason, advice.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_cannot_become_markup()
    {
        var page = SampleAdvice.Of().ToHtml(new()
        {
            Title = "<b>prices</b>",
            SourceName = "<script>alert(1)</script>",
            WeightMoves = [new("\"><img src=x>", 1, 2)],
        });
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regression_has_every_figure_each_with_its_text_and_nothing_from_elsewhere()
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 400, n1: 60);
        var page = Ml.Regression.AdviseTransfer(source, target).ToHtml(new() { WeightMoves = [new("rooms", 1.5, 0.5), new("age", -1, 1)] });
        Assert.Equal(
            ["What it is worth", "How the tasks align", "How the source should be trained", "Both penalties at once", "What moved",
                "How it was computed"],
            Headings(page).Where(h => h != "Keep in mind" && h != "Settings"));
        var figures = Figures(page);
        Assert.Equal(10, figures.Count);
        Assert.All(figures, f => Assert.True(f.Elements().First() is { Name.LocalName: "title", Value.Length: > 40 }));
        Assert.All(figures, f => Assert.Equal("img", f.Attribute("role")!.Value));

        // Once for a page, once for a phone: the same words for those who do not see it, and each in place of the other.
        Assert.All(figures.Chunk(2), pair => Assert.Equal(["0 0 720", "0 0 360"], pair.Select(f => f.Attribute("viewBox")!.Value[..7])));
        Assert.All(figures.Chunk(2), pair => Assert.Equal(pair[0].Elements().First().Value, pair[1].Elements().First().Value));
        Assert.Equal(5, Regex.Count(page, "<div class=\"page\"><svg.*?</svg></div><div class=\"phone\"><svg.*?</svg></div>",
            RegexOptions.Singleline));
        Assert.True(page.Length < 250_000, $"{page.Length} characters");
        Assert.DoesNotMatch("(?:src|href)=\"(?!#|data:)", page);
        Assert.DoesNotMatch("url\\((?!#)", page);
        Assert.Contains("the root of the mean squared error", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Clips_and_other_references_of_a_figure_are_its_own()
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 400, n1: 60);
        var figures = Figures(Ml.Regression.AdviseTransfer(source, target).ToHtml());
        var all = figures.SelectMany(Identifiers).ToList();
        Assert.NotEmpty(all);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(figures, f => Assert.All(References(f), r => Assert.Contains(r, Identifiers(f))));
    }

    [Fact]
    public void The_same_advice_gives_the_same_page() => Assert.Equal(SampleAdvice.Of().ToHtml(), SampleAdvice.Of().ToHtml());

    [Fact]
    public void Ink_is_the_colour_of_the_page_and_nothing_covers_it()
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 400, n1: 60);
        Assert.All(Figures(Ml.Regression.AdviseTransfer(source, target).ToHtml(new() { WeightMoves = [new("rooms", 1.5, 0.5)] })), figure =>
        {
            Assert.Contains("currentColor", figure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotMatch("(?i)#010203", figure.ToString());
            var whole = figure.Descendants().Where(
                e => e.Name.LocalName == "rect" && e.Parent!.Name.LocalName != "clipPath" && (string?)e.Attribute("width") is "720"
                or "360");
            Assert.Empty(whole);
        });
    }

    // A machine may have no fonts (a container): what is drawn in another font than the report's own has no words there.
    [Fact]
    public void All_words_of_figures_are_in_the_fonts_of_the_report()
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 400, n1: 60);
        var figures = Figures(Ml.Regression.AdviseTransfer(source, target)
            .ToHtml(new() { WeightMoves = [new("rooms", 1.5, 0.5), new("age", -1, 1)] }));
        Assert.Equal(10, figures.Count);
        Assert.All(figures, figure =>
        {
            var texts = figure.Descendants().Where(e => e.Name.LocalName == "text").ToList();
            Assert.True(texts.Count >= 6, $"{texts.Count} words");
            Assert.All(texts, t => Assert.Equal("Arial, Liberation Sans, Arimo, Helvetica, sans-serif", t.Attribute("font-family")!.Value));
            Assert.All(texts, t => Assert.NotEqual("", t.Value.Trim()));
        });
    }

    [Xunit.Theory]
    [InlineData("住宅面积")]
    [InlineData("площадь дома")]
    [InlineData("مساحة")]
    [InlineData("निर्माण वर्ष")]
    [InlineData("🏠 size <m²>")]
    public void Names_of_features_are_on_the_figure_in_any_script(string name) =>
        Assert.Contains(name, Moved(name, "age").Select(t => t.Value));

    [Xunit.Theory]
    [InlineData("a", 40)]
    [InlineData("面", 30)]
    [InlineData("👩‍🔬", 30)]
    [InlineData("W", 30)]
    public void A_long_name_is_cut_between_letters_and_leaves_the_figure_its_room(string letter, int times)
    {
        var drawn = Moved(string.Concat(Enumerable.Repeat(letter, times)), "age").Select(t => t.Value).Single(t => t.EndsWith('…'));
        Assert.Equal("", drawn.TrimEnd('…').Replace(letter, "", StringComparison.Ordinal));
        Assert.InRange(TextWidths.Of(drawn, 12), 150, 240);
    }

    [Fact]
    public void Names_stand_at_their_rows_left_of_the_figure()
    {
        var texts = Moved("first", "second", "third").Where(t => t.Attribute("text-anchor")!.Value == "end").ToList();
        Assert.Equal(["first", "second", "third"], texts.Select(t => t.Value).Order());
        var heights = texts.Select(t => At(t).Y).Order().ToArray();
        Assert.InRange(heights[1] - heights[0], 20, 32);
        Close.To(heights[1] - heights[0], heights[2] - heights[1], 0.02);
        Assert.All(texts, t => Assert.InRange(At(t).X, TextWidths.Of(t.Value, 12), 240));
    }

    private static List<XElement> Moved(params string[] names) =>
        [.. XElement.Parse(MovedFeaturesFigure.Svg([.. names.Select((n, i) => new WeightMove(n, i + 1, -i - 1))], ReportFigure.Wide))
            .Descendants().Where(e => e.Name.LocalName == "text")];

    [Xunit.Theory]
    [InlineData(1.9e9, 2.6e9, "2.2e9", "2.4e9")]
    [InlineData(-2.6e9, -1.9e9, "−2.2e9", "−2.4e9")]
    [InlineData(2.1003e9, 2.1009e9, "2.1004e9", "2.1006e9")]
    [InlineData(0, 50_000, "20,000", "40,000")]
    [InlineData(0, 0.5, "0.2", "0.4")]
    public void Axes_have_large_numbers_as_the_tables_have_them_and_small_ones_in_full(double low, double high, params string[] ticks)
    {
        var plot = ReportFigure.Plot("x", "y", 600);
        plot.Series.Add(ReportFigure.Curve([new(0, low), new(1, high)], ReportFigure.Ink));
        var drawn = XElement.Parse(FigureSvg.Of(plot, 600, 300, "A line.")).Descendants().Where(e => e.Name.LocalName == "text")
            .Select(e => e.Value.Trim()).ToList();
        Assert.All(ticks, tick => Assert.Contains(tick, drawn));
        Assert.DoesNotContain(drawn, text => text.Contains("000,000", StringComparison.Ordinal));
    }

    [Xunit.Theory]
    [InlineData(0.1, 0.11, ReportFigure.Wide)]
    [InlineData(0.11, 0.1, ReportFigure.Wide)]
    [InlineData(0.02, 0.8, ReportFigure.Wide)]
    [InlineData(0.1, 0.11, ReportFigure.Narrow)]
    [InlineData(0.1, 0.133, ReportFigure.Narrow)]
    public void The_names_of_the_two_taus_do_not_cover_each_other(double own, double advised, int width)
    {
        var words = Words(own, advised, width);
        var (a, b) = (Span("τS*"), Span("τ₀*"));
        Assert.True(a.Right < b.Left || b.Right < a.Left, $"{a} and {b}");
        Assert.Equal(own < advised, a.Left < b.Left);

        (double Left, double Right) Span(string word)
        {
            var text = words.Single(t => t.Value.Trim() == word);
            var size = TextWidths.Of(word, 13);
            var left = At(text).X - (text.Attribute("text-anchor")!.Value switch { "middle" => size / 2, "end" => size, _ => 0 });
            return (left, left + size);
        }
    }

    [Fact]
    public void Two_taus_that_are_one_have_one_line_with_both_names() =>
        Assert.Equal(["τS*, τ₀*"], Words(0.1, 0.1, ReportFigure.Narrow).Select(t => t.Value.Trim())
            .Where(t => t.Contains('*', StringComparison.Ordinal)));

    private static List<XElement> Words(double own, double advised, int width) =>
        [.. XElement.Parse(RiskCurveFigure.Svg(
            SampleAdvice.Of(own: own, advised: advised), SampleAdvice.Of(own: own, advised: advised).SourceTraining!,
            new ErrorUnit(RiskMeasure.SquaredError, null), width)).Descendants().Where(e => e.Name.LocalName == "text")];

    private static (double X, double Y) At(XElement text) => Place().Match(text.Attribute("transform")!.Value) is var place
        ? (double.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture),
        double.Parse(place.Groups[2].Value, CultureInfo.InvariantCulture)) : default;

    [GeneratedRegex("translate\\(([-.0-9]+),([-.0-9]+)")]
    private static partial Regex Place();

    [Fact]
    public void The_interval_of_rho_stands_where_it_is()
    {
        double[] Ends(double lower, double upper) => Lines(SampleAdvice.Of(lower: lower, upper: upper));
        var (narrow, wide) = (Ends(0.5, 0.7), Ends(0.2, 0.9));
        // The same axis for both (-0.6 to 1.8): lengths go as 0.2 to 0.7, and the left end moves by 0.3.
        Close.To(0.7 / 0.2, (wide[1] - wide[0]) / (narrow[1] - narrow[0]), 0.02);
        Close.To(0.3 / 0.2, (narrow[0] - wide[0]) / (narrow[1] - narrow[0]), 0.02);
    }

    [Fact]
    public void An_alignment_that_nothing_bounds_is_said_to_be_so()
    {
        var page = SampleAdvice.Of(lower: null, upper: null).ToHtml();
        Assert.Contains("The data do not bound rho", page, StringComparison.Ordinal);
        Assert.Contains("How the tasks align", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_grid_holds_the_curve_that_the_advice_was_chosen_from()
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 400, n1: 60);
        Holds(Ml.Regression.AdviseTransfer(source, target));
        Holds(Ml.BinaryClassification.AdviseTransfer(Classes(300, 1), Classes(60, 2)));

        static void Holds(TransferAdvice advice)
        {
            var training = advice.SourceTraining!;
            var grid = training.RiskGrid!;
            Assert.Equal(grid.TargetAlone.Min(), advice.TargetAlone.LeftOutRisk, 1e-12);
            Assert.Equal(training.RiskCurve.Select(p => p.SourceTau), grid.SourceTaus);
            Assert.Equal(grid.TargetTaus.Order(), grid.TargetTaus);
            Assert.Equal(grid.TargetTaus.Count, grid.LeftOut.Count);
            for (var s = 0; s < grid.SourceTaus.Count; s++)
            {
                var point = training.RiskCurve[s];
                var at = grid.TargetTaus.ToList().IndexOf(point.TargetTau);
                Close.To(point.LeftOutRisk, grid.LeftOut[at][s], 1e-12);
            }
        }
    }

    [Fact]
    public void Classifiers_are_judged_by_log_loss_and_have_no_column_for_a_theory_they_have_not()
    {
        var page = Ml.BinaryClassification.AdviseTransfer(Classes(300, 1), Classes(60, 2)).ToHtml();
        Assert.Contains("log-loss", page, StringComparison.Ordinal);
        Assert.DoesNotContain("squared error", page, StringComparison.Ordinal);
        Assert.DoesNotContain("as the model expects", page, StringComparison.Ordinal);
        Assert.DoesNotContain("not known", page, StringComparison.Ordinal);
        Assert.Contains("Both penalties at once", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_its_rows_has_no_figure_of_how_to_train_it()
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 400, n1: 60);
        var model = Ml.Regression.Trainers.L2SpRidge(tau: 1).Fit(source);
        var page = Ml.Regression.AdviseTransfer(StartingPoint.From(model), target).ToHtml();
        Assert.DoesNotContain("How the source should be trained", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Both penalties at once", page, StringComparison.Ordinal);
        Assert.Contains("without its rows", page, StringComparison.Ordinal);
    }

    [Fact]
    public void From_json_the_page_leaves_out_the_grid_alone()
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 400, n1: 60);
        var advice = Ml.Regression.AdviseTransfer(source, target);
        Assert.Equal(Headings(advice.ToHtml()).Where(h => h != "Both penalties at once"),
            Headings(TransferAdvice.FromJson(advice.ToJson()).ToHtml()));
    }

    [Fact]
    public void The_features_that_moved_most_are_shown_largest_first()
    {
        var moves = Enumerable.Range(0, 20).Select(i => new WeightMove($"feature{i}", 0, i % 2 == 0 ? i : -i)).ToList();
        var title = Figures(SampleAdvice.Of().ToHtml(new() { WeightMoves = moves }))[^1].Elements().First().Value;
        Assert.Equal(Enumerable.Range(5, 15).Reverse(), FeatureNumber().Matches(title)
            .Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Moves_are_of_models_and_names_of_the_same_features()
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 100, n1: 60);
        var (first, then) = (Ml.Regression.Trainers.L2SpRidge(tau: 1).Fit(source).Model, Ml.Regression.Trainers.L2SpRidge(tau: 1)
            .Fit(target).Model);
        var names = Enumerable.Range(0, first.Weights.Count).Select(j => j == 3 ? "" : $"x{j}").ToArray();
        var moves = WeightMove.Between(names, first, then);
        Assert.Equal(new WeightMove("[3]", first.Weights[3], then.Weights[3]), moves[3]);
        Assert.Equal(new WeightMove("x4", first.Weights[4], then.Weights[4]), moves[4]);
        Assert.Contains($"{names.Length + 1} names",
            Assert.Throws<ArgumentException>(() => WeightMove.Between([.. names, "more"], first, then)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_replaces_a_file_whole_and_leaves_nothing_beside_it()
    {
        var path = Path.Combine(_folder, "advice.html");
        File.WriteAllText(path, new string('x', 1_000_000));
        var dated = new AdviceReportOptions { Date = new(2026, 3, 14, 15, 9, 0, TimeSpan.Zero) };
        SampleAdvice.Of().SaveReport(path, dated);
        Assert.Equal(SampleAdvice.Of().ToHtml(dated), File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind()
    {
        var place = Directory.CreateDirectory(Path.Combine(_folder, "advice.html")).FullName;
        Assert.ThrowsAny<SystemException>(() => SampleAdvice.Of().SaveReport(place));
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Throws<DirectoryNotFoundException>(() => SampleAdvice.Of().SaveReport(Path.Combine(_folder, "none", "advice.html")));
        Assert.Throws<ArgumentException>(() => SampleAdvice.Of().SaveReport(" "));
    }

    private static List<string> Headings(string page) => [.. Heading().Matches(page).Select(m => m.Groups[1].Value)];

    // Each is well-formed XML by itself, or this throws.
    private static List<XElement> Figures(string page) => [.. Figure().Matches(page).Select(m => XElement.Parse(m.Value))];

    private static List<string> Identifiers(XElement figure) =>
        [.. figure.Descendants().Select(e => e.Attribute("id")?.Value).OfType<string>()];

    private static IEnumerable<string> References(XElement figure) => figure.DescendantsAndSelf().Attributes()
        .SelectMany(a => Reference().Matches(a.Name.LocalName == "href" ? $"url({a.Value})" : a.Value)).Select(m => m.Groups[1].Value);

    // The one thick line: its ends along the axis.
    private static double[] Lines(TransferAdvice advice)
    {
        var line = XElement.Parse(AlignmentFigure.Svg(advice.Sources[0].Alignment, ReportFigure.Wide)).Descendants()
            .Single(e => e.Attribute("style")?.Value.Contains("stroke-width:4", StringComparison.Ordinal) == true);
        var numbers = Numbers().Matches((line.Attribute("d") ?? line.Attribute("points"))?.Value
            ?? $"{line.Attribute("x1")!.Value} 0 {line.Attribute("x2")!.Value} 0")
            .Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture)).ToArray();
        return [Math.Min(numbers[0], numbers[2]), Math.Max(numbers[0], numbers[2])];
    }

    private static IDataView Classes(int rows, int seed)
    {
        var random = new Random(seed);
        var definition = SchemaDefinition.Create(typeof(Row));
        return Ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(_ =>
        {
            var x = Enumerable.Range(0, 4).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray();
            return new Row { Features = x, Label = random.NextDouble() < 1 / (1 + Math.Exp(-x[0] - x[1])) };
        }).ToArray(), definition);
    }

    [GeneratedRegex("<h2>([^<]+)</h2>")]
    private static partial Regex Heading();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Figure();

    [GeneratedRegex("url\\(#([^)]+)\\)")]
    private static partial Regex Reference();

    [GeneratedRegex("-?[0-9.]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("feature(\\d+) 0 to")]
    private static partial Regex FeatureNumber();

    private sealed class Labelled
    {
        public float Label { get; set; }
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }
}
