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
            .Append($"<p class=\"verdict {Class(advice.Verdict)}\">{Words.Escape(Verdict.Sentence(advice, options))}</p>\n")
            .Append($"<p>{Words.Escape(Verdict.WhatToDo(advice))}</p>\n");
        Warnings(page, advice);
        Settings(page, advice);
        if (advice.Sources is [{ Alignment: var alignment }, ..])
        {
            Section(page, "How the tasks align", w => AlignmentFigure.Svg(alignment, w), Verdict.Alignment(alignment));
        }

        var training = advice.SourceTraining;
        if (training?.RiskCurve.Count(p => p.SourceTau > 0) > 1)
        {
            Section(page, "How the source should be trained", w => RiskCurveFigure.Svg(advice, training, w),
                "If there is one start. Each point is the target's best from a source trained with that penalty. The band is one standard error of the difference to the target alone, row by row.");
        }

        Section(page, "What it is worth", w => WaysFigure.Svg(advice, w),
            $"The {Words.Of(advice.Measure)} on target rows that were left out, against the target's rows alone. "
            + "The intervals are of the difference, row by row, so they are narrower than those of either error.");
        Risks(page, advice);
        if (training?.RiskGrid is { SourceTaus.Count: > 1, TargetTaus.Count: > 1 } grid)
        {
            Section(page, "Both penalties at once", w => RiskGridFigure.Svg(advice, grid, w),
                $"The {Words.Of(advice.Measure)} on left-out target rows, relative to the least of all pairs; twice that or more has one colour. "
                + "The ring is the pair that was chosen for one start.");
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
        if (advice.SourceTraining is { } training)
        {
            Row("the source's own best penalty, τS*", Words.Number(training.SourceOptimalTau));
            Row("its best penalty for the target, τ₀*, if there is one start", training.TransferOptimalTau is { } tau ? Words.Number(tau) : "no source is better");
        }

        foreach (var way in advice.Ways.Where(w => w.TargetTau is not null))
        {
            Row($"target penalty, τ₁, {WaysFigure.Name(way)}", Words.Number(way.TargetTau));
        }

        page.Append("</table>\n</section>\n");
    }

    private static void Risks(StringBuilder page, TransferAdvice advice)
    {
        // Classifiers have no theory of their log-loss, and then no column for it.
        var theory = advice.Ways.Any(w => w.ExpectedRisk is not null);
        page.Append("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">way to train</th>" + (theory ? "<th scope=\"col\">expected by the model</th>" : "")
            + "<th scope=\"col\">on left-out rows</th><th scope=\"col\">saved, ± standard error</th></tr></thead>\n");
        foreach (var way in advice.Ways)
        {
            var saved = way.Gain is { } gain ? $"{Words.Number(gain)} ± {Words.Number(way.GainStandardError)}" : "";
            page.Append($"<tr><th scope=\"row\">{WaysFigure.Name(way)}</th>{(theory ? $"<td>{Words.Number(way.ExpectedRisk)}</td>" : "")}")
                .Append($"<td>{Words.Number(way.LeftOutRisk)}</td><td>{saved}</td></tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static void How(StringBuilder page, TransferAdvice a)
    {
        var source = a.Sources.Count > 0 ? a.Sources[0] : null;
        page.Append("<section>\n<h2>How it was computed</h2>\n")
            .Append($"<p>{Words.Escape(a.Reason)}</p>\n")
            .Append(source?.Training is { } training ? $"<p>{Words.Escape(training.Reason)}</p>\n" : "")
            .Append($"<p>{a.TargetRows} target rows" + (source?.Rows is { } rows ? $" and {rows} source rows" : ", and the source's model without its rows"))
            .Append($", {a.FeatureCount} features. ").Append(source is null ? "" : $"ρ by: {Words.Escape(source.Alignment.Method)}. ")
            .Append(source?.Signal is { } signal ? $"Source signal |w₀|² {Words.Number(signal)}. " : "")
            .Append(source?.NoiseVariance is { } noise ? $"Source noise s₀² {Words.Number(noise)}. " : "")
            .Append(a.TargetNoiseVariance is { } own ? $"Target noise s₁² {Words.Number(own)}." : "")
            .Append($"</p>\n<p>Errors are the {Words.Of(a.Measure)} on a new target row")
            .Append(a.Measure == RiskMeasure.LogLoss ? ", in nats. " : ", in units of the label squared, noise included. ")
            .Append("τ is the penalty beside a mean over rows. The theory is that of Hedges, <cite>Source-Optimal Training is Transfer-Suboptimal</cite> ")
            .Append("(TMLR 2026); errors on left-out rows assume nothing of it. Made by Transfer.MLNet.</p>\n</section>\n");
    }
}
