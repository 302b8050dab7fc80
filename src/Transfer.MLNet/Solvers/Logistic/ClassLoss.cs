namespace Transfer.MLNet.Solvers.Logistic;

/// <summary>The mean loss as a function of the scores: log(1 + exp(-yz)) for two classes, logsumexp(z) - z_y for softmax.</summary>
/// <param name="rows">The rows.</param>
internal sealed class ClassLoss(ClassRows rows)
{
    private readonly int[] _classes = rows.Classes;
    private readonly int _outputs = rows.Outputs;

    /// <summary>omega_i / sum omega.</summary>
    public double[] Shares { get; } = rows.Shares();

    /// <summary>
    /// Of rows from <paramref name="first"/> on: the loss, the residuals d loss / d score and the probabilities, row by row.
    /// For two classes the probability is that of class 1.
    /// </summary>
    public double Evaluate(int first, ReadOnlySpan<double> scores, Span<double> residuals, Span<double> probabilities)
    {
        var loss = 0.0;
        if (_outputs == 1)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                var z = scores[i];
                var e = Math.Exp(-Math.Abs(z));
                var positive = _classes[first + i] == 1;
                probabilities[i] = z >= 0 ? 1 / (1 + e) : e / (1 + e);
                var wrong = positive == (z >= 0) ? e / (1 + e) : 1 / (1 + e);
                loss += Shares[first + i] * (Math.Max(positive ? -z : z, 0) + Math.Log(1 + e));
                residuals[i] = Shares[first + i] * (positive ? -wrong : wrong);
            }

            return loss;
        }

        for (var i = 0; i * _outputs < scores.Length; i++)
        {
            var z = scores.Slice(i * _outputs, _outputs);
            var p = probabilities.Slice(i * _outputs, _outputs);
            var largest = double.NegativeInfinity;
            foreach (var value in z)
            {
                largest = Math.Max(largest, value);
            }

            var sum = 0.0;
            for (var k = 0; k < p.Length; k++)
            {
                p[k] = Math.Exp(z[k] - largest);
                sum += p[k];
            }

            var (y, share) = (_classes[first + i], Shares[first + i]);
            var others = 0.0;
            for (var k = 0; k < p.Length; k++)
            {
                p[k] /= sum;
                residuals[(i * _outputs) + k] = share * p[k];
                others += k == y ? 0 : p[k];
            }

            residuals[(i * _outputs) + y] = -share * others;
            loss += share * (Math.Log(sum) + largest - z[y]);
        }

        return loss;
    }

    /// <summary>From changes of the scores to changes of the residuals, in place: the Hessian with respect to the scores.</summary>
    public void Curve(int first, ReadOnlySpan<double> probabilities, Span<double> values)
    {
        if (_outputs == 1)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] *= Shares[first + i] * probabilities[i] * (1 - probabilities[i]);
            }

            return;
        }

        for (var i = 0; i * _outputs < values.Length; i++)
        {
            var v = values.Slice(i * _outputs, _outputs);
            var p = probabilities.Slice(i * _outputs, _outputs);
            var mean = 0.0;
            for (var k = 0; k < p.Length; k++)
            {
                mean += p[k] * v[k];
            }

            for (var k = 0; k < p.Length; k++)
            {
                v[k] = Shares[first + i] * p[k] * (v[k] - mean);
            }
        }
    }
}
