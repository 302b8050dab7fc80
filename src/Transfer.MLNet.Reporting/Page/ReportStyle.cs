namespace Transfer.MLNet.Reporting.Page;

/// <summary>
/// The page's style: the reader's own fonts and colours, one column, no scripts. Each figure is there twice, for a page and for a phone;
/// the one that is not shown is not read out either.
/// </summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#5a6370;--line:#d5dae0;--yes:#0a6b50;--no:#9a3c00;--open:#5b4b00}
        @media (prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e8eaed;--soft:#a6aeb8;--line:#3a4048;--yes:#5fd3ae;--no:#ff9d5c;--open:#e8cf66}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
        main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem}
        h1{font-size:1.6rem;margin:0 0 1rem}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}
        .verdict{font-size:1.25rem;line-height:1.35;border-left:.35rem solid;padding:.4rem 0 .4rem .9rem;margin:0 0 1rem}
        .yes{color:var(--yes)}.no{color:var(--no)}.open{color:var(--open)}
        figure{margin:0}svg{display:block;width:100%;height:auto}figcaption{color:var(--soft);font-size:.92rem}
        .phone{display:none}
        table{border-collapse:collapse;width:100%;margin-top:.9rem}
        th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}th[scope=row]{font-weight:400}td{font-variant-numeric:tabular-nums}
        .ways{font-size:.92rem}.ways thead th{font-weight:600}.advised th,.advised td{font-weight:600}.pairs td{white-space:nowrap}
        .warnings li{margin:.3rem 0}pre{white-space:pre-wrap;font-size:.88rem;border:1px solid var(--line);padding:.6rem}
        @media screen and (max-width:34rem){.page{display:none}.phone{display:block}
        .ways thead{display:none}.ways,.ways tbody,.ways tr,.ways th,.ways td{display:block}.ways tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
        .ways th,.ways td{border:0;padding:.1rem 0}.ways th[scope=row]{font-weight:600}.ways td:empty{display:none}.ways td::before{content:attr(data-label) ": ";color:var(--soft);font-weight:400}}
        @media print{:root{--paper:#fff;--ink:#000;--soft:#333;--line:#999;--yes:#000;--no:#000;--open:#000}body{font-size:10.5pt}main{max-width:none;padding:0}figure,tr,li{break-inside:avoid}h2{break-after:avoid}}
        """;
}
