using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// The scores that each row would get from a fit without it, by one Newton step from the fit with it (Rad and Maleki 2020): with A_i the
/// row's part of X H^-1 X', W_i its second derivatives and r_i its residuals, z_i + A_i (I - W_i A_i)^-1 r_i. For least squares it is
/// exact.
/// </summary>
/// <remarks>
/// As in the regression's leave-one-out, the penalty of the sum over rows is kept: fits without a row are those with tau / (1 - share of
/// the row).
/// </remarks>
internal sealed class ApproximateLeaveOneOut
{
    // Multiplications for one tau: about a second on one core.
    private const double LargestWork = 2e10;

    private const int RowsAtATime = 256;

    private readonly NewtonTask _task;
    private readonly SolverBasis _basis;
    private readonly int _outputs;

    /// <exception cref="InvalidOperationException">The Hessian is too large to factor.</exception>
    public ApproximateLeaveOneOut(NewtonTask task)
    {
        if (!IsFeasible(task.Rows))
        {
            throw new InvalidOperationException(
                $"{task.Rows.Rows} rows of {task.Rows.FeatureCount} features"
                + (task.Outputs > 1 ? $" and {task.Outputs} classes" : string.Empty)
                + " are too many for approximate leave-one-out, which factors the Hessian. Choose tau by cross-validation, which does "
                + "not.");
        }

        _task = task;
        _outputs = task.Outputs;
        _basis = SolverBasis.Of(task.Design, task.Workers);
    }

    private int Size => (_basis.Size + 1) * _outputs;

    public static bool IsFeasible(LabelledRows rows)
    {
        var size = (SolverBasis.SizeOf(rows.Design) + 1.0) * rows.Outputs;
        return size * size * ((rows.Rows * (double)rows.Outputs) + size) <= LargestWork;
    }

    /// <summary>Scores without the row (n x outputs) of a minimum; null where its Hessian is singular.</summary>
    public double[]? Scores(NewtonObjective objective, Minimum minimum)
    {
        if (Cholesky.TryFactor(Hessian(objective, minimum), _task.Workers) is not { } factor)
        {
            return null;
        }

        var scores = (double[])minimum.Scores.Clone();
        var (own, step) = (new Matrix(_outputs, _outputs), new double[_outputs]);
        for (var first = 0; first < _task.Rows.Rows; first += RowsAtATime)
        {
            var count = Math.Min(RowsAtATime, _task.Rows.Rows - first);
            var whitened = factor.SolveLower(Sides(objective, first, count), _task.Workers);
            var products = Gram(whitened, count);
            for (var r = 0; r < count; r++)
            {
                products.AsSpan(r * _outputs * _outputs, _outputs * _outputs).CopyTo(own.Values);
                if (!TryStep(objective, minimum, first + r, own, step))
                {
                    return null;
                }

                for (var k = 0; k < _outputs; k++)
                {
                    scores[((first + r) * _outputs) + k] += step[k];
                }
            }
        }

        return scores;
    }

    /// <summary>The Hessian in the basis: weights class by class, then the intercepts; what is not fitted has 1 on the diagonal.</summary>
    private Matrix Hessian(NewtonObjective objective, Minimum minimum)
    {
        var (width, n) = (_basis.Size + 1, _task.Rows.Rows);
        var hessian = new Matrix(Size, Size);
        var (left, right) = (new Matrix(RowsAtATime, width), new Matrix(RowsAtATime, width));
        var blocks = new Matrix[_outputs, _outputs];
        var curves = new Matrix(RowsAtATime, _outputs * _outputs);
        for (var first = 0; first < n; first += RowsAtATime)
        {
            var count = Math.Min(RowsAtATime, n - first);
            for (var r = 0; r < count; r++)
            {
                _basis.Write(first + r, left.Row(r));
                left[r, width - 1] = 1;
                objective.Curvatures(first + r, minimum.Curvatures, curves.Row(r));
            }

            for (var a = 0; a < _outputs; a++)
            {
                for (var b = 0; b <= a; b++)
                {
                    for (var r = 0; r < count; r++)
                    {
                        var c = curves[r, (a * _outputs) + b];
                        for (var j = 0; j < width; j++)
                        {
                            right[r, j] = c * left[r, j];
                        }
                    }

                    BlockedProduct.Add(
                        1,
                        MatrixView.Of(left, 0, 0, count, width).Transposed,
                        MatrixView.Of(right, 0, 0, count, width),
                        MatrixView.Of(blocks[a, b] ??= new Matrix(width, width)),
                        _task.Workers);
                }
            }
        }

        for (var a = 0; a < _outputs; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                for (var i = 0; i < width; i++)
                {
                    for (var j = 0; j < width; j++)
                    {
                        hessian[Place(a, i), Place(b, j)] = hessian[Place(b, j), Place(a, i)] = blocks[a, b][i, j];
                    }
                }
            }
        }

