using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// A task in the eigenbasis of A = Xc' Omega Xc / sum omega. With it ridge for another tau is a division, and for another starting
/// point a subtraction (theory: the resolvent (A + tau)^-1 is diagonal in this basis).
/// </summary>
internal sealed class TaskSpectrum
{
    // Eigenvalues below this share of the largest are rounding errors of the Gram matrix.
    private const double Negligible = 1e-12;

    private readonly Lazy<Matrix> _basis;

    private TaskSpectrum(
        long rows, bool centred, double[] featureMeans, double labelMean, double labelPower, double[] eigenvalues, double[] coefficients,
        Func<Matrix> basis)
    {
        Rows = rows;
        Centred = centred;
        FeatureMeans = featureMeans;
        LabelMean = labelMean;
        LabelPower = labelPower;
        Eigenvalues = eigenvalues;
        Coefficients = coefficients;
        _basis = new(basis);
    }

    /// <summary>p.</summary>
    public int FeatureCount => FeatureMeans.Length;

    /// <summary>What the features are called (p), or empty where nothing says so.</summary>
    public IReadOnlyList<string> FeatureNames { get; private init; } = [];

    /// <summary>n, rows of weight zero not counted.</summary>
    public long Rows { get; }

    /// <summary>Whether the task has an intercept, and its data are centred for it.</summary>
    public bool Centred { get; }

    /// <summary>What the features are centred at (p): their weighted means, or zero where the task has no intercept.</summary>
    public double[] FeatureMeans { get; }

    /// <summary>What the label is centred at.</summary>
    public double LabelMean { get; }

    /// <summary>yc' Omega yc / sum omega.</summary>
    public double LabelPower { get; }

    /// <summary>lambda (q): the eigenvalues of A above 1e-12 of the largest, descending.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>beta = V'b (q), b = Xc' Omega yc / sum omega.</summary>
    public double[] Coefficients { get; }

    /// <summary>V (p x q): eigenvectors of A in columns. From rows with p &gt; n it is made when it is first asked for.</summary>
    public Matrix Basis => _basis.Value;

    // With p > n the basis is n times as much work to make as a fit is through the rows.
    private bool IsDual => ScaledRows is not null && Route.IsThroughRows(Rows, FeatureCount);

    /// <summary>sqrt(s_i) (x_i - mean) (n x p), s_i of mean 1; null where the spectrum was made from moments.</summary>
    public Matrix? ScaledRows { get; private init; }

    /// <summary>sqrt(s_i) (y_i - mean) (n); null where the spectrum was made from moments.</summary>
    public double[]? ScaledLabels { get; private init; }

    /// <summary>sqrt(s_i) (n); null where the spectrum was made from moments.</summary>
    public double[]? RootWeights { get; private init; }

    /// <summary>U (n x q), ScaledRows = sqrt(n) U diag(sqrt(lambda)) V'; null where the spectrum was made from moments.</summary>
    public Matrix? RowBasis { get; private init; }

    public static TaskSpectrum Of(Moments moments, bool intercept, Workers workers) => Of(
        moments.Total, intercept, workers, moments.FeatureNames);

    public static TaskSpectrum Of(MomentBlock moments, bool intercept, Workers workers, IReadOnlyList<string>? featureNames = null)
    {
        var normal = NormalEquations.Of(moments, intercept);
        var (values, basis) = ThinEigen.OfSymmetric(normal.A, Negligible, workers);
        return new(
            moments.Count, intercept, normal.FeatureMeans, normal.LabelMean, normal.LabelPower, values,
            Product.TransposedTimes(basis, normal.B), () => basis)
        {
            FeatureNames = featureNames ?? [],
        };
    }

    public static TaskSpectrum Of(HeldRows rows, bool intercept, Workers workers)
    {
        var centred = CentredRows.Of(rows, intercept, workers);
        var (x, y, n) = (centred.Features, centred.Labels, rows.Rows);
        var power = Product.Dot(y, y) / n;
        var eigen = ThinEigen.Of(x, Negligible, workers);
        double[] coefficients;
        if (eigen.Right is { } v)
        {
            coefficients = Product.TransposedTimes(v, Product.TransposedTimes(x, y));
            Scale(coefficients, 1.0 / n);
        }
        else
        {
            coefficients = OfLabels(eigen.Left, eigen.Values, y);
        }

        return new(
            n, intercept, centred.FeatureMeans, centred.LabelMean, power, eigen.Values, coefficients, () => eigen.RightOf(x, workers))
        {
            FeatureNames = rows.FeatureNames,
            ScaledRows = x,
            ScaledLabels = y,
            RootWeights = centred.RootWeights,
            RowBasis = eigen.Left,
        };
    }

