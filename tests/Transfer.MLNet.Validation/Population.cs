using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Validation;

/// <summary>
/// The truth of one draw: w0 in a random direction with |w0| = 1, w1 = rho w0 + v with v across it and |v| = 1/2, Gaussian rows of
/// covariance S with mean variance 1, Gaussian noise of variance s^2 = 1 / SNR in both tasks.
/// </summary>
internal sealed class Population
{
    private const double Autoregression = 0.7;
    private const double Across = 0.5;
    private const int Spikes = 3;
    private const double SpikeVariance = 100;

    // Rows of a cluster, and the share of the noise variance that they have in common.
    private const int ClusterRows = 5;
    private const double CommonShare = 0.5;

    // Degrees of freedom of Student's t.
    private const double TailDegrees = 3;

    private readonly Xoshiro256StarStar _random;
    private readonly double[]? _deviations;
    private readonly bool _autoregressive;
    private readonly Cell _cell;
    private double _common;

    public Population(Cell cell, int draw)
    {
        _random = new Xoshiro256StarStar(Seed(cell.Number, draw), threadSafe: false);
        _cell = cell;
        _autoregressive = cell.Covariance == "ar";
        _deviations = cell.Covariance.StartsWith("power", StringComparison.Ordinal) ? Scaled(j => 1.0 / j)
            : cell.Covariance == "spikes" ? Scaled(j => j <= Spikes ? SpikeVariance : 1)
            : null;
        var signal = cell.Covariance switch
        {
            "power-top" => 0..3,
            "power-tail" => (cell.Features / 2)..cell.Features,
            _ => 0..cell.Features,
        };
        NoiseVariance = 1 / cell.SignalToNoise;
        var w0 = Direction(signal);
        var across = Direction(signal);
        Product.AddScaled(-Product.Dot(across, w0), w0, across);
        var length = Math.Sqrt(Product.Dot(across, across));
        Source = w0;
        Target = new double[cell.Features];
        Product.AddScaled(cell.Alignment, w0, Target);
        Product.AddScaled(Across / length, across, Target);
    }

    /// <summary>w0.</summary>
    public double[] Source { get; }

    /// <summary>w1.</summary>
    public double[] Target { get; }

    /// <summary>s^2.</summary>
    public double NoiseVariance { get; }

    /// <summary>Rows of the source; in the world of duplicates each is there twice.</summary>
    public HeldRows SourceRows()
    {
        var rows = Rows(_cell.SourceRows, Source);
        if (_cell.Covariance == "duplicates")
        {
            for (var i = rows.Rows / 2; i < rows.Rows; i++)
            {
                rows.Features.Row(i - (rows.Rows / 2)).CopyTo(rows.Features.Row(i));
                rows.Labels[i] = rows.Labels[i - (rows.Rows / 2)];
            }
        }

        return rows;
    }

    /// <summary>Rows of the target; in the world of clusters five that follow one another share half of their noise.</summary>
    public HeldRows TargetRows()
    {
        var rows = Rows(_cell.TargetRows, Target);
        if (_cell.Covariance == "clusters")
        {
            for (var i = 0; i < rows.Rows; i++)
            {
                var noise = rows.Labels[i] - Product.Dot(rows.Features.Row(i), Target);
                var first = i - (i % ClusterRows);
                var common = i == first ? _common = Normal.Sample(_random, 0, Math.Sqrt(NoiseVariance)) : _common;
                rows.Labels[i] += (noise * (Math.Sqrt(1 - CommonShare) - 1)) + (Math.Sqrt(CommonShare) * common);
            }
        }

        return rows;
    }

    private HeldRows Rows(int count, double[] truth)
    {
        var values = new double[count * _cell.Features];
        Normal.Samples(_random, values, 0, 1);
        var noise = new double[count];
        Normal.Samples(_random, noise, 0, Math.Sqrt(NoiseVariance));
        if (_cell.Covariance == "tails")
        {
            // Student's t, brought to the same variance.
            var scale = Math.Sqrt(NoiseVariance * (TailDegrees - 2) / TailDegrees);
            noise = [.. Enumerable.Range(0, count).Select(_ => scale * StudentT.Sample(_random, 0, 1, TailDegrees))];
        }

        var features = new Matrix(count, _cell.Features, values);
        var fresh = Math.Sqrt(1 - (Autoregression * Autoregression));
        for (var i = 0; i < count; i++)
        {
            var row = features.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = _deviations is not null ? _deviations[j] * row[j]
                    : _autoregressive && j > 0 ? (Autoregression * row[j - 1]) + (fresh * row[j])
                    : row[j];
            }

            noise[i] += Product.Dot(row, truth);
        }

        return new HeldRows(features, noise);
    }

    /// <summary>(w - w1)'S(w - w1) for each column w of p x k.</summary>
    public double[] ExcessRisks(Matrix weights)
    {
        var k = weights.Columns;
        var off = weights.Clone();
        for (var j = 0; j < off.Rows; j++)
        {
            foreach (ref var v in off.Row(j))
            {
                v -= Target[j];
            }
        }

        // S d, row by row: AR(1) has S_ij = a^|i-j|, a sum that runs forward and one that runs back.
        var moved = off.Clone();
        if (_deviations is not null)
        {
            for (var j = 0; j < off.Rows; j++)
            {
                foreach (ref var v in moved.Row(j))
                {
                    v *= _deviations[j] * _deviations[j];
                }
            }
        }
        else if (_autoregressive)
        {
            for (var j = 1; j < off.Rows; j++)
            {
                Product.AddScaled(Autoregression, moved.Row(j - 1), moved.Row(j));
            }

            var back = new double[k];
            for (var j = off.Rows - 2; j >= 0; j--)
            {
                var next = off.Row(j + 1);
                var to = moved.Row(j);
                for (var c = 0; c < k; c++)
                {
                    back[c] = Autoregression * (back[c] + next[c]);
                    to[c] += back[c];
                }
            }
        }

        var risks = new double[k];
        for (var j = 0; j < off.Rows; j++)
        {
            var a = off.Row(j);
            var b = moved.Row(j);
            for (var c = 0; c < k; c++)
            {
                risks[c] += a[c] * b[c];
            }
        }

        return risks;
    }

    private double[] Scaled(Func<int, double> variance)
    {
        var variances = Enumerable.Range(1, _cell.Features).Select(variance).ToArray();
        var mean = variances.Average();
        return Array.ConvertAll(variances, v => Math.Sqrt(v / mean));
    }

    private double[] Direction(Range signal)
    {
        var v = new double[_cell.Features];
        var (start, count) = signal.GetOffsetAndLength(v.Length);
        var drawn = new double[count];
        Normal.Samples(_random, drawn, 0, 1);
        drawn.CopyTo(v, start);
        var length = Math.Sqrt(Product.Dot(v, v));
        return Array.ConvertAll(v, x => x / length);
    }

    // SplitMix64's finaliser over both numbers.
    private static int Seed(int cell, int draw)
    {
        var state = ((ulong)(uint)cell << 32 | (uint)draw) + 0x9E3779B97F4A7C15UL;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
        return (int)((state ^ (state >> 31)) >> 32);
    }
}
