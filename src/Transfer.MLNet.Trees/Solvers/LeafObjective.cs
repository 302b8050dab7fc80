using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;

namespace Transfer.MLNet.Trees.Solvers;

/// <summary>
/// What is least at a fit, its gradient and its curvature, as functions of one vector: the leaves' moves of all outputs, then an
/// intercept each,
/// then the source's scale where it is free. One output has a loss of its own (<see cref="RowLoss"/>), several have the multinomial one.
/// </summary>
internal sealed class LeafObjective
{
    // A row's worth of prior with a standard deviation of 3 log odds: keeps the intercept of a class without rows from running off.
    private const double PrecisionOfIntercept = 1.0 / 9;

    private readonly LeafRows _rows;
    private readonly RowLoss? _loss;
    private readonly LeafPenalty _penalty;
    private readonly Workers _workers;
    private readonly double[] _shares;
    private readonly double[][] _scores;
    private readonly double _interceptPrecision;
    private readonly double _scalePrecision;

    /// <param name="rows">The rows.</param>
    /// <param name="loss">The loss of the only output; null for the multinomial one.</param>
    /// <param name="penalty">What is fitted. A free scale is that of all outputs.</param>
    /// <param name="leftOut">Rows that do not count; null where all do.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public LeafObjective(LeafRows rows, RowLoss? loss, LeafPenalty penalty, bool[]? leftOut, Workers workers)
    {
        (_rows, _loss, _penalty, _workers) = (rows, loss, penalty, workers);
        var count = leftOut is null ? rows.Rows : leftOut.Count(l => !l);
        _shares = [.. rows.Weights.Select((w, i) => leftOut?[i] == true ? 0 : w / count)];
        _scores = [.. Enumerable.Range(0, rows.Outputs).Select(rows.ScoresOf)];
        First = new int[rows.Outputs + 1];
        for (var k = 0; k < rows.Outputs; k++)
        {
            First[k + 1] = First[k] + rows.LeafCounts[k];
        }

        _interceptPrecision = loss is null ? PrecisionOfIntercept / count : 0;
        _scalePrecision = penalty.PrecisionOfScale / count;
        Count = First[^1] + rows.Outputs + (penalty.FreeScale ? 1 : 0);
    }

    /// <summary>How many numbers are fitted.</summary>
    public int Count { get; }

    /// <summary>Where the moves of each output begin; where the intercepts do, last.</summary>
    public int[] First { get; }

    private int Outputs => _rows.Outputs;

    /// <summary>The scores of all rows (n x K).</summary>
    public Matrix Scores(double[] x) => Spread(x, offsets: true);

