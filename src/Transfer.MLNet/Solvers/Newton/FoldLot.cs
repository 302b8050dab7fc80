using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// Fits without one fold each, side by side: they have the same rows, so that each product with the rows serves all of them, and nearly
/// the same Hessian, so that they take the same steps. Asked for one tau after another, each begins at the one before.
/// </summary>
internal sealed class FoldLot
{
    private readonly NewtonTask _one;
    private readonly NewtonTask _task;
    private readonly int[] _folds;
    private readonly int[] _fold;
    private readonly double[] _shares;
    private readonly PathStart _start = new();
    private double[] _last;

    /// <param name="task">The task with all rows.</param>
    /// <param name="folds">Those that are left out.</param>
    /// <param name="fold">The fold of each row.</param>
    public FoldLot(NewtonTask task, int[] folds, int[] fold)
    {
        (_one, _task, _folds, _fold) = (task, task.Times(folds.Length), folds, fold);
        _shares = Shares(task.Rows);
        _last = new double[_task.Length];
    }

    /// <summary>n.</summary>
    public int Rows => _fold.Length;

    /// <summary>The mean of the shifts of these folds at the tau that was asked for last.</summary>
    public double[] MeanShift()
    {
        var (k, copies) = (_one.Outputs, _folds.Length);
        var mean = new double[_one.Length];
        for (var j = 0; j < mean.Length / k; j++)
        {
            for (var f = 0; f < copies; f++)
            {
                Product.AddScaled(1.0 / copies, _last.AsSpan(((j * copies) + f) * k, k), mean.AsSpan(j * k, k));
            }
        }

        return mean;
    }

    /// <summary>Writes the scores of the rows of these folds (n x outputs, offsets in them).</summary>
    public void Scores(double tau, NewtonSettings settings, double[] scores)
    {
        // All of the error that is left may be one copy's; norms of copies add up in squares.
        var minimum = _start.Minimise(
            new NewtonObjective(_task, _shares, tau), settings.Tolerance / Math.Sqrt(_folds.Length), settings.MaximumIterations);
        _last = minimum.Shift;
        var (k, copies) = (_one.Outputs, _folds.Length);
        for (var i = 0; i < _fold.Length; i++)
        {
            if (Array.IndexOf(_folds, _fold[i]) is >= 0 and var f)
            {
                minimum.Scores.AsSpan(((i * copies) + f) * k, k).CopyTo(scores.AsSpan(i * k));
            }
        }

        _task.Scratch.Return(minimum.Residuals, minimum.Curvatures);
    }

    /// <summary>Writes the losses of the same rows, and where they are wanted their predictions.</summary>
    public void Losses(double tau, NewtonSettings settings, double[] losses, float[]? predictions)
    {
        var (k, all) = (_one.Outputs, new double[_fold.Length * _one.Outputs]);
        Scores(tau, settings, all);
        for (var i = 0; i < losses.Length; i++)
        {
            if (Array.IndexOf(_folds, _fold[i]) >= 0)
            {
                var scores = all.AsSpan(i * k, k);
                losses[i] = _one.Loss.Of(scores, _one.Rows.Labels[i]);
                if (predictions is not null)
                {
                    predictions[i] = (float)_one.Loss.Predicted(scores);
                }
            }
        }
    }

    /// <summary>What the rows have in the mean loss of each copy (n x copies): zero in that without their fold.</summary>
    private double[] Shares(LabelledRows rows)
    {
        var copies = _folds.Length;
        var shares = new double[rows.Rows * copies];
        for (var f = 0; f < copies; f++)
        {
            var total = 0.0;
            for (var i = 0; i < rows.Rows; i++)
            {
                total += shares[(i * copies) + f] = _fold[i] == _folds[f] ? 0 : rows.Weights?[i] ?? 1;
            }

            for (var i = f; i < shares.Length; i += copies)
            {
                shares[i] /= total;
            }
        }

        return shares;
    }
}
