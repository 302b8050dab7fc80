using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Networks.Advice;

/// <summary>A <see cref="NetworkAdvice"/> as a person reads it in a console.</summary>
internal static class NetworkAdviceText
{
    public static string Of(NetworkAdvice a)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line(a.Verdict switch
        {
            TransferVerdict.Yes => $"Transfer helps (probability {a.ProbabilityOfHelp:0.00}): it saves {a.Gain:G3} +/- {a.GainError:G2} of the loss from scratch, {a.Scratch.Loss:G4}.",
            TransferVerdict.No => $"Transfer does not help (probability that it would: {a.ProbabilityOfHelp:0.00}; it saves {a.Gain:G3} +/- {a.GainError:G2} of the loss from scratch, {a.Scratch.Loss:G4}).",
            _ => $"Whether transfer helps cannot be told from {a.ValidationRows} validation rows (probability {a.ProbabilityOfHelp:0.00}; it saves {a.Gain:G3} +/- {a.GainError:G2} of {a.Scratch.Loss:G4}).",
        });
        if (a.Verdict == TransferVerdict.No)
        {
            Line($"Train on the target's rows alone. (The best of the sources had the weight decay {a.SourceDecay:G3}.)");
        }
        else
        {
            var others = a.IndistinctDecays.Count > 0 ? $" (not told apart from {string.Join(", ", a.IndistinctDecays.Select(d => d.ToString("G3", CultureInfo.InvariantCulture)))})" : "";
            Line($"Train the source with the weight decay {a.SourceDecay:G3}{others}, then the target from there.");
        }

        Line($"");
        Line($"source decay   epochs      loss             behind the best  trained");
        foreach (var trial in a.Trials)
        {
            foreach (var rung in trial.Rungs)
            {
                var given = trial.WasEliminated && rung == trial.Rungs[^1] ? "  given up" : "";
                Line($"{trial.SourceDecay,12:G3}   {rung.SourceEpochs,6}   {rung.Loss,7:G4} +/- {rung.StandardError,-7:G2} {rung.Behind,7:G3} +/- {rung.BehindError,-7:G2} {rung.EpochsTrained,3} epochs, {rung.Elapsed.TotalSeconds:0.0} s{given}");
            }
        }

        Line($"     scratch        -   {a.Scratch.Loss,7:G4} +/- {a.Scratch.StandardError,-7:G2} {a.Scratch.Behind,7:G3} +/- {a.Scratch.BehindError,-7:G2} {a.Scratch.EpochsTrained,3} epochs, {a.Scratch.Elapsed.TotalSeconds:0.0} s");
        Line($"");
        Line($"{a.TrainingRows} target rows were trained on, {a.ValidationRows} judged by; {a.EpochsTrained} epochs in all. Losses are means over the validation rows.");
        if (a.LinearProbe?.Sources[0].Alignment is { } rho)
        {
            Line($"Linear probe of the best source's last hidden layer: {(rho.IsIdentified ? FormattableString.Invariant($"rho {rho.Estimate:0.00}, 95 % interval [{rho.Lower:0.00}, {rho.Upper:0.00}]") : "rho cannot be told")} ({rho.Method}). It is of a linear model on these features.");
        }

        foreach (var warning in a.Warnings)
        {
            Line($"! {warning}");
        }

        return text.ToString().TrimEnd();
    }
}
