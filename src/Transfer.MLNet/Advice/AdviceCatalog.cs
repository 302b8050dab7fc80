using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet;

/// <summary>Advice on transfer, from ML.NET's catalogs.</summary>
public static class AdviceCatalog
{
    /// <summary>
    /// Says whether a source helps a target, and how the source should be trained if the target is what matters (Hedges 2026): from all
    /// pairs (tau_0, tau_1) on a grid, by what is expected of them and by exact leave-one-out on the target, from one factorisation of
    /// each side. Nothing is trained. Of counts (<see cref="AdviceOptions.Task"/>) every pair is fitted, and left out by folds.
    /// </summary>
    /// <remarks>
    /// Source rows that are exact copies of target rows are left out of the source, other copies count once, and a warning tells how many:
    /// both are read once more for that, up to 1,048,576 different rows (docs/alignment.md says what counts as a copy).
    /// </remarks>
    /// <param name="catalog">ml.Regression.</param>
    /// <param name="source">The source's rows, featurised as the target's. They must be other rows: noise in common looks like
    /// alignment.</param>
    /// <param name="target">The target's rows.</param>
    /// <param name="options">Columns, grids, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or source and target have not the same
    /// features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Too few rows can be used, none varies, a weight is negative, or they do not fit in
    /// memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this RegressionCatalog catalog, IDataView source, IDataView target, AdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var asked = Checked(options);
        if (asked.Task == AdvisedTask.Count)
        {
            using var counts = new CountInquiry(catalog, asked);
            return counts.Advise(source, target);
        }

        using var inquiry = new RegressionInquiry(catalog, asked);
        var trees = TreeComparison.If(asked.CompareTrees);
        // Both are looked at before either is read: a column that is missing should not cost a pass over the other.
        var (sourceRows, targetRows) = (inquiry.Open(source, "source"), inquiry.Open(target, "target"));
        Inquiry.RequireSameFeatures(sourceRows, targetRows);
        source = inquiry.Once(source, sourceRows, targetRows);
        sourceRows = inquiry.Open(source, "source");
        inquiry.Plan(sourceRows.FeatureCount, target.GetRowCount());
        var origin = inquiry.Origin(targetRows) with { SourceRows = source };
        if (inquiry.Options.GroupColumnName is { } group)
        {
            var groups = Inquiry.InTask("source", () =>
                GroupedMomentsReader.Read(source, inquiry.Columns, group, inquiry.Workers, inquiry.Skipped("source")));
            inquiry.TellOwnGroups(groups, target, group);
            return WithTrees(inquiry.Advise(groups, targetRows, target, origin));
        }

        var read = Inquiry.InTask("source", () => TaskReader.Read(sourceRows, keepBytes: 0, inquiry.Workers, inquiry.Skipped("source")));
        var spectrum = inquiry.Source(workers => read.Rows is { } rows
            ? TaskSpectrum.Of(rows, inquiry.Options.FitIntercept, workers)
            : TaskSpectrum.Of(read.Moments!, inquiry.Options.FitIntercept, workers));
        return WithTrees(inquiry.Advise(spectrum, inquiry.Read(targetRows, target), origin));

