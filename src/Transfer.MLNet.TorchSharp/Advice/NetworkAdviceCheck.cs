namespace Transfer.MLNet.Networks.Advice;

/// <summary>What the options of an advice may not say.</summary>
internal static class NetworkAdviceCheck
{
    /// <exception cref="ArgumentException">An option is out of its range, or has to be left out.</exception>
    public static void Require(NetworkAdviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Source);
        ArgumentNullException.ThrowIfNull(options.Target);
        var decays = options.SourceDecays;
        if (decays.Count < 2)
        {
            throw new ArgumentException($"SourceDecays has {decays.Count} values; there is something to compare from two on.",
                nameof(options));
        }

        foreach (var decay in decays.Where(d => !(d >= 0 && double.IsFinite(d))))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), decay, "SourceDecays has a value that is no weight decay; they are numbers of zero or more.");
        }

        if (decays.GroupBy(d => d).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"SourceDecays has {twice.Key:G3} more than once; each would be trained again."), nameof(options));
        }

        if (!(options.ValidationFraction > 0 && options.ValidationFraction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.ValidationFraction, "ValidationFraction must be above 0 and below 1.");
        }

        if (options.NumberOfThreads < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.NumberOfThreads, "NumberOfThreads must be 1 or more, or left out.");
        }

        Forbid(options.Source.WeightDecay != 0, "Source.WeightDecay", "it is what the advice looks for; say the values as SourceDecays");
        Forbid(options.Source.CheckpointPath is not null, "Source.CheckpointPath", "the advice keeps checkpoints of its own");
        Forbid(options.Target.CheckpointPath is not null, "Target.CheckpointPath",
            "many targets are trained, and they would be written over each other");
        Forbid(options.Source.Patience is not null, "Source.Patience", "the ladder decides when a source's training ends");
        Forbid(options.Target.StartingPoint is not null, "Target.StartingPoint",
            "the sources that are trained here are the starting points");
        Forbid(options.Source.LearningRateSchedule.DependsOnEpochs, "Source.LearningRateSchedule",
            "sources go on from rung to rung, and a rate that depends on the number of epochs would be another at each");
        if (options.Source.Network is null && options.Source.StartingPoint is null)
        {
            throw new ArgumentException("Source.Network is missing: say which network is trained.", nameof(options));
        }
    }

    private static void Forbid(bool given, string option, string why)
    {
        if (given)
        {
            throw new ArgumentException($"{option} has to be left out: {why}.");
        }
    }
}
