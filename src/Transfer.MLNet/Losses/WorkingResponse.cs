using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Losses;

/// <summary>
/// A loss near some scores as weighted least squares, score by score: with r and W its first and second derivatives the response is z -
/// r / W
/// with weight W (iterated weighted least squares: McCullagh and Nelder 1989, 2.5). Where the fit to it has the same scores again, it is
/// the fit of the loss.
/// </summary>
internal sealed class WorkingResponse
{
    // A row that is all but sure has a response that is all noise: as with a probability of 1 % or of 99 %.
    private const double LeastCurvature = 0.01;

    private readonly int _outputs;
    private readonly double[] _responses;
    private readonly double[] _weights;

    private WorkingResponse(int outputs, double[] responses, double[] weights) =>
        (_outputs, _responses, _weights) = (outputs, responses, weights);

    /// <param name="loss">The loss.</param>
    /// <param name="rows">Labels, weights and offsets.</param>
    /// <param name="scores">Where it is taken (n x outputs), offsets in them.</param>
    public static WorkingResponse Of(Loss loss, LabelledRows rows, ReadOnlySpan<double> scores)
    {
        var (ones, residuals, curvatures) = (new double[rows.Rows], new double[scores.Length], new double[scores.Length]);
        Array.Fill(ones, 1);
        loss.Evaluate(rows.Labels, ones, scores, residuals, curvatures);
        var weights = new double[scores.Length];
        loss.Diagonal(ones, curvatures, weights);
        var unit = rows.Rows / rows.TotalWeight;
        for (var i = 0; i < scores.Length; i++)
        {
            var row = i / loss.Outputs;
            var curvature = Math.Max(weights[i], LeastCurvature);
            residuals[i] = scores[i] - (rows.Offsets?[row] ?? 0) - (residuals[i] / curvature);
            weights[i] = curvature * (rows.Weights?[row] ?? 1) * unit;
        }

        return new(loss.Outputs, residuals, weights);
    }

    /// <summary>The responses of one output (n), without the offsets: what b + Xw is to be near to.</summary>
    public double[] Responses(int output) => Column(_responses, output);

    /// <summary>The weights of one output (n), all above zero: the second derivative times the row's own weight, which are of mean
    /// 1.</summary>
    public double[] Weights(int output) => Column(_weights, output);

    private double[] Column(double[] all, int output)
    {
        var column = new double[all.Length / _outputs];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = all[(i * _outputs) + output];
        }

        return column;
    }
}