    /// <summary>
    /// From the products of a task's rows alone (n x n): enough for leave-one-out. Weights, and the basis, are those of whoever has the
    /// rows.
    /// </summary>
    /// <param name="products">XsXs'/n, with Xs = sqrt(s_i) (x_i - mean).</param>
    /// <param name="labels">sqrt(s_i) (y_i - mean).</param>
    /// <param name="rootWeights">sqrt(s_i).</param>
    /// <param name="centred">Whether the task has an intercept.</param>
    /// <param name="featureMeans">What the features are centred at (p).</param>
    /// <param name="labelMean">What the label is centred at.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static TaskSpectrum OfRowProducts(
        Matrix products, double[] labels, double[] rootWeights, bool centred, double[] featureMeans, double labelMean, Workers workers)
    {
        var n = products.Rows;
        var (values, left) = ThinEigen.OfSymmetric(products, Negligible, workers);
        return new(
            n, centred, featureMeans, labelMean, Product.Dot(labels, labels) / n, values, OfLabels(left, values, labels),
            () => throw new InvalidOperationException("A spectrum that was made from the products of rows has no basis."))
        {
            ScaledLabels = labels,
            RootWeights = rootWeights,
            RowBasis = left,
        };
    }

    /// <summary>Plain ridge: the w of smallest (1/n)|y - Xw|^2 + tau |w|^2; at tau = 0 the shortest of the least-squares
    /// solutions.</summary>
    public double[] Ridge(double tau)
    {
        Tau.Require(tau);
        var inBasis = new double[Eigenvalues.Length];
        for (var k = 0; k < inBasis.Length; k++)
        {
            inBasis[k] = Coefficients[k] / (Eigenvalues[k] + tau);
        }

        return OutOfBasis(inBasis);
    }

    /// <summary>
    /// The same for many taus at once (p x T, a column for each): as products of matrices, which read the rows or the basis once, where a
    /// vector at a time reads them for every tau.
    /// </summary>
    public Matrix Ridge(ReadOnlySpan<double> taus, Workers workers)
    {
        var inBasis = new Matrix(Eigenvalues.Length, taus.Length);
        for (var t = 0; t < taus.Length; t++)
        {
            Tau.Require(taus[t]);
            for (var k = 0; k < inBasis.Rows; k++)
            {
                inBasis[k, t] = Coefficients[k] / (Eigenvalues[k] + taus[t]);
            }
        }

        if (!IsDual)
        {
            return Product.Times(Basis, inBasis, workers);
        }

        for (var k = 0; k < inBasis.Rows; k++)
        {
            Scale(inBasis.Row(k), 1 / Math.Sqrt(Rows * Eigenvalues[k]));
        }

        return Product.TransposedTimes(ScaledRows!, Product.Times(RowBasis!, inBasis, workers), workers);
    }

    /// <summary>
    /// L2-SP: the w of smallest (1/n)|y - Xw|^2 + tau |w - start|^2; at tau = 0 the limit, which is the least-squares solution
    /// nearest to the start.
    /// </summary>
    public double[] Towards(ReadOnlySpan<double> start, double tau)
    {
        Tau.Require(tau);
        var inBasis = InBasis(start);
        for (var k = 0; k < inBasis.Length; k++)
        {
            inBasis[k] = (Coefficients[k] - (Eigenvalues[k] * inBasis[k])) / (Eigenvalues[k] + tau);
        }

        var w = OutOfBasis(inBasis);
        Product.AddScaled(1, start, w);
        return w;
    }

    /// <summary>V'w (q).</summary>
    public double[] InBasis(ReadOnlySpan<double> w)
    {
        if (!IsDual)
        {
            return Product.TransposedTimes(Basis, w);
        }

        var g = Product.TransposedTimes(RowBasis!, Product.Times(ScaledRows!, w));
        for (var k = 0; k < g.Length; k++)
        {
            g[k] /= Math.Sqrt(Rows * Eigenvalues[k]);
        }

        return g;
    }

    /// <summary>The intercept that belongs to weights w: mean y - mean x'w, or zero where the task has none.</summary>
    public double Intercept(ReadOnlySpan<double> w) => Centred ? LabelMean - Product.Dot(FeatureMeans, w) : 0;

    /// <summary>Xc W (n x J): what J columns of weights (p x J) predict for the centred rows, each row as if its weight were 1.</summary>
    public Matrix CentredPredictions(Matrix weights, Workers workers)
    {
        if (ScaledRows is null || RootWeights is null)
        {
            throw new InvalidOperationException("A spectrum that was made from moments has no rows.");
        }

        var predictions = Product.Times(ScaledRows, weights, workers);
        for (var i = 0; i < predictions.Rows; i++)
        {
            Scale(predictions.Row(i), 1 / RootWeights[i]);
        }

        return predictions;
    }

    /// <summary>V g (p).</summary>
    private double[] OutOfBasis(double[] g)
    {
        if (!IsDual)
        {
            return Product.Times(Basis, g);
        }

        var scaled = new double[g.Length];
        for (var k = 0; k < g.Length; k++)
        {
            scaled[k] = g[k] / Math.Sqrt(Rows * Eigenvalues[k]);
        }

        return Product.TransposedTimes(ScaledRows!, Product.Times(RowBasis!, scaled));
    }

    /// <summary>beta = diag(lambda / n)^1/2 U'y (q).</summary>
    private static double[] OfLabels(Matrix left, double[] values, double[] labels)
    {
        var coefficients = Product.TransposedTimes(left, labels);
        for (var k = 0; k < values.Length; k++)
        {
            coefficients[k] *= Math.Sqrt(values[k] / labels.Length);
        }

        return coefficients;
    }

    private static void Scale(Span<double> values, double factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }
    }
}
