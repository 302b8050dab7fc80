using Microsoft.ML;
using Transfer.MLNet.Production;

namespace Transfer.MLNet;

/// <summary>Retraining in production: a store of versions, and a guard between a batch and the model that is served.</summary>
public static class ProductionCatalog
{
    /// <summary>
    /// Retrains the store's current model on a batch and makes the result current if it is better on rows that neither model has seen;
    /// else the model stays, and the outcome says why.
    /// </summary>
    /// <remarks>
    /// <para>In this order: copies of rows are left out; the latest rows (by <see cref="RetrainGuardedOptions.TimeColumnName"/>, else some
    /// by chance) are held out; the batch is compared with what the current version was measured at (unit and zero of the labels, whether
    /// they still follow the model's scores, where the scores are, classes); <c>FineTune</c> makes the candidate from the rest; its loss on
    /// the held-out rows has to be lower, and not far above what the current version's was on the rows of its time; and on the rows that
    /// the last three versions held out it may be higher only by 2 %, or by twice what it gains on the new ones with two standard errors.
    /// Then it is added with its held-out rows, which the next candidate is measured on.</para>
    /// <para>A batch of another relation (a jump in prices) looks like a wrong one: whoever knows that it is real sets
    /// <see cref="RetrainGuardedOptions.AcceptShift"/>.</para>
    /// </remarks>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="store">The store; it has a current version.</param>
    /// <param name="freshRows">The batch: rows as the model takes them, with their label.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <returns>What was done, and why.</returns>
    /// <exception cref="InvalidOperationException">
    /// The store is empty, or another process changed the current version meanwhile; or FineTune cannot use the rows.
    /// </exception>
    /// <exception cref="ArgumentException">A column that is named is not there, or of another type.</exception>
    /// <exception cref="FormatException">The current version is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the store is as it was.</exception>
    public static RetrainingOutcome RetrainGuarded(
        this ModelOperationsCatalog catalog, ModelStore store, IDataView freshRows, RetrainGuardedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(freshRows);
        return GuardedRetraining.Run(catalog, store, freshRows, options ?? new RetrainGuardedOptions());
    }

    /// <summary>
    /// Whether a model in production should be retrained, from what, and on how many of the latest periods: each plan is followed through
    /// the recent rows, every period predicted before it is learnt. And whether the relation has changed, or the features.
    /// </summary>
    /// <remarks>
    /// The model given must not have been trained on the recent rows, or leaving it will look too good. For each plan and period
    /// the rows are read once by <c>FineTune</c>: cache what is slow to read (<c>ml.Data.Cache</c>). Up to 20,000 rows models are trained
    /// side by side, as many as <see cref="FineTuneOptionsBase.NumberOfThreads"/> says, and so many cursors read the rows at a time, as
    /// views of ML.NET allow; a view over something that does not (a query of a database) is cached, or that number set to 1.
    /// </remarks>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="production">The model that is served; it is not changed.</param>
    /// <param name="recentRows">The rows since it was trained, as it takes them, with label and time.</param>
    /// <param name="options">Options; <see cref="AdviseRetrainingOptions.TimeColumnName"/> must be given.</param>
    /// <returns>The advice; <c>Fit</c> does what it says.</returns>
    /// <exception cref="ArgumentException">A column is not there, or of another type; an option is out of its range; the model cannot be
    /// moved.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than four periods, or no row has label and score; or a row has no
    /// time.</exception>
    /// <exception cref="NotSupportedException">The model is of a kind that is not moved.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RetrainingAdvice AdviseRetraining(
        this ModelOperationsCatalog catalog, ITransformer production, IDataView recentRows, AdviseRetrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(production);
        ArgumentNullException.ThrowIfNull(recentRows);
        ArgumentNullException.ThrowIfNull(options);
        return RetrainingPlanning.Run(catalog, production, recentRows, options.ReferenceRows, options);
    }

    /// <summary>
    /// The same for the current version of a store; what has changed is told against the rows that the version held out.
    /// </summary>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="store">The store; it has a current version.</param>
    /// <param name="recentRows">The rows since that was trained, as it takes them, with label and time.</param>
    /// <param name="options">Options; <see cref="AdviseRetrainingOptions.TimeColumnName"/> must be given.</param>
    /// <returns>The advice; <c>Fit</c> does what it says, <c>store.Add</c> keeps it.</returns>
    /// <exception cref="ArgumentException">A column is not there, or of another type; an option is out of its range; the model cannot be
    /// moved.</exception>
    /// <exception cref="InvalidOperationException">The store is empty; there are fewer than four periods, or no row has label and score; or
    /// a row has no time.</exception>
    /// <exception cref="FormatException">The current version is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RetrainingAdvice AdviseRetraining(
        this ModelOperationsCatalog catalog, ModelStore store, IDataView recentRows, AdviseRetrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(recentRows);
        ArgumentNullException.ThrowIfNull(options);
        var current = store.Current ?? throw new InvalidOperationException(
            $"The store '{store.Folder}' is empty. Add the model that is served first: store.Add(ml.Model, model, schema).");
        if (options.ReferenceRows is null && HeldOutFile.Damage(store.Folder, current) is { } damage)
        {
            throw new FormatException($"{damage}. Put the file back from a copy, or give {nameof(options.ReferenceRows)}.");
        }

        return RetrainingPlanning.Run(
            catalog, store.Load(catalog, current.Number, out _), recentRows, options.ReferenceRows
                ?? HeldOutFile.Read(store.Folder, current),
            options);
    }
}
