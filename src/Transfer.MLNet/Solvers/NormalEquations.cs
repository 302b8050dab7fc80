using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers;

/// <summary>A = Xc' Omega Xc / sum omega and b = Xc' Omega yc / sum omega, centred where there is an intercept to take the means.</summary>
/// <param name="A">p x p.</param>
/// <param name="B">p.</param>
/// <param name="FeatureMeans">What the features are centred at (p); zero without an intercept.</param>
/// <param name="LabelMean">What the label is centred at; zero without an intercept.</param>
/// <param name="LabelPower">yc' Omega yc / sum omega.</param>
internal sealed record NormalEquations(Matrix A, double[] B, double[] FeatureMeans, double LabelMean, double LabelPower)
{
    public static NormalEquations Of(MomentBlock moments, bool intercept)
    {
        var p = moments.FeatureCount;
        var scale = 1 / moments.Weight;
        var a = new Matrix(p, p);
        var b = new double[p];
        for (var i = 0; i < p; i++)
        {
            Product.AddScaled(scale, moments.Scatter.Row(i), a.Row(i));
            b[i] = scale * moments.Cross[i];
            if (!intercept)
            {
                Product.AddScaled(moments.FeatureMeans[i], moments.FeatureMeans, a.Row(i));
                b[i] += moments.FeatureMeans[i] * moments.LabelMean;
            }
        }

        return intercept
            ? new(a, b, moments.FeatureMeans, moments.LabelMean, scale * moments.LabelScatter)
            : new(a, b, new double[p], 0, (scale * moments.LabelScatter) + (moments.LabelMean * moments.LabelMean));
    }
}
