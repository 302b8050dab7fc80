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
    /// the held-out rows has to be lower, and on the rows that the last three versions held out it may not be higher by more than 2 % or
    /// than it is lower on the new ones. Then it is added with its held-out rows, which the next candidate is measured on.</para>
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
}