        TransferAdvice WithTrees(TransferAdvice advice) =>
            trees?.Compare(advice, source, target, inquiry.Workers.Cancellation) ?? advice;
    }

    /// <summary>
    /// The same with moments in place of the source's rows; see
    /// <see cref="AdviseTransfer(RegressionCatalog, IDataView, IDataView, AdviceOptions?)"/>.
    /// </summary>
    /// <param name="catalog">ml.Regression.</param>
    /// <param name="source">What <c>ml.Regression.ComputeMoments</c> gave for the source's rows, or <see cref="Moments.Load(string)"/>. One
    /// fold is enough.</param>
    /// <param name="target">The target's rows.</param>
    /// <param name="options">Columns of the target, grids, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or source and target have not the same
    /// features.</exception>
    /// <exception cref="InvalidOperationException">Too few rows can be used, a weight is negative, or they do not fit in
    /// memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this RegressionCatalog catalog, Moments source, IDataView target, AdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        using var inquiry = new RegressionInquiry(catalog, Squared(options));
        var rows = inquiry.Open(target, "target");
        RequireSameFeatures(source.FeatureCount, source.FeatureNames, rows);
        inquiry.Plan(rows.FeatureCount, target.GetRowCount());
        return inquiry.Advise(
            inquiry.Source(workers => TaskSpectrum.Of(source, inquiry.Options.FitIntercept, workers)), inquiry.Read(rows, target),
            inquiry.Origin(rows) with { Moments = source });
    }

    /// <summary>The same with the moments of the source's groups; see <see cref="AdviceOptions.GroupColumnName"/>.</summary>
    /// <param name="catalog">ml.Regression.</param>
    /// <param name="source">What <c>ml.Data.ComputeGroupedMoments</c> gave. The target's own rows must not be among them.</param>
    /// <param name="target">The target's rows.</param>
    /// <param name="options">Columns of the target, grids, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or source and target have not the same
    /// features.</exception>
    /// <exception cref="InvalidOperationException">Too few rows can be used, a weight is negative, or they do not fit in
    /// memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this RegressionCatalog catalog, GroupedMoments source, IDataView target, AdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        using var inquiry = new RegressionInquiry(catalog, Squared(options));
        var rows = inquiry.Open(target, "target");
        RequireSameFeatures(source.FeatureCount, source.FeatureNames, rows);
        inquiry.TellOwnGroups(source, target, source.GroupColumnName);
        inquiry.Plan(rows.FeatureCount, target.GetRowCount());
        return inquiry.Advise(source, rows, target, inquiry.Origin(rows) with { Groups = source });
    }

    /// <summary>
    /// The same with moments in place of the rows of both; the target's, in two or more folds, are cross-validated. See
    /// <see cref="AdviseTransfer(RegressionCatalog, IDataView, IDataView, AdviceOptions?)"/>.
    /// </summary>
    /// <param name="catalog">ml.Regression.</param>
    /// <param name="source">Moments of the source's rows.</param>
    /// <param name="target">Moments of the target's rows, in two or more folds.</param>
    /// <param name="options">Grids and threads; null for the defaults. The columns are those of the moments.</param>
    /// <exception cref="ArgumentException">Source and target have not the same features.</exception>
    /// <exception cref="InvalidOperationException">Too few rows, or the target's moments are in one fold.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this RegressionCatalog catalog, Moments source, Moments target, AdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var asked = Squared(options);
        (asked.LabelColumnName, asked.FeatureColumnName) = (target.LabelColumnName, target.FeatureColumnName);
        asked.ExampleWeightColumnName = null;
        using var inquiry = new RegressionInquiry(catalog, asked);
        SquaredParts.RequireSameFeatures(source.FeatureCount, target.FeatureCount, nameof(source));
        FeatureMatch.Require(
            $"The feature column '{target.FeatureColumnName}' of the target", target.FeatureCount, target.FeatureNames,
            "the source's moments have", source.FeatureCount, source.FeatureNames, SameFeaturiser);
        if (Featurisation.Difference(source.Featurisation, target.Featurisation) is { } difference)
        {
            throw new ArgumentException(
                $"The moments of source and target come from different featurisations: {difference}. {SameFeaturiser}", nameof(source));
        }

        var intercept = inquiry.Options.FitIntercept;
        inquiry.Plan(target.FeatureCount, target.Count);
        return inquiry.Advise(
            inquiry.Source(workers => TaskSpectrum.Of(source, intercept, workers)),
            TargetData.Of(target, intercept, inquiry.Workers),
            new(catalog, target.FeatureNames) { Moments = source });
    }

    /// <summary>
    /// What can be said from a source model alone: by what factor to scale it, with which tau to train the target from there, and whether
    /// that is better than the target's rows alone. Of rho, and of how the source should have been trained, nothing: those are null.
    /// </summary>
    /// <param name="catalog">ml.Regression.</param>
    /// <param name="sourceModel">The model's weights, one for each feature of the target.</param>
    /// <param name="target">The target's rows, featurised as for the model. They must not be among those that it was trained on.</param>
    /// <param name="options">Columns, grids, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the model has another number of
    /// weights.</exception>
    /// <exception cref="InvalidOperationException">Too few rows can be used, a weight is negative, or they do not fit in
    /// memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this RegressionCatalog catalog, StartingPoint sourceModel, IDataView target, AdviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sourceModel);
        ArgumentNullException.ThrowIfNull(target);
        var asked = CheckedWithoutRows(options);
        if (asked.Task == AdvisedTask.Count)
        {
            using var counts = new CountInquiry(catalog, asked);
            return counts.Advise(sourceModel, target);
        }

        using var inquiry = new RegressionInquiry(catalog, asked);
        var rows = inquiry.Open(target, "target");
        sourceModel.RequireFeatures(rows.FeatureCount, inquiry.Columns.Features);
        inquiry.TellUnit(sourceModel, ScoreUnit.Label);
        inquiry.Plan(rows.FeatureCount, target.GetRowCount(), withSource: false);
        return inquiry.Advise(sourceModel, inquiry.Read(rows, target), inquiry.Origin(rows));
    }

    /// <summary>
    /// The same with a fitted transformer or chain that ends in a linear model; the target's features are as before that model.
    /// </summary>
    /// <remarks>
    /// With the package Transfer.MLNet.Trees the chain may end in trees (FastTree, FastForest, Gam, LightGbm): the ways of docs/trees.md
    /// are then compared by left-out rows, and the target's rows may be as the chain takes them. No rho is claimed for leaves.
    /// </remarks>
    /// <param name="catalog">ml.Regression.</param>
    /// <param name="sourceModel">A fitted transformer or chain.</param>
    /// <param name="target">The target's rows, featurised: with the column that the linear model reads.</param>
    /// <param name="options">Columns, grids, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">The chain has no linear model, a column is missing or of the wrong type, or the numbers of
    /// weights and features differ.</exception>
    /// <exception cref="InvalidOperationException">Too few rows can be used, a weight is negative, or they do not fit in
    /// memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public static TransferAdvice AdviseTransfer(
        this RegressionCatalog catalog, ITransformer sourceModel, IDataView target, AdviceOptions? options = null) =>
        ModelAdvice.Find(sourceModel) is { } other
            ? other.Kind.Advise(catalog, other.Place, target, ModelQuestion.Of(CheckedWithoutRows(options)))
            : catalog.AdviseTransfer(StartingPoint.From(sourceModel), target, options);

    private const string SameFeaturiser = "Compute the moments behind the same fitted featuriser.";

    private static void RequireSameFeatures(int count, IReadOnlyList<string> names, RowReader target)
    {
        SquaredParts.RequireSameFeatures(count, target.FeatureCount, "source");
        FeatureMatch.Require(
            $"The feature column '{target.Columns.Features}' of the target", target.FeatureCount, target.FeatureNames,
            "the source's moments have", count, names, SameFeaturiser);
    }

    private static AdviceOptions CheckedWithoutRows(AdviceOptions? options)
    {
        TreeComparison.RefuseWithoutRows(options?.CompareTrees ?? false, nameof(options));
        return Checked(options);
    }

    private static AdviceOptions Checked(AdviceOptions? options) => (options ?? new AdviceOptions()).Checked();

    /// <summary>Options of squared errors, which moments are of.</summary>
    private static AdviceOptions Squared(AdviceOptions? options) =>
        CheckedWithoutRows(options) is { Task: not AdvisedTask.Count } asked ? asked
        : throw new ArgumentException(
            "Moments are of squared errors and say nothing of counts. Give the source's and the target's rows, or a model of the source.",
            nameof(options));
}
