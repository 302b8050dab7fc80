using Microsoft.ML;

namespace Transfer.MLNet;

/// <summary>Options for <c>ml.Model.AdviseRetraining</c>.</summary>
public sealed class AdviseRetrainingOptions
{
    /// <summary>The column that tells the time of a row: of DateTime, or of numbers. It must be given.</summary>
    public string? TimeColumnName { get; set; }

    /// <summary>
    /// How long a period is: of a column of DateTime in days, else in the column's own unit, above zero. null: of DateTime a calendar month
    /// where the rows reach over four of them, else seven days where they reach over four times seven, else a day; of numbers each value is
    /// a period.
    /// </summary>
    public double? PeriodLength { get; set; }

    /// <summary>
    /// From how many of the latest periods a plan may learn, each above zero. All of them together is tried besides.
    /// </summary>
    public IReadOnlyList<int> Windows { get; set; } = [1, 3, 6];

    /// <summary>How a model is retrained: label, weights, tau.</summary>
    public FineTuneOptions FineTune { get; set; } = new();

    /// <summary>
    /// Rows of the model's own time that it was not trained on, as the model takes them, with their label: what the recent rows are
    /// compared with to say whether anything has changed. null: those that the store has, else the earliest third of the recent rows.
    /// </summary>
    public IDataView? ReferenceRows { get; set; }

    /// <summary>Is told the share that is done, from 0 to 1; null: nobody is.</summary>
    public IProgress<double>? Progress { get; set; }

    /// <summary>Stops the work.</summary>
    public CancellationToken CancellationToken { get; set; }
}
