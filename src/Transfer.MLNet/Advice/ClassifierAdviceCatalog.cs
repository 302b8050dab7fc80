using Microsoft.ML;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet;

/// <summary>The advisor for classifiers in ML.NET's catalogs.</summary>
public static class ClassifierAdviceCatalog
{
    /// <summary>
    /// How to train a logistic regression on the source if the target is what matters, and whether it helps, from the rows of both. taus
    /// are those of <c>L2SpLogisticRegression</c>: (tau/2)|w - w_sp|^2 beside a mean log-loss.
    /// </summary>
    /// <remarks>
    /// What is theory and what is measured: rho is estimated by least squares on the 0/1 labels, corrected for the logistic link (exact
    /// for Gaussian features), and can only say no. The taus are those with the least log-loss on left-out target rows, and the probability
    /// of help is that of this choice when it is made anew for every fold; no theory is in them. Risks are log-losses in nats.
    /// </remarks>
    /// <param name="catalog">ml.BinaryClassification.</param>
    /// <param name="source">The source's rows, featurised.</param>
    /// <param name="target">The target's rows, featurised by what was fitted on the source.</param>
    /// <param name="options">Columns, grids, folds, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or source and target have different numbers of
    /// features.</exception>
    /// <exception cref="InvalidOperationException">No row, or rows of one class only, can be used.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this BinaryClassificationCatalog catalog, IDataView source, IDataView target, ClassifierAdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        using var inquiry = new ClassInquiry(catalog, LabelReader.Boolean, Checked(options, withRows: true));
        var trees = TreeComparison.If(inquiry.Options.CompareTrees);
        source = inquiry.OnceOfSource(source, inquiry.Open(source, "source"), inquiry.Open(target, "target"));
        var rows = inquiry.ReadBoth(source, target, _ => 2, softmax: false);
        inquiry.RequireTwo(rows.Source, source, "source", Truth);
        inquiry.RequireTwo(rows.Target, target, "target", Truth);
        var advice = inquiry.Advise(
            AdvisedTask.Binary, ClassPair.Binary(rows.Source, rows.Target),
            new(catalog, rows.Target.FeatureNames) { SourceRows = source });
        return trees?.Compare(advice, source, target, inquiry.Workers.Cancellation) ?? advice;
    }

    /// <summary>The same from a model of the source alone: whether to start from it, by what scale, and with what tau.</summary>
    /// <param name="catalog">ml.BinaryClassification.</param>
    /// <param name="sourceModel">A linear model of ML.NET, or what <see cref="StartingPoint"/> made of something else.</param>
    /// <param name="target">The target's rows, featurised as for the model.</param>
    /// <param name="options">Columns, grids, folds, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the model has another number of
    /// weights.</exception>
    /// <exception cref="InvalidOperationException">No row, or rows of one class only, can be used.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this BinaryClassificationCatalog catalog, StartingPoint sourceModel, IDataView target, ClassifierAdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sourceModel);
        ArgumentNullException.ThrowIfNull(target);
        using var inquiry = new ClassInquiry(catalog, LabelReader.Boolean, Checked(options, withRows: false));
        var reader = inquiry.Open(target, "target");
        sourceModel.RequireFeatures(reader.FeatureCount, inquiry.Columns.Features);
        inquiry.TellUnit(sourceModel, ScoreUnit.LogOdds);
        var rows = inquiry.OnceOfTarget(inquiry.Read(reader, "target", 2, softmax: false));
        inquiry.RequireTwo(rows, target, "target", Truth);
        return inquiry.Advise(
            AdvisedTask.Binary, new Start([.. sourceModel.Weights], [sourceModel.Bias]), rows,
            new(catalog, rows.FeatureNames) { Model = sourceModel });
    }

    /// <summary>The same with a fitted transformer or chain that ends in a linear model.</summary>
    /// <param name="catalog">ml.BinaryClassification.</param>
    /// <param name="sourceModel">A fitted transformer or chain.</param>
    /// <param name="target">The target's rows, featurised: with the column that the linear model reads.</param>
    /// <param name="options">Columns, grids, folds, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">The chain has no linear model, a column is missing or of the wrong type, or the numbers of
    /// weights and features differ.</exception>
    /// <exception cref="InvalidOperationException">No row, or rows of one class only, can be used.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this BinaryClassificationCatalog catalog, ITransformer sourceModel, IDataView target, ClassifierAdviceOptions? options = null) =>
        ModelAdvice.Find(sourceModel) is { } other
            ? other.Kind.Advise(catalog, other.Place, target, ModelQuestion.Of(Checked(options, withRows: false)))
            : catalog.AdviseTransfer(StartingPoint.From(sourceModel), target, options);

    /// <summary>
    /// The same for several classes and <c>L2SpMaximumEntropy</c>. Classes of source and target are matched by the names that their keys
    /// stand for; rho is the mean of that of the classes that both have, one against the rest, by the signal of each.
    /// </summary>
    /// <param name="catalog">ml.MulticlassClassification.</param>
    /// <param name="source">The source's rows, featurised.</param>
    /// <param name="target">The target's rows, featurised by what was fitted on the source.</param>
    /// <param name="options">Columns, grids, folds, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the classes cannot be matched, or source and target
    /// have different numbers of features.</exception>
    /// <exception cref="InvalidOperationException">No row, or rows of one class only, can be used.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this MulticlassClassificationCatalog catalog, IDataView source, IDataView target, ClassifierAdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        using var inquiry = new ClassInquiry(catalog, LabelReader.Key, Checked(options, withRows: true));
        var trees = TreeComparison.If(inquiry.Options.CompareTrees);
        var label = inquiry.Columns.Label;
        var (from, to) = (inquiry.Open(source, "source"), inquiry.Open(target, "target"));
        source = inquiry.OnceOfSource(source, from, to, ClassPair.ToTarget(ClassKeys.Of(source.Schema[label]), ClassKeys.Of(
            target.Schema[label])));
        var rows = inquiry.ReadBoth(source, target, view => Math.Max(2, ClassKeys.Of(view.Schema[label]).Count), softmax: true);
        var (sourceKeys, targetKeys) = (ClassKeys.Of(source.Schema[label]), ClassKeys.Of(target.Schema[label]));
        inquiry.RequireTwo(rows.Source, source, "source", sourceKeys.Describe);
        inquiry.RequireTwo(rows.Target, target, "target", targetKeys.Describe);
        var pair = ClassPair.ByKeys(rows.Source, sourceKeys, rows.Target, targetKeys, inquiry.Warn);
        var advice = inquiry.Advise(
            AdvisedTask.Multiclass, pair, new(catalog, rows.Target.FeatureNames) { SourceRows = source });
        return trees?.Compare(advice, source, target, inquiry.Workers.Cancellation) ?? advice;
    }

    /// <summary>The same for several classes, from a model of the source alone.</summary>
    /// <param name="catalog">ml.MulticlassClassification.</param>
    /// <param name="sourceModel">A linear multiclass model of ML.NET, or what <see cref="StartingPoint"/> made of something else; from a
    /// fitted transformer or chain it knows the names of its classes.</param>
    /// <param name="target">The target's rows, featurised as for the model.</param>
    /// <param name="options">Columns, grids, folds, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the model has another number of weights, or the
    /// classes cannot be matched.</exception>
    /// <exception cref="InvalidOperationException">No row, or rows of one class only, can be used.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this MulticlassClassificationCatalog catalog, StartingPoint sourceModel, IDataView target, ClassifierAdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sourceModel);
        ArgumentNullException.ThrowIfNull(target);
        using var inquiry = new ClassInquiry(catalog, LabelReader.Key, Checked(options, withRows: false));
        var reader = inquiry.Open(target, "target");
        sourceModel.RequireFeaturesOfEach(reader.FeatureCount, inquiry.Columns.Features);
        inquiry.TellUnit(sourceModel, ScoreUnit.LogOdds);
        var targetKeys = ClassKeys.Of(target.Schema[inquiry.Columns.Label]);
        var sourceKeys = sourceModel.Classes ?? throw new ArgumentException(
            $"The model ({sourceModel}) has one weight vector, and several classes need one each. Give a multiclass model.",
                nameof(sourceModel));
        var match = ClassPair.Match(sourceKeys, targetKeys, inquiry.Warn);
        var rows = inquiry.OnceOfTarget(inquiry.Read(reader, "target", Math.Max(2, targetKeys.Count), softmax: true));
        inquiry.RequireTwo(rows, target, "target", targetKeys.Describe);
        var present = rows.Present();
        var start = ClassPair.Move([.. sourceModel.Weights], [.. sourceModel.Biases], Array.ConvertAll(present, k => match(k)),
            rows.FeatureCount);
        return inquiry.Advise(
            AdvisedTask.Multiclass, start, rows.Only(present), new(catalog, rows.FeatureNames) { Model = sourceModel });
    }

    /// <summary>
    /// The same with a fitted transformer or chain that ends in a linear multiclass model, or (Transfer.MLNet.Trees) in trees.
    /// </summary>
    /// <param name="catalog">ml.MulticlassClassification.</param>
    /// <param name="sourceModel">A fitted transformer or chain.</param>
    /// <param name="target">The target's rows, featurised: with the column that the linear model reads.</param>
    /// <param name="options">Columns, grids, folds, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">The chain has no linear model, a column is missing or of the wrong type, or the classes cannot
    /// be matched.</exception>
    /// <exception cref="InvalidOperationException">No row, or rows of one class only, can be used.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this MulticlassClassificationCatalog catalog, ITransformer sourceModel, IDataView target,
            ClassifierAdviceOptions? options = null) =>
        ModelAdvice.Find(sourceModel) is { } other
            ? other.Kind.Advise(catalog, other.Place, target, ModelQuestion.Of(Checked(options, withRows: false)))
            : catalog.AdviseTransfer(StartingPoint.From(sourceModel), target, options);

    private static ClassifierAdviceOptions Checked(ClassifierAdviceOptions? options, bool withRows)
    {
        TreeComparison.RefuseWithoutRows(!withRows && (options?.CompareTrees ?? false), nameof(options));
        return (options ?? new ClassifierAdviceOptions()).Checked();
    }

    private static string Truth(int index) => index == 1 ? "true" : "false";
}
