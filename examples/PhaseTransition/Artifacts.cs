using System.Globalization;
using System.Text;
using Transfer.MLNet.Files;

namespace PhaseTransition;

/// <summary>The files of a run. Each is written beside its place and then moved there, so that no half of one is ever seen.</summary>
internal static class Artifacts
{
    public static void Write(string folder, Experiment experiment, IReadOnlyList<Check> checks, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        (string Name, Func<byte[]> Content)[] files =
        [
            ("ratios.csv", () => Utf8(Ratios(experiment))),
            ("decisions.csv", () => Utf8(Decisions(experiment))),
            ("boundaries.csv", () => Utf8(BoundaryTable(experiment))),
            ("checks.txt", () => Utf8(string.Concat(checks.Select(c => c + "\n")))),
            ("phase-transition.png", () => RatioFigure.Isotropic(experiment).Png()),
            ("phase-transition.svg", () => RatioFigure.Isotropic(experiment).Svg()),
            ("power-law.png", () => RatioFigure.PowerLaw(experiment).Png()),
            ("power-law.svg", () => RatioFigure.PowerLaw(experiment).Svg()),
            ("target-independence.png", () => DecisionFigure.Of(experiment).Png()),
            ("target-independence.svg", () => DecisionFigure.Of(experiment).Svg()),
        ];
        foreach (var (name, content) in files)
        {
            cancellation.ThrowIfCancellationRequested();
            AtomicFile.WriteBytes(Path.Combine(folder, name), content());
        }
    }

    public static string Ratios(Experiment experiment)
    {
        var text = new StringBuilder("alpha,gamma0,rho,draws,mean_log_ratio,standard_error,low95,high95,ratio,median_ratio,mean_ratio,mean_ratio_se,theory_isotropic,theory,theory_in_band,source_at_edge,target_at_edge,draws_off_the_isotropic_rule,theory_off_the_isotropic_rule,sign_departs\n");
        foreach (var p in experiment.Ratios)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{p.Alpha},{p.Gamma},{p.Rho},{p.Draws},{p.MeanLogRatio:G9},{p.StandardError:G9},{p.Low:G9},{p.High:G9},{p.Ratio:G9},{p.MedianRatio:G9},{p.MeanRatio:G9},{p.MeanRatioError:G9},{Math.Exp(p.IsotropicLogRatio):G9},{Math.Exp(p.TheoryLogRatio):G9},{(p.TheoryInBand ? 1 : 0)},{p.SourceAtEdge},{p.TargetAtEdge},{p.Departing},{p.TheoryDeparting},{(p.SignDeparts ? 1 : 0)}\n");
        }

        return text.ToString();
    }

    public static string Decisions(Experiment experiment)
    {
        var text = new StringBuilder("n1,s1,rho,mean_log_risk_ratio,standard_error,low95,high95,helps,theory_helps\n");
        foreach (var p in experiment.Decisions)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{p.TargetRows},{p.TargetDeviation},{p.Rho},{p.MeanLogRisk:G9},{p.StandardError:G9},{p.Low:G9},{p.High:G9},{(p.MeanLogRisk < 0 ? 1 : 0)},{(p.Rho > Boundary.Theory ? 1 : 0)}\n");
        }

        return text.ToString();
    }

    public static string BoundaryTable(Experiment experiment)
    {
        var text = new StringBuilder("n1,s1,draws,help_begins_at_rho,low95,high95,theory\n");
        foreach (var b in experiment.Boundaries)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{b.TargetRows},{b.TargetDeviation},{experiment.Protocol.Draws},{b.At:G6},{b.Low:G6},{b.High:G6},{Boundary.Theory}\n");
        }

        return text.ToString();
    }

    private static byte[] Utf8(string text) => new UTF8Encoding(false).GetBytes(text);
}
