namespace Transfer.MLNet;

/// <summary>The options of trainers that pull the weights towards a starting point: which, and how strongly.</summary>
public abstract class L2SpTrainerOptions : L2SpOptions
{
    private protected L2SpTrainerOptions()
    {
    }

    /// <summary>w_sp, what the weights are pulled to. null: to zero, plain ridge.</summary>
    public StartingPoint? StartingPoint { get; set; }

    /// <summary>
    /// c, what w_sp is multiplied by. About rho is best for a source that was trained for itself (Hedges 2026). The source's intercepts are
    /// not multiplied.
    /// </summary>
    public double StartingPointScale { get; set; } = 1;

    /// <summary>M of the penalty tau (w - c w_sp)'M (w - c w_sp), of losses that are not a square half of it, the same for every class.
    /// null: the identity, all weights alike. Any for a regression; a diagonal one (<see cref="PullMetric.Diagonal"/>) for the others. With
    /// a metric nothing is said of features of very different sizes.</summary>
    public PullMetric? Metric { get; set; }

    /// <summary>How strong the pull is, per row, zero or above. null: chosen by rows that are left out. Zero gives a regression with many
    /// least-squares solutions the one nearest to the starting point; of classes that a plane can separate it has no solution, and is
    /// refused.</summary>
    public double? Tau { get; set; }

    /// <summary>Whether b is pulled, by the same tau, to the starting point's. Otherwise b is free.</summary>
    public bool PullIntercept { get; set; }
}
