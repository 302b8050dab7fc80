using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Logistic;

/// <summary>
/// The objective as a function of the shift u from the start: p x outputs weights, feature by feature, and then the intercepts.
/// Shifts of intercepts that the loss does not determine (a common one; those of classes without rows) stay zero.
/// </summary>
internal sealed class LogisticObjective
{
    private readonly Design _design;
    private readonly ClassLoss _loss;
    private readonly int[] _rowCounts;
    private readonly LogisticSettings _settings;
    private readonly Workers _workers;
    private readonly double[] _rowNorms;

    public LogisticObjective(ClassRows rows, LogisticStart start, LogisticSettings settings, Workers workers)
    {
        (_design, _settings, _workers) = (rows.Design, settings, workers);
        _loss = new ClassLoss(rows);
        _rowCounts = rows.RowCounts;
        Outputs = rows.Outputs;
        Length = (_design.FeatureCount + 1) * Outputs;
        _rowNorms = _design.SquaredNorms();
        for (var i = 0; i < _rowNorms.Length; i++)
        {
            _rowNorms[i] = Math.Sqrt((settings.Tau < double.PositiveInfinity ? _rowNorms[i] : 0) + (settings.Intercept == InterceptRule.None ? 0 : 1));
        }

        Offsets = _design.Scores(Layout.ByFeature(start.Weights, _design.FeatureCount, Outputs), Outputs, workers);
        if (settings.Intercept != InterceptRule.None)
        {
            AddIntercepts(start.Intercepts, Offsets);
        }
    }

    public int Outputs { get; }

    /// <summary>Of a shift.</summary>
    public int Length { get; }

    /// <summary>The scores at the start (n x outputs).</summary>
    public double[] Offsets { get; }

    private int WeightLength => Length - Outputs;

    /// <summary>X times a shift, intercepts included.</summary>
    public double[] Scores(double[] shift)
    {
        var scores = _design.Scores(shift, Outputs, _workers);
        AddIntercepts(shift.AsSpan(WeightLength), scores);
        return scores;
    }

    /// <summary>The mean loss at some scores; residuals and probabilities are written.</summary>
    public double Loss(double[] scores, double[] residuals, double[] probabilities)
    {
        var losses = new double[_design.Blocks];
        _workers.For(_design.Blocks, block =>
        {
            var first = block * Design.BlockRows * Outputs;
            var length = Math.Min(Design.BlockRows * Outputs, scores.Length - first);
            losses[block] = _loss.Evaluate(
                block * Design.BlockRows, scores.AsSpan(first, length), residuals.AsSpan(first, length), probabilities.AsSpan(first, length));
        });
        return losses.Sum();
    }

    public double Penalty(ReadOnlySpan<double> shift)
    {
        if (double.IsPositiveInfinity(_settings.Tau))
        {
            return 0;
        }

        var held = _settings.Intercept == InterceptRule.TowardsStart ? shift : shift[..WeightLength];
        return _settings.Tau / 2 * Product.Dot(held, held);
    }

    /// <summary>The gradient, and its norm against the sum of the norms of what the rows have in it.</summary>
    public double Gradient(double[] residuals, double[] shift, double[] gradient)
    {
        _design.Sweep(null, Outputs, (_, first, values) => residuals.AsSpan(first * Outputs, values.Length).CopyTo(values), gradient, _workers);
        Intercepts(residuals, gradient.AsSpan(WeightLength));
        AddPenalty(shift, gradient);
        var parts = 0.0;
        for (var i = 0; i < _design.Rows; i++)
        {
            var row = residuals.AsSpan(i * Outputs, Outputs);
            parts += _rowNorms[i] * Math.Sqrt(Product.Dot(row, row));
        }

        return Math.Sqrt(Product.Dot(gradient, gradient)) / Math.Max(parts, double.Epsilon);
    }

    /// <summary>The Hessian times a direction; X times the direction is written too.</summary>
    public void HessianTimes(double[] probabilities, double[] direction, double[] scores, double[] product)
    {
        var intercepts = direction.AsSpan(WeightLength).ToArray();
        var residuals = new double[scores.Length];
        _design.Sweep(
            direction,
            Outputs,
            (_, first, values) =>
            {
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] += intercepts[i % Outputs];
                }

                var at = first * Outputs;
                values.CopyTo(scores.AsSpan(at));
                _loss.Curve(first, probabilities.AsSpan(at, values.Length), values);
                values.CopyTo(residuals.AsSpan(at));
            },
            product,
            _workers);
        Intercepts(residuals, product.AsSpan(WeightLength));
        AddPenalty(direction, product);
    }

    /// <summary>The diagonal of the Hessian.</summary>
    public double[] Diagonal(double[] probabilities)
    {
        var curvatures = new double[probabilities.Length];
        var diagonal = new double[Length];
        for (var i = 0; i < curvatures.Length; i++)
        {
            curvatures[i] = _loss.Shares[i / Outputs] * probabilities[i] * (1 - probabilities[i]);
            diagonal[WeightLength + (i % Outputs)] += curvatures[i];
        }

        _design.AddSquares(curvatures, Outputs, diagonal, _workers);
        for (var j = 0; j < Length; j++)
        {
            diagonal[j] += j < WeightLength || _settings.Intercept == InterceptRule.TowardsStart
                ? double.IsPositiveInfinity(_settings.Tau) ? 1 : _settings.Tau
                : 0;
            diagonal[j] = diagonal[j] > 0 ? diagonal[j] : 1;
        }

        return diagonal;
    }

    /// <summary>Takes out of a vector what the fit leaves alone.</summary>
    public void Project(double[] vector)
    {
        if (double.IsPositiveInfinity(_settings.Tau))
        {
            Array.Clear(vector, 0, WeightLength);
        }

        var intercepts = vector.AsSpan(WeightLength);
        if (_settings.Intercept == InterceptRule.None || (_settings.Intercept == InterceptRule.TowardsStart && double.IsPositiveInfinity(_settings.Tau)))
        {
            intercepts.Clear();
        }
        else if (_settings.Intercept == InterceptRule.Free && Outputs > 1)
        {
            var (sum, count) = (0.0, 0);
            for (var k = 0; k < Outputs; k++)
            {
                intercepts[k] = _rowCounts[k] > 0 ? intercepts[k] : 0;
                sum += intercepts[k];
                count += _rowCounts[k] > 0 ? 1 : 0;
            }

            for (var k = 0; k < Outputs; k++)
            {
                intercepts[k] -= _rowCounts[k] > 0 ? sum / count : 0;
            }
        }
    }

    private void AddPenalty(double[] shift, double[] gradient)
    {
        if (double.IsFinite(_settings.Tau))
        {
            var held = _settings.Intercept == InterceptRule.TowardsStart ? Length : WeightLength;
            Product.AddScaled(_settings.Tau, shift.AsSpan(0, held), gradient.AsSpan(0, held));
        }

        Project(gradient);
    }

    private void AddIntercepts(ReadOnlySpan<double> intercepts, double[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] += intercepts[i % Outputs];
        }
    }

    private void Intercepts(double[] residuals, Span<double> sums)
    {
        sums.Clear();
        for (var i = 0; i < residuals.Length; i++)
        {
            sums[i % Outputs] += residuals[i];
        }
    }
}
