namespace Transfer.MLNet.Rows;

/// <summary>Turns the scores of some rows into residuals, in place.</summary>
/// <param name="block">Which block of <see cref="Design.BlockRows"/> rows it is: where partial sums are kept.</param>
/// <param name="first">The first row.</param>
/// <param name="values">Scores (rows x outputs, row by row) when called, residuals on return.</param>
internal delegate void ScoreMap(int block, int first, Span<double> values);
