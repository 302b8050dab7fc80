using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// The Cholesky factor of the Hessian of some of the rows: with few features it costs less than a pass over many rows, and conjugate
/// gradients that begin with it need a handful of passes, however the features are correlated. Where all rows fit in the sample it is
/// the Hessian itself, and the step is Newton's own. Several classes share one factor, of their mean curvature.
/// </summary>
internal sealed class SampledHessian : Preconditioner
{
    private const int LargestWidth = 1200;

    // With so many rows a feature the factor costs what two products with all rows do: those of one output wait for memory, and it does
    // not;
    // those of many outputs cost by the output.
    private const double Balance = 30;
    private const double BalanceOfOutput = 8;
    private const int FewestRowsPerFeature = 5;
    private const int MostRowsPerFeature = 25;
    private const int RowsAtATime = 512;

    private readonly Cholesky _factor;
    private readonly int _outputs;
    private readonly Workers _workers;

    private SampledHessian(Cholesky factor, int outputs, Workers workers) => (_factor, _outputs, _workers) = (factor, outputs, workers);

    /// <summary>The factor, or null where features are many against the rows or the Hessian is singular.</summary>
    public static SampledHessian? TryFactor(NewtonObjective objective, double[] curvatures)
    {
        var task = objective.Task;
        var (design, outputs, workers) = (task.Design, task.Outputs, task.Workers);
        var size = design.Width + 1;
        if (design.Width > LargestWidth || design.Rows < size || objective.PenalisedLength == 0)
        {
            return null;
        }

        var rows = (int)Math.Min(
            design.Rows,
            Math.Clamp(
                Math.Max(Balance, BalanceOfOutput * outputs) * design.Rows / size, FewestRowsPerFeature * (double)size,
                MostRowsPerFeature * (double)size));
        var (own, whole) = (new double[outputs], 0.0);
        var curvature = new double[design.Rows];
        for (var i = 0; i < curvature.Length; i++)
        {
            objective.Curvature(i, curvatures, own);
            curvature[i] = own.Sum() / outputs;
            whole += curvature[i];
        }

        var hessian = new Matrix(size, size);
        var chunk = new Matrix(RowsAtATime, size);
        var sampled = 0.0;
        for (var done = 0; done < rows; done += RowsAtATime)
        {
            var count = Math.Min(RowsAtATime, rows - done);
            workers.For((count + 63) / 64, piece =>
            {
                for (var r = 64 * piece; r < Math.Min(count, (64 * piece) + 64); r++)
                {
                    var i = (int)((long)design.Rows * (done + r) / rows);
                    var row = chunk.Row(r);
                    design.Write(i, 1, row, size);
                    row[^1] = 1;
                    var root = Math.Sqrt(curvature[i]);
                    foreach (ref var value in row)
                    {
                        value *= root;
                    }
                }
            });
            for (var r = 0; r < count; r++)
            {
                sampled += curvature[(int)((long)design.Rows * (done + r) / rows)];
            }

            Gram.Accumulate(chunk, count, hessian, workers);
        }

        if (!(sampled > 0))
        {
            return null;
        }

        foreach (ref var value in hessian.Values.AsSpan())
        {
            value *= whole / sampled;
        }

        for (var j = 0; j < size; j++)
        {
            hessian[j, j] += j * outputs < objective.PenalisedLength ? objective.Tau : 0;
        }

        return Cholesky.TryFactor(hessian, workers) is { } factor ? new SampledHessian(factor, outputs, workers) : null;
    }

    public override void Solve(double[] from, double[] to)
    {
        if (_outputs == 1)
        {
            _factor.Solve(from).CopyTo(to, 0);
            return;
        }

        _factor.Solve(new Matrix(from.Length / _outputs, _outputs, from), _workers).Values.CopyTo(to, 0);
    }
}
