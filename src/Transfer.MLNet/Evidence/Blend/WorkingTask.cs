using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// One of many tasks whose loss is not a square, as its quadratic approximation sees it: at scores z, the response z - r / h with weight h,
/// where r and h are the first and second derivatives of each row's loss (one step of iteratively reweighted least squares; McCullagh and
/// Nelder 1989).
/// </summary>
internal sealed class WorkingTask
{
    // Of a row's largest weight: rows that are foretold almost surely say nothing, and their response would be anything.
    private const double LeastWeight = 1e-4;

    private readonly Loss _loss;
    private readonly double[] _labels;
    private readonly double[] _shares;
    private readonly double[]? _offsets;
    private readonly double[] _residuals;
    private readonly double[] _curvatures;
    private readonly double[] _weights;

    /// <param name="features">The features about their centre, and a last one that is 1 (n x p).</param>
    /// <param name="labels">y (n).</param>
    /// <param name="shares">The weights of the rows, of mean 1 (n).</param>
    /// <param name="offsets">What is added to each score (n); null: nothing.</param>
    /// <param name="loss">The loss.</param>
    public WorkingTask(Matrix features, double[] labels, double[] shares, double[]? offsets, Loss loss)
    {
        (Features, _labels, _shares, _offsets, _loss) = (features, labels, shares, offsets, loss);
        Scores = new double[labels.Length * loss.Outputs];
        (_residuals, _curvatures, _weights) = (new double[Scores.Length], new double[Scores.Length], new double[Scores.Length]);
    }

    public Matrix Features { get; }

    public int Rows => _labels.Length;

    /// <summary>z (n x outputs), offsets included.</summary>
    public double[] Scores { get; }

    /// <summary>Sets the scores of one output to those of weights, the intercept last.</summary>
    public void Move(int output, double[] weights)
    {
        for (var i = 0; i < Rows; i++)
        {
            Scores[(i * _loss.Outputs) + output] = (_offsets?[i] ?? 0) + Product.Dot(Features.Row(i), weights);
        }
    }

    /// <summary>Labels, shares and scores, for what looks at all tasks together.</summary>
    public void AddTo(List<double> labels, List<double> shares, List<double> scores)
    {
        labels.AddRange(_labels);
        shares.AddRange(_shares);
        scores.AddRange(Scores);
    }

    /// <summary>Derivatives at the scores; gives the sum of the weights of one output.</summary>
    public double Look(int output)
    {
        _loss.Evaluate(_labels, _shares, Scores, _residuals, _curvatures);
        _loss.Diagonal(_shares, _curvatures, _weights);
        var sum = 0.0;
        for (var i = 0; i < Rows; i++)
        {
            ref var weight = ref _weights[(i * _loss.Outputs) + output];
            weight = Math.Max(weight, LeastWeight * _shares[i]);
            sum += weight;
        }

        return sum;
    }

    /// <summary>The least-squares task of one output, weights multiplied by <paramref name="unit"/>.</summary>
    /// <param name="output">Which.</param>
    /// <param name="unit">What makes the weights of all tasks 1 in the mean.</param>
    /// <param name="longest">The longest step of a response from its score.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public GroupTask Quadratic(int output, double unit, double longest, Workers workers)
    {
        var (features, labels) = (new Matrix(Rows, Features.Columns), new double[Rows]);
        for (var i = 0; i < Rows; i++)
        {
            var at = (i * _loss.Outputs) + output;
            var root = Math.Sqrt(unit * _weights[at]);
            var from = Features.Row(i);
            var to = features.Row(i);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = root * from[j];
            }

            labels[i] = root * (Scores[at] - (_offsets?[i] ?? 0) - Math.Clamp(_residuals[at] / _weights[at], -longest, longest));
        }

        return GroupTask.Of(features, labels, workers);
    }
}
