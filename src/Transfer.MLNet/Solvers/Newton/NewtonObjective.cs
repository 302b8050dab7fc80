using System.Runtime.CompilerServices;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// The objective of a task for one tau, as a function of the shift. Shifts of intercepts that the loss does not determine, or that
/// would run off to infinity (a common one; those of classes without rows), stay zero.
/// </summary>
internal sealed class NewtonObjective
{
    private readonly NewtonTask _task;
    private readonly Loss _loss;
    private readonly double[] _shares;
    private readonly double _tau;
    private readonly bool[] _determined;
    private readonly BlockSums _sums;

    /// <param name="task">Rows and start.</param>
    /// <param name="shares">What each row has in the mean loss, for each copy of the task (n x copies): those of a copy sum to 1, and a row
    /// with zero is left out.</param>
    /// <param name="tau">Zero or above; infinity holds what is penalised at the start.</param>
    public NewtonObjective(NewtonTask task, double[] shares, double tau)
    {
        (_task, _shares, _tau) = (task, shares, tau);
        _loss = task.Loss;
        _determined = _loss.Determined(task.Rows.Labels, shares);
        _sums = new BlockSums(task.Design.Blocks, task.Outputs);
        if (task.Rule == InterceptRule.Free && _loss.Unbounded(task.Rows.Labels, shares) is { } why)
        {
            throw new InvalidOperationException(why);
        }
    }

    public int Length => _task.Length;

    public double Tau => _tau;

    public NewtonTask Task => _task;

    public double[] Shares => _shares;

    /// <summary>Whether tau is infinite.</summary>
    public bool HoldsWeights => double.IsPositiveInfinity(_tau);

    /// <summary>How much of a shift is penalised: the weights, and the intercepts where they are pulled.</summary>
    public int PenalisedLength => HoldsWeights ? 0 : _task.Rule == InterceptRule.TowardsStart ? Length : _task.WeightLength;

    private int Outputs => _task.Outputs;

    private bool HoldsIntercepts => _task.Rule == InterceptRule.None || (_task.Rule == InterceptRule.TowardsStart && HoldsWeights);

    /// <summary>The scores at a shift (n x outputs).</summary>
    public double[] Scores(double[] shift)
    {
        var scores = (double[])_task.Offsets.Clone();
        if (shift.All(u => u == 0))
        {
            return scores;
        }

        AddScores(shift, scores);
        return scores;
    }

    /// <summary>Adds what a shift changes of the scores (n x outputs).</summary>
    public void AddScores(double[] shift, double[] scores) => _task.Design.Sweep(
        shift,
        Outputs,
        (_, first, values) =>
        {
            AddIntercepts(shift, values);
            Product.AddScaled(1, values, scores.AsSpan(first * Outputs, values.Length));
        },
        null,
        _task.Workers);

    /// <summary>The mean loss at scores + <paramref name="t"/> step, which become <paramref name="scores"/>; residuals and curvatures are
    /// written.</summary>
    public double Loss(double[] from, double t, double[] step, double[] scores, double[] residuals, double[] curvatures)
    {
        var blocks = _task.Design.Blocks;
        var losses = new double[blocks];
        (blocks < 8 ? _task.Workers.Single : _task.Workers).For((blocks + 7) / 8, piece =>
        {
            for (var block = 8 * piece; block < Math.Min(blocks, (8 * piece) + 8); block++)
            {
                var at = block * Design.BlockRows * Outputs;
                var z = scores.AsSpan(at, Math.Min(Design.BlockRows * Outputs, scores.Length - at));
                from.AsSpan(at, z.Length).CopyTo(z);
                Product.AddScaled(t, step.AsSpan(at, z.Length), z);
                var first = block * Design.BlockRows;
                var rows = z.Length / Outputs;
                losses[block] = _loss.Evaluate(
                    _task.Rows.Labels.AsSpan(first, rows), SharesOf(first, rows), z, residuals.AsSpan(at, z.Length),
                    curvatures.AsSpan(at, z.Length));
            }
        });
        return losses.Sum();
    }

    public double Penalty(ReadOnlySpan<double> shift) =>
        HoldsWeights ? 0 : _tau / 2 * Product.Dot(shift[..PenalisedLength], shift[..PenalisedLength]);

    /// <summary>Writes the gradient and gives its norm against the sum of the norms of what the rows have in it.</summary>
    public double Gradient(double[] residuals, double[] shift, double[] gradient)
    {
        _task.Design.Sweep(
            null,
            Outputs,
            (block, first, values) => CopyBlock(block, first, residuals, values),
            HoldsWeights ? null : gradient,
            _task.Workers);
        var parts = Finish(shift, gradient);
        var norm = Math.Sqrt(Product.Dot(gradient, gradient));
        return norm == 0 ? 0 : norm / parts;
    }

    /// <summary>The Hessian times a direction; X times the direction is written too, where it is wanted.</summary>
    public void HessianTimes(double[] curvatures, double[] direction, double[]? scores, double[] product)
    {
        _task.Design.Sweep(
            HoldsWeights ? null : direction,
            Outputs,
            (block, first, values) => CurveBlock(block, first, direction, curvatures, scores, values),
            HoldsWeights ? null : product,
            _task.Workers);
        Finish(direction, product);
    }

