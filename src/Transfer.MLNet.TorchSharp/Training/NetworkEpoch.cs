namespace Transfer.MLNet;

/// <summary>One pass over the rows of training, and where the network stood after it.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="LearningRate">What its steps were taken with.</param>
/// <param name="TrainingLoss">The mean loss of its mini-batches before each step, without the penalties.</param>
/// <param name="ValidationLoss">The mean loss on the validation rows after it; null where there are none.</param>
/// <param name="ValidationAccuracy">The share of validation rows, by weight, whose class has the largest score; null for regression and
/// without validation rows.</param>
/// <param name="DistanceFromStart">|theta - theta_0| over the weights that came from the starting point, biases included; from scratch,
/// over all weights and from what was drawn at first.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record NetworkEpoch(
    int Epoch, double LearningRate, double TrainingLoss, double? ValidationLoss, double? ValidationAccuracy, double DistanceFromStart,
        TimeSpan Elapsed);
