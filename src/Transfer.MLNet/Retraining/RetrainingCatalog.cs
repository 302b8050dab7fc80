using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Retraining;

namespace Transfer.MLNet;

/// <summary>Retraining from ML.NET's catalogs.</summary>
public static class RetrainingCatalog
{
    /// <summary>
    /// Moves the last linear layer of a model to new rows and leaves the rest of it as it is: the layer is trained again on the rows,
    /// featurised by what precedes it in the model, and held to its old weights by L2-SP.
    /// </summary>
    /// <remarks>
    /// <para>The model may be a transformer, a chain, or chains in chains, fresh or from <c>ml.Model.Load</c>. What comes back has the same
    /// shape, the same other transformers (they are shared with the model given, and a normaliser keeps what it learnt from the
    /// source) and the same scopes; it saves and loads as every model of ML.NET does. What was done is in <c>MLContext.Log</c>.</para>
    /// <para>The layer may be a regression that predicts its score (Sdca, OnlineGradientDescent, Ols, L2SpRidge), counts
    /// (LbfgsPoissonRegression, L2SpPoissonRegression), any linear binary classifier, or any linear multiclass classifier (maximum entropy,
    /// SdcaNonCalibrated, OneVersusAll over linear models, and PairwiseCoupling over them, which stays what it is). A binary layer comes
    /// back calibrated, with a Probability; where a Platt calibrator follows in the chain, it stays, and the new layer gives the scores
    /// that it was fitted to. A multiclass layer comes back as maximum entropy: its classes keep their keys, those that the rows do not
    /// have stay as they were, and new ones come after them.</para>
    /// <para>With the package Transfer.MLNet.Trees the last predictor may be of trees (FastTree, FastForest, Gam, LightGbm; docs/trees.md):
    /// the same stock model comes back with other leaves, moved in the way of the least left-out error.</para>
    /// </remarks>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="data">Rows as the model takes them, with their label.</param>
    /// <param name="options">None: label "Label", tau chosen by rows that are left out.</param>
    /// <returns>A model of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no linear predictor in the model; a column is missing, of the wrong type, or has
    /// another number of features than the layer has weights; an option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The last linear predictor is one that cannot be retrained (a ranker, for one), a calibrator
    /// follows that cannot be kept, or the model is of trees and Transfer.MLNet.Trees is not referenced.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, or all are of one class.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static ITransformer FineTune(
        this ModelOperationsCatalog catalog, ITransformer model, IDataView data, FineTuneOptions? options = null)
        => FineTune(catalog, model, data, out _, options);

    /// <summary>
    /// As <see cref="FineTune(ModelOperationsCatalog, ITransformer, IDataView, FineTuneOptions)"/>, and what was done and what it was
    /// chosen from.
    /// </summary>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="data">Rows as the model takes them, with their label.</param>
    /// <param name="report">The way that was taken, its tau, and the left-out errors of all that were compared.</param>
    /// <param name="options">None: label "Label", tau chosen by rows that are left out.</param>
    /// <returns>A model of the same shape.</returns>
    /// <exception cref="ArgumentException">There is nothing in the model that can be moved; a column is missing, of the wrong type, or has
    /// another number of features than the model; an option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The model is of a kind that is not moved; the message says what to do instead.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, or all are of one class.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static ITransformer FineTune(
        this ModelOperationsCatalog catalog, ITransformer model, IDataView data, out FineTuneReport report, FineTuneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        (var moved, report) = ModelRetraining.Run(StockModels.EnvironmentOf(catalog), model, data, options ?? new FineTuneOptions());
        return moved;
    }

    /// <summary>
    /// Moves the last linear layer of one model to each of many targets (shops, tenants, devices) whose rows stand in one view, told apart
    /// by a key column: in one pass, each target as
    /// <see cref="FineTune(ModelOperationsCatalog, ITransformer, IDataView, FineTuneOptions)"/> would have it with its rows alone.
    /// </summary>
    /// <remarks>
    /// A target with one row, or none that can be used, keeps the model as it is, and its report says so. Rows without a key are left out,
    /// with one warning. Regressions, classifiers and counts; a multiclass layer comes back as maximum entropy, and takes no classes that
    /// it does not have.
    /// </remarks>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="data">Rows as the model takes them, with their label and their key, in any order.</param>
    /// <param name="keyColumnName">Whose a row is: text, a key or a whole number.</param>
    /// <param name="options">null: label "Label", each target drawn to what all of them have in common.</param>
    /// <returns>A model of the same shape for each key.</returns>
    /// <exception cref="ArgumentException">There is no linear predictor in the model; a column is missing, of the wrong type, or has
    /// another number of features than the layer has weights; an option is out of its range, or two contradict each other.</exception>
    /// <exception cref="NotSupportedException">The last predictor is of a kind that is not moved for many targets; the message says what to
    /// do instead.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, a row is of a class that the model does not
    /// have, the rows do not fit in memory, or they are not grouped though they are said to be.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static FineTunedModelCollection FineTuneMany(
        this ModelOperationsCatalog catalog, ITransformer model, IDataView data, string keyColumnName, FineTuneManyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(keyColumnName);
        var schema = data.Schema;
        return ManyRetraining.Run(
            StockModels.EnvironmentOf(catalog), model, data, keyColumnName, options ?? new FineTuneManyOptions(),
            new StockZips(catalog, schema).Save);
    }

    /// <summary>Loads the models that <see cref="FineTunedModelCollection.SaveAll"/> wrote to one file, with their reports.</summary>
    /// <remarks>The file is checked as a whole before anything of it is believed. A stock zip of one of the models is made by
    /// <see cref="FineTunedModelCollection.SaveModel"/>.</remarks>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">It is no such file, of another version, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FineTunedModelCollection LoadFineTunedMany(this ModelOperationsCatalog catalog, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return TargetsFile.Load(catalog, StockModels.EnvironmentOf(catalog), path);
    }
}
