using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>
/// a + c times the source's scores, by least squares on the target's rows: what it loses on parts that were left out, each part a row, a
/// cluster or a fold whose sums are taken off those of all.
/// </summary>
/// <param name="Scale">c, of all rows.</param>
/// <param name="Losses">Squared errors of left-out rows or folds, in the order and the scale of <see cref="TargetBlend.Losses"/>.</param>
internal sealed record TwoNumbers(double Scale, double[] Losses)
{
    // Of the scores' squares: what is left of them is rounding.
    private const double Rounding = 1e-12;

    /// <param name="rows">The target's rows.</param>
    /// <param name="weights">The source's (p).</param>
    /// <param name="intercept">Whether there is an a.</param>
    /// <param name="clusters">A number for the cluster of each row; null where rows are independent.</param>
    public static TwoNumbers OfRows(HeldRows rows, double[] weights, bool intercept, IReadOnlyList<int>? clusters)
    {
        var scores = Product.Times(rows.Features, weights);
        var (s0, y0) = intercept ? (scores.Average(), rows.Labels.Average()) : (0.0, 0.0);
        var own = new Sums[rows.Rows];
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = Sums.Of(rows.Weights[i] * rows.Rows / rows.TotalWeight, scores[i] - s0, rows.Labels[i] - y0);
        }

        var all = own.Aggregate((a, b) => a + b);
        var losses = new double[own.Length];
        foreach (var left in Enumerable.Range(0, own.Length).GroupBy(i => clusters?[i] ?? i))
        {
            var fit = (all - left.Select(i => own[i]).Aggregate((a, b) => a + b)).Fit(intercept);
            foreach (var i in left)
            {
                losses[i] = own[i].Error(fit);
            }
        }

        return new(all.Fit(intercept).Scale, losses);
    }

    /// <summary>From moments in folds, without the rows.</summary>
    public static TwoNumbers OfFolds(Moments target, double[] weights, bool intercept)
    {
        var folds = target.Blocks.Where(b => b.Count > 0).ToArray();
        var centre = MomentBlock.Merge(folds, target.FeatureCount);
        var own = Array.ConvertAll(folds, fold =>
        {
            double[] away = [.. fold.FeatureMeans.Zip(centre.FeatureMeans, (a, b) => intercept ? a - b : a)];
            var (s, y) = (Product.Dot(weights, away), intercept ? fold.LabelMean - centre.LabelMean : fold.LabelMean);
            return Sums.Of(fold.Weight, s, y) with
            {
                Ss = Product.Dot(weights, Product.Times(fold.Scatter, weights)) + (fold.Weight * s * s),
                Sy = Product.Dot(weights, fold.Cross) + (fold.Weight * s * y),
                Yy = fold.LabelScatter + (fold.Weight * y * y),
            };
        });
        var (all, mean) = (own.Aggregate((a, b) => a + b), folds.Average(f => f.Weight));
        return new(all.Fit(intercept).Scale, Array.ConvertAll(own, fold => (all - fold).Fit(intercept) is var fit
            ? Math.Max(0, fold.Error(fit)) / mean : 0));
    }

    /// <summary>Weighted sums of scores s and labels y, and of their products.</summary>
    private readonly record struct Sums(double W, double S, double Y, double Ss, double Sy, double Yy)
    {
        public static Sums Of(double w, double s, double y) => new(w, w * s, w * y, w * s * s, w * s * y, w * y * y);

        public static Sums operator +(Sums a, Sums b) =>
            new(a.W + b.W, a.S + b.S, a.Y + b.Y, a.Ss + b.Ss, a.Sy + b.Sy, a.Yy + b.Yy);

        public static Sums operator -(Sums a, Sums b) =>
            new(a.W - b.W, a.S - b.S, a.Y - b.Y, a.Ss - b.Ss, a.Sy - b.Sy, a.Yy - b.Yy);

        public (double Level, double Scale) Fit(bool intercept)
        {
            var open = intercept && W > 0;
            var (ss, sy) = open ? (Ss - (S * S / W), Sy - (S * Y / W)) : (Ss, Sy);
            var scale = ss > Rounding * Ss ? sy / ss : 0;
            return (open ? (Y - (scale * S)) / W : 0, scale);
        }

        public double Error((double Level, double Scale) fit) => Yy - (2 * fit.Level * Y) - (2 * fit.Scale * Sy)
            + (fit.Level * fit.Level * W) + (2 * fit.Level * fit.Scale * S) + (fit.Scale * fit.Scale * Ss);
    }
}
