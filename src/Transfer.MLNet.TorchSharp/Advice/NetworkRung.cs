namespace Transfer.MLNet;

/// <summary>How a source stood at one rung of the search.</summary>
/// <param name="SourceEpochs">Epochs that the source had been trained by then.</param>
/// <param name="Loss">The mean loss on the validation rows of the target's network that was fine-tuned from it: log-loss in nats, or half
/// the squared error.</param>
/// <param name="StandardError">Of that mean, over the rows.</param>
/// <param name="Behind">How much the loss is above the least of this rung.</param>
/// <param name="BehindError">The standard error of that difference, row by row.</param>
/// <param name="EpochsTrained">Epochs that this rung cost, of the source (those before were kept) and of the target.</param>
/// <param name="Elapsed">How long it took, evaluation included; other trials ran beside it.</param>
public sealed record NetworkRung(int SourceEpochs, double Loss, double StandardError, double Behind, double BehindError, int EpochsTrained,
    TimeSpan Elapsed);
