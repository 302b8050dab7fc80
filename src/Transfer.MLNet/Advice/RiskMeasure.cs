namespace Transfer.MLNet;

/// <summary>What the risks of an advice are, on a new target row.</summary>
public enum RiskMeasure
{
    /// <summary>The expected squared error, noise included, in units of the label squared.</summary>
    SquaredError,

    /// <summary>The expected -log P(the row's class), in nats.</summary>
    LogLoss,

    /// <summary>
    /// The expected deviance of a count: 2 (y log(y / m) - y + m), with m the count that the model expects of the row.
    /// </summary>
    Deviance,
}