        var penalised = objective.HoldsWeights ? 0 : objective.Task.Rule == InterceptRule.TowardsStart ? Size : Size - _outputs;
        for (var j = 0; j < penalised; j++)
        {
            hessian[j, j] += objective.Tau;
        }

        for (var i = 0; i < Size; i++)
        {
            Project(objective, hessian.Row(i));
        }

        // The same from the other side, and 1 for what the projection has taken out.
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < i; j++)
            {
                (hessian[i, j], hessian[j, i]) = (hessian[j, i], hessian[i, j]);
            }
        }

        var unit = new double[Size];
        for (var i = 0; i < Size; i++)
        {
            Project(objective, hessian.Row(i));
            Array.Clear(unit);
            unit[i] = 1;
            Project(objective, unit);
            for (var j = 0; j < Size; j++)
            {
                hessian[i, j] += (i == j ? 1 : 0) - unit[j];
            }
        }

        return hessian;
    }

    /// <summary>Right-hand sides: for each row and class what the class's score of the row is made from.</summary>
    private Matrix Sides(NewtonObjective objective, int first, int count)
    {
        var sides = new Matrix(Size, count * _outputs);
        var row = new double[_basis.Size];
        var side = new double[Size];
        for (var r = 0; r < count; r++)
        {
            _basis.Write(first + r, row);
            for (var k = 0; k < _outputs; k++)
            {
                Array.Clear(side);
                row.CopyTo(side, k * row.Length);
                side[Place(k, row.Length)] = 1;
                Project(objective, side);
                for (var i = 0; i < Size; i++)
                {
                    sides[i, (r * _outputs) + k] = side[i];
                }
            }
        }

        return sides;
    }

    /// <summary>Y_i'Y_i of each row, of the whitened sides Y.</summary>
    private double[] Gram(Matrix whitened, int count)
    {
        var k = _outputs;
        var products = new double[count * k * k];
        _task.Workers.For((count + 31) / 32, piece =>
        {
            for (var i = 0; i < Size; i++)
            {
                var row = whitened.Row(i);
                for (var r = 32 * piece; r < Math.Min(count, (32 * piece) + 32); r++)
                {
                    for (var a = 0; a < k; a++)
                    {
                        for (var b = 0; b < k; b++)
                        {
                            products[(((r * k) + a) * k) + b] += row[(r * k) + a] * row[(r * k) + b];
                        }
                    }
                }
            }
        });
        return products;
    }

    /// <summary>A (I - W A)^-1 r, by elimination with row exchanges; false where leaving the row out leaves no curvature.</summary>
    private bool TryStep(NewtonObjective objective, Minimum minimum, int row, Matrix a, double[] step)
    {
        var k = _outputs;
        Span<double> w = new double[k * k];
        objective.Curvatures(row, minimum.Curvatures, w);
        var system = new Matrix(k, k + 1);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                var sum = i == j ? 1.0 : 0.0;
                for (var l = 0; l < k; l++)
                {
                    sum -= w[(i * k) + l] * a[l, j];
                }

                system[i, j] = sum;
            }

            system[i, k] = minimum.Residuals[(row * k) + i];
        }

        if (!Elimination.TrySolve(system))
        {
            return false;
        }

        for (var i = 0; i < k; i++)
        {
            step[i] = 0;
            for (var j = 0; j < k; j++)
            {
                step[i] += a[i, j] * system[j, k];
            }
        }

        return true;
    }

    private int Place(int output, int coordinate) =>
        coordinate == _basis.Size ? (_outputs * _basis.Size) + output : (output * _basis.Size) + coordinate;

    private void Project(NewtonObjective objective, Span<double> vector) => objective.Project(vector, _outputs * _basis.Size);
}
