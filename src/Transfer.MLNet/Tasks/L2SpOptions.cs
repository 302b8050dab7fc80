namespace Transfer.MLNet;

/// <summary>The options that all trainers of this library share.</summary>
public abstract class L2SpOptions
{
    private protected L2SpOptions()
    {
    }

    /// <summary>The column that is predicted: Single for a regression and for counts, Boolean for two classes, a key for several.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column it is predicted from: a vector of Single of known size p, dense or sparse.</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>How much each row counts: Single, not negative. null: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>Whether there is an intercept b (one a class).</summary>
    public bool FitIntercept { get; set; } = true;

    /// <summary>Threads. null: as many as there are processors. The result does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>
    /// Is told which share of the computing is done, from 0 to 1, on any thread; of a search that ends early the last it hears is less.
    /// Reading the rows comes before it. null: nobody is told.
    /// </summary>
    public IProgress<double>? Progress { get; set; }

    /// <summary>Ends the training early, with nothing left behind.</summary>
    public CancellationToken CancellationToken { get; set; }
}
