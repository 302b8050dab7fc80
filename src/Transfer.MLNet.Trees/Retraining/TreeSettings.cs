namespace Transfer.MLNet.Trees.Retraining;

/// <summary>How a model of trees is moved.</summary>
/// <param name="LabelColumn">What is predicted.</param>
/// <param name="WeightColumn">How much a row counts; null where all count the same.</param>
/// <param name="Tau">Given; null: chosen by rows that are left out.</param>
/// <param name="Linear">Whether a linear layer may take the place of the trees.</param>
/// <param name="KeepsFeatures">Whether features are kept for models of the rows alone, whatever the task.</param>
/// <param name="Seed">Draws samples and folds.</param>
/// <param name="Threads">At least one.</param>
/// <param name="Cancellation">Ends it.</param>
internal sealed record TreeSettings(
    string LabelColumn = "Label",
    string? WeightColumn = null,
    double? Tau = null,
    bool Linear = true,
    bool KeepsFeatures = false,
    int Seed = 0,
    int Threads = 1,
    CancellationToken Cancellation = default);
