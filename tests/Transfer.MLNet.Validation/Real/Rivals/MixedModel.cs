using System.Diagnostics;
using System.Globalization;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Validation.Real.Rivals;

/// <summary>
/// A mixed model by R's lme4: fixed effects for all features, a random intercept, and random slopes, all uncorrelated, for the eight
/// features with the largest weights in the source (with all of them a fit takes minutes). Its variances are estimated on the source alone;
/// the target is one more group, by the best linear unbiased prediction.
/// </summary>
internal sealed class MixedModel
{
    private const int Slopes = 8;

    private const string Script = """
        suppressMessages(library(lme4)); a <- commandArgs(TRUE); d <- read.csv(a[1]); s <- strsplit(a[2], ",")[[1]]; x <- grep("^x", names(d), value = TRUE)
        f <- as.formula(paste("y ~", paste(x, collapse = " + "), "+ (1 +", paste(s, collapse = " + "), "|| g)"))
        m <- suppressWarnings(suppressMessages(lmer(f, d, control = lmerControl(calc.derivs = FALSE, check.conv.singular = "ignore"))))
        b <- fixef(m)[c("(Intercept)", x)]; b[is.na(b)] <- 0; v <- as.data.frame(VarCorr(m)); z <- c("(Intercept)", s)
        cat(formatC(b, digits = 15), "\n"); cat(formatC(v$vcov[match(z, v$var1)], digits = 15), "\n"); cat(formatC(sigma(m)^2, digits = 15), "\n")
        """;

    private readonly int[] _slopes;
    private readonly double[] _fixed;
    private readonly double[] _variances;
    private readonly double _noise;

    private MixedModel(int[] slopes, double[][] numbers)
    {
        (_slopes, _fixed, _variances, _noise) = (slopes, numbers[0], numbers[1], numbers[2][0]);
    }

    public static Way Way { get; } = new(
        "mixed model (lme4), the source's groups known", "mixed", true, draw => draw.Source.Mixed.Value.Answer(draw));

    /// <summary>Whether there is an R with lme4 on this machine.</summary>
    public static bool IsThere { get; } = Try("suppressMessages(library(lme4)); cat(1)", []) is not null;

    /// <exception cref="InvalidOperationException">R fails; the message holds what it says.</exception>
    public static MixedModel Of(RealSource source)
    {
        var weights = source.Single.Weights;
        int[] slopes = [.. Enumerable.Range(0, weights.Length).OrderByDescending(j => Math.Abs(weights[j])).ThenBy(j => j).Take(Slopes)
            .Order()];
        var file = Path.GetTempFileName();
        try
        {
            using (var writer = new StreamWriter(file))
            {
                writer.WriteLine($"y,g,{string.Join(',', Enumerable.Range(0, weights.Length).Select(j => $"x{j}"))}");
                for (var i = 0; i < source.Rows.Rows; i++)
                {
                    var features = source.Rows.Features.Row(i).ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture));
                    writer.WriteLine(FormattableString.Invariant(
                        $"{source.Rows.Labels[i]:R},g{source.GroupOf[i]},{string.Join(',', features)}"));
                }
            }

            var said = Try(Script, [file, string.Join(',', slopes.Select(j => $"x{j}"))])
                ?? throw new InvalidOperationException(
                "Rscript did not fit the mixed model: run the study without it, or mend the installation of lme4.");
            double[] Numbers(string line) =>
                [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(v => double.Parse(v, NumberStyles.Float, CultureInfo.InvariantCulture))];
            return new(slopes, [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Numbers)]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>u = D Z'(Z D Z' + s^2 I)^-1 (y - b - X beta), Z = [1, X of the slopes].</summary>
    private Answer Answer(RealDraw draw)
    {
        var beta = _fixed[1..];
        var residual = Product.Times(draw.Target.Features, beta);
        var effects = new Matrix(residual.Length, _variances.Length);
        for (var i = 0; i < residual.Length; i++)
        {
            residual[i] = draw.Target.Labels[i] - _fixed[0] - residual[i];
            for (var k = 0; k < _variances.Length; k++)
            {
                effects[i, k] = Math.Sqrt(_variances[k]) * (k == 0 ? 1 : draw.Target.Features[i, _slopes[k - 1]]);
            }
        }

        var kernel = Product.TimesTransposed(effects, effects, draw.Workers);
        for (var i = 0; i < residual.Length; i++)
        {
            kernel[i, i] += _noise;
        }

        var dual = Cholesky.TryFactor(kernel, draw.Workers)?.Solve(residual)
            ?? throw new InvalidOperationException("The mixed model's noise is zero.");
        var scaled = Product.TransposedTimes(effects, dual);
        for (var k = 1; k < scaled.Length; k++)
        {
            beta[_slopes[k - 1]] += Math.Sqrt(_variances[k]) * scaled[k];
        }

        return Real.Answer.Of(draw.Scores(beta, _fixed[0] + (Math.Sqrt(_variances[0]) * scaled[0])));
    }

    private static string? Try(string script, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("Rscript", ["--vanilla", "-e", script, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? said : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
