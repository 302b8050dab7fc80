using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Production;

/// <summary>Whether two samples of rows are alike in what a model leaves unexplained, and in their features.</summary>
internal static class DriftTest
{
    private const int FewestRows = 20;

    // Of directions: an estimate for each from 20 rows or more, and no more than so many.
    private const int RowsPerDirection = 20;
    private const int MostDirections = 10;
    private const int MostNamed = 10;

    // A score that the directions give to this share is one of them.
    private const double Collinear = 1e-6;

    public static DriftStatement Of(DriftRows reference, DriftRows recent, bool referenceIsRecent, CancellationToken cancellation)
    {
        var (relation, features) = ((double?)null, ((double P, IReadOnlyList<string> Moved)?)null);
        if (Math.Min(reference.Residuals.Length, recent.Residuals.Length) >= FewestRows)
        {
            relation = Relation(reference, recent, cancellation);
            if (reference.Features is { } before && recent.Features is { } now && before.Columns == now.Columns)
            {
                features = Features(before, now, reference.Names);
            }
        }

        return new DriftStatement
        {
            RelationPValue = relation,
            FeaturesPValue = features?.P,
            MovedFeatures = features?.Moved ?? [],
            ReferenceRows = reference.Residuals.Length,
            RecentRows = recent.Residuals.Length,
            ReferenceIsRecent = referenceIsRecent,
        };
    }

    private static double Relation(DriftRows reference, DriftRows recent, CancellationToken cancellation)
    {
        var parts = new[] { reference, recent };
        var scores = Scores(parts);
        var levels = scores is null ? Wald(parts, [null, null], 0) : Wald(parts, scores, 0);
        if (Directions(parts, cancellation) is not { } directions)
        {
            return levels;
        }

        // The directions' slopes, beside the score's where that says something of its own.
        var both = scores is null ? directions : [.. directions.Zip(scores, (d, s) => d.Append(s!))];
        var joined = scores is not null && IsIndependent(directions, scores) ? both : directions;
        return Math.Min(1, 2 * Math.Min(levels, Wald(parts, joined, 1, directions[0].ColumnCount)));
    }

    // Each sample's residuals are regressed on a constant and the columns given; the coefficients from place first on, `count` of them
    // (all where it is null), are compared.
    private static double Wald(DriftRows[] parts, Matrix<double>?[] columns, int first, int? count = null)
    {
        var fits = parts.Zip(columns, (part, x) => Regression(part.Residuals, x)).ToArray();
        var number = count ?? fits[0].Weights.Count - first;
        var gap = (fits[0].Weights - fits[1].Weights).SubVector(first, number);
        var covariance = (fits[0].Covariance + fits[1].Covariance).SubMatrix(first, number, first, number);
        if (gap.L2Norm() == 0)
        {
            return 1;
        }

        var statistic = gap * covariance.PseudoInverse() * gap / number;
        var freedom = parts.Min(p => p.Residuals.Length) - fits[0].Weights.Count;
        return double.IsFinite(statistic) ? 1 - FisherSnedecor.CDF(number, freedom, Math.Max(0, statistic)) : 1;
    }

    private static (Vector<double> Weights, Matrix<double> Covariance) Regression(double[] residuals, Matrix<double>? columns)
    {
        var y = Vector<double>.Build.Dense(residuals);
        var constant = Vector<double>.Build.Dense(residuals.Length, 1);
        var x = columns is null ? constant.ToColumnMatrix() : constant.ToColumnMatrix().Append(columns);
        var inverse = (x.Transpose() * x).PseudoInverse();
        var weights = inverse * (x.Transpose() * y);
        var left = y - (x * weights);

        // HC3: each squared residual over (1 - leverage)^2.
        var half = x * inverse;
        for (var i = 0; i < x.RowCount; i++)
        {
            var leverage = Math.Min(0.999, half.Row(i) * x.Row(i));
            half.SetRow(i, half.Row(i) * (left[i] / (1 - leverage)));
        }

        return (weights, half.Transpose() * half);
    }

