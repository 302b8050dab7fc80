using Transfer.MLNet.Pull;

namespace Transfer.MLNet.Tasks;

/// <summary>c w_sp and b_sp of each class of a model; of those that the starting point does not have, what the options say.</summary>
internal sealed class ClassStarts(TaskSettings settings, NewClassStart newClasses, ClassPlan plan, int featureCount)
{
    private readonly (double[] Weights, double Intercept) _new = NewClass(settings, newClasses, featureCount);

    /// <summary>Whether the starting point has the class.</summary>
    public bool Has(int output) => plan.StartOf[output] >= 0;

    public double[] WeightsOf(int output) => plan.StartOf[output] is >= 0 and var k ? Scaled(settings.StartingPoint!.WeightsByClass[k])
        : _new.Weights;

    public double InterceptOf(int output) => settings.Intercept == InterceptRule.None ? 0
        : plan.StartOf[output] is >= 0 and var k ? settings.StartingPoint!.Biases[k] : _new.Intercept;

    /// <summary>The start of a fit of these classes.</summary>
    public Start For(int[] outputs)
    {
        var weights = new double[outputs.Length * featureCount];
        for (var i = 0; i < outputs.Length; i++)
        {
            WeightsOf(outputs[i]).CopyTo(weights, i * featureCount);
        }

        return new(weights, Array.ConvertAll(outputs, InterceptOf));
    }

    private static (double[] Weights, double Intercept) NewClass(TaskSettings settings, NewClassStart newClasses, int featureCount)
    {
        var weights = new double[featureCount];
        if (newClasses == NewClassStart.Zero || settings.StartingPoint is not { } start)
        {
            return (weights, 0);
        }

        foreach (var ofClass in start.WeightsByClass)
        {
            for (var j = 0; j < featureCount; j++)
            {
                weights[j] += settings.StartingPointScale * ofClass[j] / start.ClassCount;
            }
        }

        return (weights, start.Biases.Average());
    }

    private double[] Scaled(double[] weights) => settings.StartingPointScale == 1 ? weights
        : Array.ConvertAll(weights, w => settings.StartingPointScale * w);
}