    /// <summary>The loss and the penalty.</summary>
    public double Value(Matrix scores, double[] x, double tau)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Rows; i++)
        {
            if (_shares[i] > 0)
            {
                sum += _shares[i] * (_loss?.Value(_rows.Labels[i], scores[i, 0])
                    ?? MultinomialLoss.Value((int)_rows.Labels[i], scores.Row(i)));
            }
        }

        var penalised = x.AsSpan(0, First[^1]);
        var intercepts = x.AsSpan(First[^1], Outputs);
        sum += double.IsPositiveInfinity(tau) ? 0 : tau / 2 * Product.Dot(penalised, penalised);
        sum += _interceptPrecision / 2 * Product.Dot(intercepts, intercepts);
        return sum + (_penalty.FreeScale ? _scalePrecision / 2 * Math.Pow(x[^1] - _penalty.CentreOfScale, 2) : 0);
    }

    /// <summary>The derivative of the loss by each score (n x K).</summary>
    public Matrix Slopes(Matrix scores)
    {
        var slopes = new Matrix(scores.Rows, Outputs);
        for (var i = 0; i < scores.Rows; i++)
        {
            if (_loss is not null)
            {
                slopes[i, 0] = _shares[i] * _loss.Derivatives(_rows.Labels[i], scores[i, 0]).Slope;
                continue;
            }

            var row = slopes.Row(i);
            MultinomialLoss.Probabilities(scores.Row(i), row);
            row[(int)_rows.Labels[i]] -= 1;
            foreach (ref var value in row)
            {
                value *= _shares[i];
            }
        }

        return slopes;
    }

    /// <summary>The gradient at x, from the slopes there.</summary>
    public double[] Gradient(Matrix slopes, double[] x, double tau)
    {
        var gradient = Gather(slopes);
        AddPenalty(x, gradient, tau, _penalty.CentreOfScale);
        return gradient;
    }

    /// <summary>The curvature of the loss at some scores: the diagonal (n x K), and the probabilities of several outputs.</summary>
    public (Matrix Curvatures, Matrix Probabilities) Curvature(Matrix scores)
    {
        var probabilities = new Matrix(scores.Rows, Outputs);
        var curvatures = new Matrix(scores.Rows, Outputs);
        for (var i = 0; i < scores.Rows; i++)
        {
            if (_loss is not null)
            {
                curvatures[i, 0] = _shares[i] * _loss.Derivatives(_rows.Labels[i], scores[i, 0]).Curvature;
                continue;
            }

            MultinomialLoss.Probabilities(scores.Row(i), probabilities.Row(i));
            for (var k = 0; k < Outputs; k++)
            {
                curvatures[i, k] = _shares[i] * probabilities[i, k] * (1 - probabilities[i, k]);
            }
        }

        return (curvatures, probabilities);
    }

    /// <summary>The second derivative times a vector.</summary>
    public double[] HessianTimes(double[] v, (Matrix Curvatures, Matrix Probabilities) curvature, double tau)
    {
        var spread = Spread(v, offsets: false);
        for (var i = 0; i < spread.Rows; i++)
        {
            if (_loss is not null)
            {
                spread[i, 0] *= curvature.Curvatures[i, 0];
                continue;
            }

            MultinomialLoss.Curve(curvature.Probabilities.Row(i), _shares[i], spread.Row(i));
        }

        var product = Gather(spread);
        AddPenalty(v, product, tau, centre: 0);
        return product;
    }

    /// <summary>The diagonal of the second derivative, above zero.</summary>
    public double[] Diagonal(Matrix curvatures, double tau)
    {
        var diagonal = new double[Count];
        for (var k = 0; k < Outputs; k++)
        {
            var column = new double[curvatures.Rows];
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = curvatures[i, k];
            }

            _rows.SumsByLeaf(k, column).CopyTo(diagonal.AsSpan(First[k]));
            diagonal[First[^1] + k] = column.Sum() + _interceptPrecision;
            if (_penalty.FreeScale)
            {
                for (var i = 0; i < column.Length; i++)
                {
                    diagonal[^1] += column[i] * _scores[k][i] * _scores[k][i];
                }
            }
        }

        if (_penalty.FreeScale)
        {
            diagonal[^1] += _scalePrecision;
        }

        for (var j = 0; j < diagonal.Length; j++)
        {
            diagonal[j] += j >= First[^1] ? 1e-12 : double.IsPositiveInfinity(tau) ? 1 : tau;
        }

        return diagonal;
    }

    /// <summary>What a vector of moves, intercepts and scale adds to the scores (n x K).</summary>
    private Matrix Spread(double[] x, bool offsets)
    {
        var scores = new Matrix(_rows.Rows, Outputs);
        _workers.For(Outputs, k =>
        {
            var column = new double[_rows.Rows];
            _rows.AddMoves(k, x.AsSpan(First[k], _rows.LeafCounts[k]), column);
            var c = (offsets ? _penalty.OffsetScale : 0) + (_penalty.FreeScale ? x[^1] : 0);
            for (var i = 0; i < column.Length; i++)
            {
                scores[i, k] = column[i] + x[First[^1] + k] + (c * _scores[k][i]);
            }
        });
        return scores;
    }

    /// <summary>The transpose of <see cref="Spread"/>.</summary>
    private double[] Gather(Matrix values)
    {
        var gathered = new double[Count];
        var alongScores = new double[Outputs];
        _workers.For(Outputs, k =>
        {
            var column = new double[_rows.Rows];
            var sum = 0.0;
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = values[i, k];
                sum += column[i];
            }

            _rows.SumsByLeaf(k, column).CopyTo(gathered.AsSpan(First[k]));
            gathered[First[^1] + k] = sum;
            alongScores[k] = _penalty.FreeScale ? Product.Dot(column, _scores[k]) : 0;
        });
        if (_penalty.FreeScale)
        {
            gathered[^1] = alongScores.Sum();
        }

        return gathered;
    }

    private void AddPenalty(double[] x, double[] to, double tau, double centre)
    {
        if (double.IsPositiveInfinity(tau))
        {
            to.AsSpan(0, First[^1]).Clear();
        }
        else
        {
            Product.AddScaled(tau, x.AsSpan(0, First[^1]), to.AsSpan(0, First[^1]));
        }

        Product.AddScaled(_interceptPrecision, x.AsSpan(First[^1], Outputs), to.AsSpan(First[^1], Outputs));
        if (_penalty.FreeScale)
        {
            to[^1] += _scalePrecision * (x[^1] - centre);
        }
    }
}