    private static Matrix<double>?[]? Scores(DriftRows[] parts)
    {
        if (parts.Any(p => p.Scores is null))
        {
            return null;
        }

        double[] all = [.. parts.SelectMany(p => p.Scores!)];
        var (mean, deviation) = (all.Average(), MathNet.Numerics.Statistics.ArrayStatistics.StandardDeviation(all));
        return deviation > 0
            ? [.. parts.Select(p => Matrix<double>.Build.Dense(p.Scores!.Length, 1, [.. p.Scores.Select(s => (s - mean) / deviation)]))]
            : null;
    }

    // The leading principal directions of the features, standardised over both samples together.
    private static Matrix<double>[]? Directions(DriftRows[] parts, CancellationToken cancellation)
    {
        if (parts.Any(p => p.Features is null) || parts[0].Features!.Columns != parts[1].Features!.Columns)
        {
            return null;
        }

        var (n, p) = (parts.Sum(d => d.Residuals.Length), parts[0].Features!.Columns);
        var all = new Kernels.Matrix(n, p);
        parts[0].Features!.Values.CopyTo(all.Values, 0);
        parts[1].Features!.Values.CopyTo(all.Values, parts[0].Features!.Values.Length);
        for (var j = 0; j < p; j++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var i = 0; i < n; i++)
            {
                sum += all[i, j];
            }

            for (var i = 0; i < n; i++)
            {
                all[i, j] -= sum / n;
                squares += all[i, j] * all[i, j];
            }

            var scale = squares > 0 ? Math.Sqrt(n / squares) : 0;
            for (var i = 0; i < n; i++)
            {
                all[i, j] *= scale;
            }
        }

        var workers = new Workers(1, cancellation);
        var eigen = SymmetricEigen.Of(Gram.OfRows(all, workers), workers);
        var most = Math.Min(MostDirections, parts.Min(d => d.Residuals.Length) / RowsPerDirection);
        var count = eigen.Values.Take(most).Count(v => v > Collinear * n);
        if (count == 0)
        {
            return null;
        }

        var axes = new Kernels.Matrix(p, count);
        for (var j = 0; j < p; j++)
        {
            eigen.Vectors.Row(j)[..count].CopyTo(axes.Row(j));
        }

        var along = Product.Times(all, axes, workers);
        Matrix<double> Part(int from, int rows) => Matrix<double>.Build.Dense(rows, count, (i, j) => along[from + i, j]);
        return [Part(0, parts[0].Residuals.Length), Part(parts[0].Residuals.Length, parts[1].Residuals.Length)];
    }

    private static bool IsIndependent(Matrix<double>[] directions, Matrix<double>?[] scores)
    {
        var x = directions[0].Stack(directions[1]);
        var s = scores[0]!.Stack(scores[1]!).Column(0);
        var left = s - (x * ((x.Transpose() * x).PseudoInverse() * (x.Transpose() * s)));
        return (left * left) > Math.Sqrt(Collinear) * (s * s);
    }

    private static (double P, IReadOnlyList<string> Moved) Features(Kernels.Matrix before, Kernels.Matrix now, IReadOnlyList<string> names)
    {
        var tests = new List<(int Feature, double P)>();
        for (var j = 0; j < before.Columns; j++)
        {
            double[] a = Column(before, j), b = Column(now, j);
            double[] both = [.. a, .. b];
            Array.Sort(both);
            if (both[0] == both[^1])
            {
                continue;
            }

            var middle = both[both.Length / 2];
            tests.Add((j, RankTest.TwoSided(a, b)));
            tests.Add((j, RankTest.TwoSided(Array.ConvertAll(a, v => Math.Abs(v - middle)),
                Array.ConvertAll(b, v => Math.Abs(v - middle)))));
        }

        var moved = tests.Where(t => t.P * tests.Count < DriftStatement.ErrorRate).OrderBy(t => t.P).Select(t => names[t.Feature]);
        return (tests.Count == 0 ? 1 : Math.Min(1, tests.Count * tests.Min(t => t.P)), [.. moved.Distinct().Take(MostNamed)]);
    }

    private static double[] Column(Kernels.Matrix rows, int column) => [.. Enumerable.Range(0, rows.Rows).Select(i => rows[i, column])];
}
