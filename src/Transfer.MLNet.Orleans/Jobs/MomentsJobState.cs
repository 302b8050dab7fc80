namespace Transfer.MLNet;

/// <summary>How far a job is.</summary>
public enum MomentsJobState
{
    /// <summary>Partitions are being computed, or merged.</summary>
    Running,

    /// <summary>The moments are in the store.</summary>
    Done,

    /// <summary>
    /// Something named in <see cref="MomentsJobStatus.Problem"/> stopped it. What was computed is kept, and the job can be resumed.
    /// </summary>
    Failed,

    /// <summary>It was cancelled. What was computed is kept, and the job can be resumed.</summary>
    Cancelled,
}
