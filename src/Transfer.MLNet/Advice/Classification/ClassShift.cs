using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>Whether the features of two tasks of classes are spread alike: that has nothing to do with their labels.</summary>
internal static class ClassShift
{
    /// <summary>null where the rows as dense numbers may not be held.</summary>
    public static CovariateShift? Of(ClassPair pair, long heldBytes, Workers workers)
    {
        var bytes = sizeof(double) * (double)pair.Source.FeatureCount * Math.Max(pair.Source.Rows, pair.Target.Rows);
        return bytes > heldBytes ? null : CovariateShift.Of(Spectrum(pair.Source, workers), Spectrum(pair.Target, workers), workers);
    }

    private static TaskSpectrum Spectrum(ClassRows rows, Workers workers) =>
        TaskSpectrum.Of(new HeldRows(Dense(rows), Array.ConvertAll(rows.Classes, c => (double)c), rows.Weights), intercept: true, workers);

    private static Matrix Dense(ClassRows rows)
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
