namespace Transfer.MLNet.Validation.Real;

/// <summary>A way to come to a model of the target.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="Short">As in the file of draws: no comma, no bar.</param>
/// <param name="IsRival">Whether it is no part of this library.</param>
/// <param name="Answer">What it makes of a draw.</param>
internal sealed record Way(string Name, string Short, bool IsRival, Func<RealDraw, Answer> Answer);

/// <summary>What a way came to.</summary>
/// <param name="Scores">Of the unseen rows.</param>
/// <param name="Probability">That it is better than the target's rows alone; NaN where a way does not say.</param>
/// <param name="Verdict">Whether it is; null where a way does not say.</param>
/// <param name="LeftOut">Its mean squared error on left-out rows of the target, by its own account; NaN where it has none.</param>
/// <param name="Scale">The interval of what the source's weights are to be multiplied by; NaN where a way has none.</param>
/// <param name="Contradicted">Whether left-out errors decided against what the model had said.</param>
internal sealed record Answer(
    double[] Scores, double Probability, TransferVerdict? Verdict, double LeftOut, (double Lower, double Upper) Scale,
        bool Contradicted = false)
{
    public static Answer Of(double[] scores) => new(scores, double.NaN, null, double.NaN, (double.NaN, double.NaN));
}
