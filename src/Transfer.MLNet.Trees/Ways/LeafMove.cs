using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>A fit in the unit of the loss, as leaves in the unit of the model.</summary>
internal static class LeafMove
{
    /// <summary>
    /// With u = A s + B the quantity of the loss, s = offset + unit * sum v the score, and u' = a + c u + sum d what is wanted:
    /// v' = c v + d / (A unit), and s is raised by (a + (c - 1) B) / A + (c - 1) offset besides.
    /// </summary>
    public static (double[][] Values, double[] Intercepts) Of(TreeLayer layer, LeafFit fit)
    {
        var values = new double[layer.Outputs.Length][];
        var intercepts = new double[layer.Outputs.Length];
        for (var k = 0; k < values.Length; k++)
        {
            var (output, link, c) = (layer.Outputs[k], layer.Links[k], fit.Scales[k]);
            values[k] = output.Values();
            for (var l = 0; l < values[k].Length; l++)
            {
                values[k][l] = (c * values[k][l]) + ((fit.Moves?[k][l] ?? 0) / (link.Scale * output.Unit));
            }

            intercepts[k] = ((fit.Intercepts[k] + ((c - 1) * link.Shift)) / link.Scale) + ((c - 1) * output.Offset);
        }

        return (values, intercepts);
    }
}
