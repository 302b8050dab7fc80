using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>Whether the features of two tasks are spread alike: that has nothing to do with their labels.</summary>
internal static class CurvedShift
{
    /// <summary>null where the rows as dense numbers may not be held.</summary>
    public static CovariateShift? Of(
        LabelledRows source, LabelledRows target, long heldBytes, Workers workers, Func<int, bool>? divides = null)
    {
        var bytes = sizeof(double) * (double)source.FeatureCount * Math.Max(source.Rows, target.Rows);
        return bytes > heldBytes ? null : CovariateShift.Of(
            Spectrum(source, workers), Spectrum(target, workers), workers, divides);
    }

    private static TaskSpectrum Spectrum(LabelledRows rows, Workers workers) =>
        TaskSpectrum.Of(new HeldRows(Dense(rows), rows.Labels, rows.Weights), intercept: true, workers);

    private static Matrix Dense(LabelledRows rows)
    {
        var (all, width) = (new Matrix(rows.Rows, rows.FeatureCount), rows.Design.Width);
        var block = new double[Design.BlockRows * width];
        for (var first = 0; first < rows.Rows; first += Design.BlockRows)
        {
            var count = Math.Min(Design.BlockRows, rows.Rows - first);
            rows.Design.Write(first, count, block, width);
            for (var i = 0; i < count; i++)
            {
                var row = all.Row(first + i);
                for (var j = 0; j < width; j++)
                {
                    row[rows.Design.Features?[j] ?? j] = block[(i * width) + j];
                }
            }
        }

        return all;
    }
}
