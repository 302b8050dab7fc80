using System.Text;
using Transfer.MLNet.Reporting.Figures;

namespace Transfer.MLNet.Reporting.Page;

/// <summary>The page: verdict first, then why, then how it was computed.</summary>
internal static class ReportPage
{
    public static string Of(TransferAdvice advice, AdviceReportOptions options)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<link rel=\"icon\" href=\"data:,\">\n")
            .Append($"<title>{Words.Escape(options.Title)}</title>\n<style>{ReportStyle.Css}</style>\n</head>\n<body>\n<main>\n")
            .Append($"<h1>{Words.Escape(options.Title)}</h1>\n")
            .Append($"<p class=\"verdict {Class(advice.TransferHelps)}\">{Words.Escape(Verdict.Sentence(advice, options))}</p>\n")
            .Append($"<p>{Words.Escape(Verdict.WhatToDo(advice))}</p>\n");
        Warnings(page, advice);
        Settings(page, advice);
        Section(page, "How the tasks align", w => AlignmentFigure.Svg(advice.Alignment, w), Verdict.Alignment(advice));
        if (advice.RiskCurve.Count(p => double.IsFinite(p.SourceTau) && p.SourceTau > 0) > 1)
        {
            Section(page, "How the source should be trained", w => RiskCurveFigure.Svg(advice, w),
                "Each point is the target's best from a source trained with that penalty. The band is one standard error of the difference to the target alone, row by row.");
        }

        if (WaysFigure.Ways(advice).Any())
        {
            Section(page, "What it is worth", w => WaysFigure.Svg(advice, w),
                $"The {Words.Of(advice.Measure)} on target rows that were left out, against the target's rows alone. The intervals are of the difference, row by row, so they are narrower than those of either error.");
            Risks(page, advice);
        }

        if (advice.RiskGrid is { } grid && grid.SourceTaus.Count(double.IsFinite) > 1 && grid.TargetTaus.Count > 1)
        {
            Section(page, "Both penalties at once", w => RiskGridFigure.Svg(advice, grid, w), $"The {Words.Of(advice.Measure)} on left-out target rows, relative to the least of all pairs; twice that or more has one colour."
                + (advice.UsesSource ? " The ring is the advised pair." : ""));
        }

        if (options.WeightMoves is { Count: > 0 } moves)
        {
            Section(page, "What moved", w => MovedFeaturesFigure.Svg(moves, w), "The features whose weights changed most from the source's model to the tuned one, on the scale they were trained on.");
        }

        How(page, advice);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Class(TransferVerdict verdict) => verdict switch
    {
        TransferVerdict.Yes => "yes",
        TransferVerdict.No => "no",
        _ => "open",
    };

    private static void Section(StringBuilder page, string title, Func<int, string> figure, string text) =>
        page.Append($"<section>\n<h2>{title}</h2>\n<figure><div class=\"page\">{figure(ReportFigure.Wide)}</div><div class=\"phone\">{figure(ReportFigure.Narrow)}</div><figcaption>{Words.Escape(text)}</figcaption></figure>\n</section>\n");

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

    private static void Settings(StringBuilder page, TransferAdvice advice)
    {
        page.Append("<section>\n<h2>Settings</h2>\n<table>\n");
        void Row(string name, string value) => page.Append($"<tr><th scope=\"row\">{name}</th><td>{Words.Escape(value)}</td></tr>\n");
        if (advice.SourceRows > 0)
        {
            Row("source penalty as advised, τ₀*", advice.UsesSource ? Words.Number(advice.SourceTau) : "do not use the source");
            Row("target penalty, τ₁*", Words.Number(advice.TargetTau));
            Row("the source's own best penalty, τS*", Words.Number(advice.SourceOptimalTau));
        }

        Row("if the source is not trained again: multiply its weights by", advice.StartingPointScale > 0 ? Words.Number(advice.StartingPointScale) : "do not use the source");
        Row("and train the target with", Words.Number(advice.ScaledTargetTau));
        page.Append("</table>\n</section>\n");
    }

    private static void Risks(StringBuilder page, TransferAdvice advice)
    {
        // Classifiers have no theory of their log-loss, and then no column for it.
        var theory = WaysFigure.Ways(advice).Append(("", advice.Risks.Scratch)).Any(w => !double.IsNaN(w.Item2.Theory));
        string Expected(RiskEstimate risk) => theory ? $"<td>{Words.Number(risk.Theory)}</td>" : "";
        page.Append("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">way to train</th>" + (theory ? "<th scope=\"col\">expected by the model</th>" : "")
            + "<th scope=\"col\">on left-out rows</th><th scope=\"col\">saved, ± standard error</th></tr></thead>\n");
        page.Append($"<tr><th scope=\"row\">target alone</th>{Expected(advice.Risks.Scratch)}<td>{Words.Number(advice.Risks.Scratch.Empirical)}</td><td></td></tr>\n");
        foreach (var (name, risk) in WaysFigure.Ways(advice))
        {
            page.Append($"<tr><th scope=\"row\">{name}</th>{Expected(risk)}<td>{Words.Number(risk.Empirical)}</td>"
                + $"<td>{Words.Number(advice.Risks.Scratch.Empirical - risk.Empirical)} ± {Words.Number(risk.StandardError)}</td></tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static void How(StringBuilder page, TransferAdvice a)
    {
        page.Append("<section>\n<h2>How it was computed</h2>\n")
            .Append($"<p>{Words.Escape(a.RouteReason)}</p>\n")
            .Append($"<p>{a.TargetRows} target rows" + (a.SourceRows > 0 ? $" and {a.SourceRows} source rows" : ", and the source's model without its rows") + $", {a.FeatureCount} features. ")
            .Append($"ρ by: {Words.Escape(a.Alignment.Method)}. ")
            .Append(double.IsNaN(a.SourceSignal) ? "" : $"Source signal |w₀|² {Words.Number(a.SourceSignal)}. ")
            .Append(double.IsNaN(a.SourceNoiseVariance) ? "" : $"Source noise s₀² {Words.Number(a.SourceNoiseVariance)}. ")
            .Append(double.IsNaN(a.TargetNoiseVariance) ? "" : $"Target noise s₁² {Words.Number(a.TargetNoiseVariance)}.")
            .Append($"</p>\n<p>Errors are the {Words.Of(a.Measure)} on a new target row")
            .Append(a.Measure == RiskMeasure.LogLoss ? ", in nats. " : ", in units of the label squared, noise included. ")
            .Append("τ is the penalty beside a mean over rows. The theory is that of Hedges, <cite>Source-Optimal Training is Transfer-Suboptimal</cite> (TMLR 2026); errors on left-out rows assume nothing of it. Made by Transfer.MLNet.</p>\n</section>\n");
    }
}
