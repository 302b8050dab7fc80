namespace Transfer.MLNet.Rows;

/// <summary>Takes a row's label, weight and position, and gives the place (p) where its features are to be written.</summary>
internal delegate Span<double> RowTarget(double label, double weight, long position);
