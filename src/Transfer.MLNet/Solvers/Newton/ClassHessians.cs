using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// The Hessian of every class by itself, for many classes with few features: each class has a curvature of its own, and those of the many
/// that few rows speak of are far from the mean. What classes have in common is left out, but that their shifts add up to zero, which they
/// do in every minimum of a loss that leaves the level open.
/// </summary>
/// <remarks>
/// With B the blocks and E the stacked unit matrices, the solution of least B-norm residual among shifts with E'd = 0 is
/// d = B^-1 (r - E (E'B^-1 E)^-1 E'B^-1 r). For softmax H is at most 2 B (each row's is a Laplacian of a weighted graph, B its
/// diagonal).
/// </remarks>
internal sealed class ClassHessians : Preconditioner
{
    private const int FewestClasses = 40;

    // The blocks take up to p/4 products with all rows; they spare several times as many.
    private const int MostFeatures = 64;
    private const long MostNumbers = 1L << 23;

    // A class's curvature spread more evenly over the rows than over this share of them is much like the mean of all classes.
    private const double MostEven = 0.03;

    // Rows with less than this share of a class's mean curvature are left out of its block.
    private const double Negligible = 0.05;
    private const int OutputsAtATime = 64;

    private readonly ManyCholesky _factor;
    private readonly Cholesky[] _common;

    private ClassHessians(ManyCholesky factor, Cholesky[] common) => (_factor, _common) = (factor, common);

    /// <summary>The factors, or null where classes are few, features many, or a block is singular.</summary>
    public static ClassHessians? TryFactor(NewtonObjective objective, double[] curvatures)
    {
        var task = objective.Task;
        var (size, outputs) = (task.Design.Width + 1, task.Outputs);
        if (outputs / task.Loss.Copies < FewestClasses || task.Design.Width > MostFeatures || !task.Loss.LeavesLevelOpen
            || objective.PenalisedLength == 0 || (long)size * (size + 1) / 2 * outputs > MostNumbers)
        {
            return null;
        }

        if (Blocks(objective, curvatures, size) is not { } blocks)
        {
            return null;
        }

        if (ManyCholesky.TryFactor(blocks, size, task.Workers) is not { } factor)
        {
            return null;
        }

        var common = Common(factor, task.Loss.Copies, task.Workers);
        return Array.Exists(common, c => c is null) ? null : new ClassHessians(factor, common!);
    }

    public override void Solve(double[] from, double[] to)
    {
        _factor.Solve(from, to);
        var (size, outputs) = (_factor.Size, _factor.Count);
        var k = outputs / _common.Length;
        var sums = new double[size];
        var taken = (double[])from.Clone();
        for (var copy = 0; copy < _common.Length; copy++)
        {
            for (var a = 0; a < size; a++)
            {
                sums[a] = Sum(to.AsSpan((a * outputs) + (copy * k), k));
            }

            var lambda = _common[copy].Solve(sums);
            for (var a = 0; a < size; a++)
            {
                foreach (ref var value in taken.AsSpan((a * outputs) + (copy * k), k))
                {
                    value -= lambda[a];
                }
            }
        }

        _factor.Solve(taken, to);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    /// <summary>
    /// The lower triangles of all blocks (elements x outputs): products of two features of each row times the classes' curvatures there.
    /// Null where the curvatures of a class are much the same in all rows: then the mean of all classes is as good.
    /// </summary>
    private static Matrix? Blocks(NewtonObjective objective, double[] curvatures, int size)
    {
        var task = objective.Task;
        var (design, outputs, rows) = (task.Design, task.Outputs, task.Design.Rows);
        var own = task.Scratch.Take(curvatures.Length);
        objective.Curvatures(curvatures, own);
        var (sums, squares) = (new double[outputs], 0.0);
        for (var i = 0; i < rows; i++)
        {
            var row = own.AsSpan(i * outputs, outputs);
            Product.AddScaled(1, row, sums);
            squares += Product.Dot(row, row);
        }

        // How evenly a class's curvature is spread over the rows: 1 for the same in all of them, 1/n for one row.
        var evenness = Product.Dot(sums, sums) / (rows * squares);
        if (!(evenness < MostEven))
        {
            task.Scratch.Return(own);
            return null;
        }

        var elements = ManyCholesky.At(size, 0);
        var blocks = new Matrix(outputs, elements);
        task.Workers.For((outputs + OutputsAtATime - 1) / OutputsAtATime, piece =>
        {
            var (first, end) = (piece * OutputsAtATime, Math.Min(outputs, (piece + 1) * OutputsAtATime));
            var (row, products) = (new double[size], new double[elements]);
            for (var i = 0; i < rows; i++)
            {
                var done = false;
                for (var k = first; k < end; k++)
                {
                    var curvature = own[(i * outputs) + k];
                    if (curvature * rows < Negligible * sums[k])
                    {
                        continue;
                    }

                    if (!done)
                    {
                        design.Write(i, 1, row, size);
                        row[^1] = 1;
                        for (var a = 0; a < size; a++)
                        {
                            for (var b = 0; b <= a; b++)
                            {
                                products[ManyCholesky.At(a, b)] = row[a] * row[b];
                            }
                        }

                        done = true;
                    }

                    Product.AddScaled(curvature, products, blocks.Row(k));
                }
            }

            for (var a = 0; a < size && a * outputs < objective.PenalisedLength; a++)
            {
                for (var k = first; k < end; k++)
                {
                    blocks[k, ManyCholesky.At(a, a)] += objective.Tau;
                }
            }
        });
        task.Scratch.Return(own);
        return blocks;
    }

    /// <summary>E'B^-1 E of every copy of the task, factored.</summary>
    private static Cholesky?[] Common(ManyCholesky factor, int copies, Workers workers)
    {
        var (size, outputs) = (factor.Size, factor.Count);
        var k = outputs / copies;
        var sums = Enumerable.Range(0, copies).Select(_ => new Matrix(size, size)).ToArray();
        var (unit, solved) = (new double[size * outputs], new double[size * outputs]);
        for (var b = 0; b < size; b++)
        {
            Array.Clear(unit);
            unit.AsSpan(b * outputs, outputs).Fill(1);
            factor.Solve(unit, solved);
            for (var copy = 0; copy < copies; copy++)
            {
                for (var a = 0; a < size; a++)
                {
                    sums[copy][a, b] = Sum(solved.AsSpan((a * outputs) + (copy * k), k));
                }
            }
        }

        return Array.ConvertAll(sums, s => Cholesky.TryFactor(s, workers));
    }
}
