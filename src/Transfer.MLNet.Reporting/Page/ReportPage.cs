using System.Globalization;
using System.Reflection;
using System.Text;
using Transfer.MLNet.Reporting.Figures;

namespace Transfer.MLNet.Reporting.Page;

/// <summary>The page: what to expect first, then what to do, then why, then how it was computed.</summary>
internal static class ReportPage
{
    public static string Of(TransferAdvice advice, AdviceReportOptions options)
    {
        var page = new StringBuilder();
        var unit = new ErrorUnit(advice.Measure, options.Label);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n")
            .Append($"<title>{Words.Escape(options.Title)}</title>\n<style>{ReportStyle.Css}</style>\n</head>\n<body>\n<main>\n")
            .Append($"<h1>{Words.Escape(options.Title)}</h1>\n")
            .Append($"<p class=\"verdict {Class(advice.Verdict)}\">{Words.Escape(Sentences.Answer(advice, options))}</p>\n")
            .Append($"<p>{Words.Escape(Sentences.WhatToDo(advice, options))}</p>\n");
        Warnings(page, advice);
        if (Saving.Of(advice, unit).Any())
        {
            Section(page, "What it is worth", w => WaysFigure.Svg(advice, unit, w), Sentences.Savings(advice, unit));
            WaysTable.Append(page, advice, unit);
        }

        if (advice.Sources is [{ Alignment: var alignment }, ..])
        {
            Section(page, "How the tasks align", w => AlignmentFigure.Svg(alignment, w), Sentences.Alignment(alignment));
        }

        if (advice.Sources.Any(s => s.Groups.Count > 0))
        {
            GroupsTable.Append(page, advice, unit);
        }

        var training = advice.SourceTraining;
        if (training?.RiskCurve.Count(p => p.SourceTau > 0) > 1)
        {
            Section(page, "How the source should be trained", w => RiskCurveFigure.Svg(advice, training, unit, w),
                "If there is one start. Each point is the target's best from "
                + "a source trained with that penalty. The band is one standard error of the difference to the target alone, row by row.");
        }

        if (training?.RiskGrid is { SourceTaus.Count: > 1, TargetTaus.Count: > 1 } grid)
        {
            Section(page, "Both penalties at once", w => RiskGridFigure.Svg(advice, grid, unit, w),
                $"The {unit.Name} on left-out target rows, relative to the least of all pairs; "
                    + $"{RiskGridFigure.Worst.ToString(CultureInfo.InvariantCulture)} times that or more has one colour."
                + (RiskGridFigure.Chosen(advice) is null ? "" : " The ring is the pair that was chosen for one start."));
        }

        if (options.WeightMoves is { Count: > 0 } moves)
        {
            Section(page, "What moved", w => MovedFeaturesFigure.Svg(moves, w),
                "The features whose weights changed most from the source's model to the tuned one, on the scale they were trained on.");
        }

        Taus(page, advice);
        How(page, advice, options);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Class(TransferVerdict verdict) => verdict switch
    {
        TransferVerdict.Yes => "yes",
        TransferVerdict.No => "no",
        _ => "open",
    };

    private static void Section(StringBuilder page, string title, Func<int, string> figure, string text) =>
        page.Append($"<section>\n<h2>{title}</h2>\n<figure><div class=\"page\">{figure(ReportFigure.Wide)}</div><div "
            + $"class=\"phone\">{figure(ReportFigure.Narrow)}</div>")
            .Append($"<figcaption>{Words.Escape(text)}</figcaption></figure>\n</section>\n");

    private static void Warnings(StringBuilder page, TransferAdvice advice)
    {
        if (advice.Warnings.Count > 0)
        {
            page.Append("<section class=\"warnings\">\n<h2>Keep in mind</h2>\n<ul>\n");
            foreach (var warning in advice.Warnings)
            {
                page.Append($"<li>{Words.Escape(warning.Message)}</li>\n");
            }

            page.Append("</ul>\n</section>\n");
        }
    }

    private static void Taus(StringBuilder page, TransferAdvice advice)
    {
        page.Append("<section>\n<h2>Settings</h2>\n<table class=\"pairs\">\n");
        foreach (var (name, value) in Settings.Of(advice))
        {
            page.Append($"<tr><th scope=\"row\">{name}</th><td>{Words.Escape(Words.Number(value))}</td></tr>\n");
        }

        page.Append("</table>\n</section>\n");
    }

    private static void How(StringBuilder page, TransferAdvice a, AdviceReportOptions options)
    {
        page.Append("<section>\n<h2>How it was computed</h2>\n")
            .Append($"<p>{Words.Escape(Why(a))}</p>\n")
            .Append(CultureInfo.InvariantCulture, $"<p>{a.TargetRows:#,0} target rows")
            .Append(RowsOf(a) is { } rows ? string.Create(CultureInfo.InvariantCulture, $" and {rows:#,0} source rows")
            : ", and the source's model without its rows")
            .Append(CultureInfo.InvariantCulture, $", {a.FeatureCount:#,0} features. ");
        foreach (var source in a.Sources)
        {
            page.Append($"ρ by: {Words.Escape(source.Alignment.Method)}. ")
                .Append(source.Signal is { } signal ? $"Source signal |w₀|² {Words.Number(signal)}. " : "")
                .Append(source.NoiseVariance is { } noise ? $"Source noise s₀² {Words.Number(noise)}. " : "");
        }

        page.Append(a.TargetNoiseVariance is { } own ? $"Target noise s₁² {Words.Number(own)}." : "")
            .Append($"</p>\n<p>{Errors(a.Measure)} ")
            .Append("τ is the penalty beside a mean over rows. The theory is that of Hedges, <cite>Source-Optimal Training is "
            + "Transfer-Suboptimal</cite> (TMLR 2026); ")
            .Append($"errors on left-out rows assume nothing of it.</p>\n<p>Made by Transfer.MLNet {Words.Escape(Version)}")
            .Append(options.Date is { } date ? date.ToString(" 'on' yyyy-MM-dd 'at' HH:mm zzz", CultureInfo.InvariantCulture) : "")
            .Append(options.Command is { } command ? $" by</p>\n<pre>{Words.Escape(command)}</pre>\n</section>\n" : ".</p>\n</section>\n");
    }

    private static string Errors(RiskMeasure measure) => measure switch
    {
        RiskMeasure.LogLoss => "Errors are the log-loss on a new target row in nats; of two classes ML.NET gives it in bits. "
            + "Accuracy and the area under the ROC curve are of the same left-out rows; the log-loss decides.",
        RiskMeasure.Deviance => "Errors are the mean Poisson deviance on new target rows, 2 (y ln(y/m) - y + m) with m the expected count "
            + "for the row's exposure. By how much counts are off is the mean absolute error on the same rows; the deviance decides.",
        _ => "Errors are the root of the mean squared error on new target rows, noise included.",
    };

    /// <summary>What decided, and how the source's penalty was chosen.</summary>
    public static string Why(TransferAdvice advice) => advice.Reason
        + (advice.SourceTraining is { Reason: { Length: > 0 } reason } ? " " + reason : "");

    /// <summary>Of all sources; null where models were given.</summary>
    public static long? RowsOf(TransferAdvice advice) => advice.Sources.Count > 0 && advice.Sources.All(s => s.Rows is not null)
        ? advice.Sources.Sum(s => s.Rows) : null;

    // Without the commit, which nobody reads.
    private static string Version => typeof(TransferAdvice)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
