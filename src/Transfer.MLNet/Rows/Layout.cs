namespace Transfer.MLNet.Rows;

/// <summary>Models have weights class by class; a solver has them feature by feature, so that one value of a row meets all classes at
/// once.</summary>
internal static class Layout
{
    public static double[] ByFeature(ReadOnlySpan<double> byClass, int features, int outputs) => Turn(byClass, outputs, features);

    public static double[] ByClass(ReadOnlySpan<double> byFeature, int features, int outputs) => Turn(byFeature, features, outputs);

    private static double[] Turn(ReadOnlySpan<double> from, int rows, int columns)
    {
        var to = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                to[(j * rows) + i] = from[(i * columns) + j];
            }
        }

        return to;
    }
}