    /// <summary>The second derivatives of a row's loss with respect to each of its scores by itself.</summary>
    public void Curvature(int row, double[] curvatures, Span<double> own) =>
        _loss.Diagonal(SharesOf(row, 1), curvatures.AsSpan(row * Outputs, Outputs), own);

    /// <summary>All second derivatives of a row's loss with respect to its scores in one copy of the task (outputs of the copy,
    /// squared).</summary>
    public void Curvatures(int row, double[] curvatures, Span<double> all, int copy = 0)
    {
        var k = Outputs / _loss.Copies;
        _loss.Curvatures(_shares[(row * _loss.Copies) + copy], curvatures.AsSpan((row * Outputs) + (copy * k), k), all);
    }

    /// <summary>The second derivatives of all rows' losses with respect to each score by itself (n x outputs).</summary>
    public void Curvatures(double[] curvatures, double[] own) => _loss.Diagonal(_shares, curvatures, own);

    /// <summary>The diagonal of the Hessian.</summary>
    public double[] Diagonal(double[] curvatures)
    {
        var own = new double[curvatures.Length];
        _loss.Diagonal(_shares, curvatures, own);
        var diagonal = new double[Length];
        if (HoldsWeights)
        {
            Array.Fill(diagonal, 1);
        }
        else
        {
            _task.Design.Squares(own, Outputs, diagonal, _task.Workers);
        }

        for (var k = 0; k < Outputs; k++)
        {
            var sum = 0.0;
            for (var i = k; i < own.Length; i += Outputs)
            {
                sum += own[i];
            }

            diagonal[_task.WeightLength + k] = sum;
        }

        for (var j = 0; j < Length; j++)
        {
            diagonal[j] += j < PenalisedLength ? _tau : 0;
            diagonal[j] = diagonal[j] > 0 ? diagonal[j] : 1;
        }

        return diagonal;
    }

    /// <summary>Takes out of a vector what the fit leaves alone.</summary>
    public void Project(Span<double> vector) => Project(vector, _task.WeightLength);

    /// <summary>The same of a vector with another number of weights before the intercepts.</summary>
    public void Project(Span<double> vector, int weightLength)
    {
        if (HoldsWeights)
        {
            vector[..weightLength].Clear();
        }

        var intercepts = vector[weightLength..];
        if (HoldsIntercepts)
        {
            intercepts.Clear();
        }
        else if (_task.Rule == InterceptRule.Free && _loss.LeavesLevelOpen)
        {
            var k = Outputs / _loss.Copies;
            for (var copy = 0; copy < Outputs; copy += k)
            {
                InterceptLevel.Hold(intercepts.Slice(copy, k), _determined.AsSpan(copy, k));
            }
        }
    }

    /// <summary>Whether every row has its loss fall as the scores are multiplied: then tau = 0 has no minimum.</summary>
    public bool Separates(double[] scores) => _loss.Separates(_task.Rows.Labels, _shares, scores);

    /// <summary>A better place to begin than the start, where the loss knows one: the same intercept for all.</summary>
    public void MoveLevel(double[] shift)
    {
        if (_task.Rule == InterceptRule.Free && shift.All(u => u == 0)
            && _loss.Level(_task.Rows.Labels, _shares, _task.Offsets) is var level and not 0)
        {
            shift.AsSpan(_task.WeightLength).Fill(level);
        }
    }

    private ReadOnlySpan<double> SharesOf(int first, int rows) => _shares.AsSpan(first * _loss.Copies, rows * _loss.Copies);

    // Called some hundred times in a short fit, which ends before the runtime would come back to optimise them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyBlock(int block, int first, double[] residuals, Span<double> values)
    {
        residuals.AsSpan(first * Outputs, values.Length).CopyTo(values);
        var size = 0.0;
        for (var i = 0; i * Outputs < values.Length; i++)
        {
            var row = values.Slice(i * Outputs, Outputs);
            var reach = (HoldsWeights ? 0 : _task.SquaredNorms[first + i]) + (HoldsIntercepts ? 0 : 1);
            size += Math.Sqrt(reach * (Outputs == 1 ? row[0] * row[0] : Product.Dot(row, row)));
        }

        _sums.Set(block, values, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CurveBlock(int block, int first, double[] direction, double[] curvatures, double[]? scores, Span<double> values)
    {
        if (HoldsWeights)
        {
            values.Clear();
        }

        AddIntercepts(direction, values);
        var at = first * Outputs;
        if (scores is not null)
        {
            values.CopyTo(scores.AsSpan(at));
        }

        _loss.Curve(SharesOf(first, values.Length / Outputs), curvatures.AsSpan(at, values.Length), values);
        _sums.Set(block, values, 0);
    }

    private double Finish(double[] at, double[] vector)
    {
        var extra = _sums.Write(vector.AsSpan(_task.WeightLength));
        if (!HoldsWeights)
        {
            Product.AddScaled(_tau, at.AsSpan(0, PenalisedLength), vector.AsSpan(0, PenalisedLength));
        }

        Project(vector);
        return extra;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddIntercepts(double[] shift, Span<double> values)
    {
        var intercepts = shift.AsSpan(_task.WeightLength);
        for (var i = 0; i < values.Length; i += Outputs)
        {
            if (Outputs >= Product.Wide)
            {
                Product.AddScaled(1, intercepts, values.Slice(i, Outputs));
                continue;
            }

            for (var k = 0; k < Outputs; k++)
            {
                values[i + k] += intercepts[k];
            }
        }
    }
}
