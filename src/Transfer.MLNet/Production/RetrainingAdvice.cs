using System.Globalization;
using System.Text;
using Microsoft.ML;

namespace Transfer.MLNet;

/// <summary>
/// Whether a model in production should be retrained, from what and on how many periods, as measured on recent rows, each period predicted
/// before it was learnt. Immutable.
/// </summary>
public sealed class RetrainingAdvice
{
    private readonly Func<RetrainingPlan, ITransformer> _train;

    internal RetrainingAdvice(Func<RetrainingPlan, ITransformer> train) => _train = train;

    /// <summary>
    /// The plan that is advised: of those whose loss is within one standard error of the least (of the paired difference, over periods) the
    /// one that fits least.
    /// </summary>
    public required RetrainingPlan Advised { get; init; }

    /// <summary>All plans, the one that is advised first, then by their loss.</summary>
    public required IReadOnlyList<RetrainingPlan> Plans { get; init; }

    /// <summary>
    /// The mean loss of a row if the advice had been followed from the start: in each period the plan that the periods before it advise.
    /// The loss of <see cref="Advised"/> is lower, for it was chosen afterwards; this is the number to expect.
    /// </summary>
    public required double LossIfFollowed { get; init; }

    /// <summary>The periods, in their order: a month ("2026-03"), the first day of another, or a number.</summary>
    public required IReadOnlyList<string> Periods { get; init; }

    /// <summary>The rows that were used: copies of earlier rows, and rows without label or score, are not among them.</summary>
    public required long Rows { get; init; }

    /// <summary>The rows that say what an earlier row says; they were left out.</summary>
    public required long Copies { get; init; }

    /// <summary>Whether anything has changed since the model's time.</summary>
    public required DriftStatement Drift { get; init; }

    /// <summary>Does what is advised, with the rows that the advice was made of.</summary>
    /// <returns>The model itself, or a retrained one of the same shape.</returns>
    /// <exception cref="InvalidOperationException">FineTune cannot use the rows of the plan's periods.</exception>
    public ITransformer Fit() => Fit(Advised);

    /// <summary>Does what another plan says.</summary>
    /// <param name="plan">One of <see cref="Plans"/>.</param>
    /// <returns>The model itself, or a retrained one of the same shape.</returns>
    /// <exception cref="ArgumentException">The plan is another advice's.</exception>
    /// <exception cref="InvalidOperationException">FineTune cannot use the rows of the plan's periods.</exception>
    public ITransformer Fit(RetrainingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Plans.Contains(plan) ? _train(plan)
            : throw new ArgumentException("The plan is not one of this advice's Plans.", nameof(plan));
    }

    /// <summary>What is advised, why, and the plans one to a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var sentence = Advised.ToString();
        text.Append(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(sentence[0])}{sentence[1..]}.");
        text.Append(CultureInfo.InvariantCulture,
            $" Following such advice over these {Periods.Count - 1} periods would have had a loss of ");
        text.AppendLine(CultureInfo.InvariantCulture, $"{LossIfFollowed:G4}, the model left as it is {Advised.Loss + Advised.Gain:G4}.");
        foreach (var plan in Plans)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {plan}: loss {plan.Loss:G4}");
            if (plan.Kind != RetrainingPlanKind.LeaveIt)
            {
                text.Append(CultureInfo.InvariantCulture, $", gain {plan.Gain:G3} +- {plan.StandardErrorOfGain:G2}");
            }

            if (plan.PeriodsWithoutTraining > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"; in {plan.PeriodsWithoutTraining} periods there were too few rows to retrain");
            }

            text.AppendLine();
        }

        return text.Append(Drift).ToString();
    }
}
