using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>
/// Maximum entropy (multinomial logistic regression) that is pulled towards a starting point, L2-SP (Li, Grandvalet and Davoine 2018);
/// without one it is ridge. Gives ML.NET's own model, which loads and predicts where only Microsoft.ML is.
/// </summary>
/// <remarks>
/// <para>Minimises (1/n) sum s_i [log sum_k exp(b_k + x_i'w_k) - (b_yi + x_i'w_yi)] + (tau/2) sum_k |w_k - c w_sp,k|^2, by Newton's
/// method with conjugate gradients. The row weights s_i are normalised to mean 1, and rows of weight zero do not count in n. tau is per
/// row: scikit-learn's <c>LogisticRegression(C)</c> is C = 1 / (n tau), ML.NET's <c>LbfgsMaximumEntropy</c> is L2Regularization =
/// n tau (with L1Regularization = 0, and row weights of mean 1). The mean over the classes of the free intercepts is not determined by the
/// rows; it stays that of the starting point.</para>
/// <para>The classes are the keys of the label column. Those that the starting point has, by the names that the keys stand for, are
/// pulled to their weights there, in whatever order they come; new ones as <see cref="Options.NewClassStart"/> says. Those that only
/// the starting point has are dropped or kept as <see cref="Options.MissingClasses"/> says. A class among the keys that no row has
/// stays as the starting point has it; where that does not know it either, it is given the share of half a row.</para>
/// <para>tau left out is chosen along a path from strong to weak by the log-loss of rows left out; see
/// <see cref="L2SpClassifierReport"/> and <c>MLContext.Log</c> for what was chosen. Rows with a missing key, a NaN or an infinity are
/// left out with one warning in the log. Sparse rows stay sparse: memory grows with their non-zero values.</para>
/// </remarks>
public sealed class L2SpMaximumEntropyTrainer
    : L2SpTrainerBase<MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters, L2SpClassifierReport>
{
    private readonly TaskSettings _settings;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpMaximumEntropyTrainer(MLContext mlContext, Options options)
        : this(Required(mlContext).MulticlassClassification.Trainers, options)
    {
    }

    internal L2SpMaximumEntropyTrainer(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Options options)
        : base(StockModels.EnvironmentOf(catalog), "L2SpMaximumEntropy", options, (label, features, weight) =>
        catalog.LbfgsMaximumEntropy(label, features, weight))
    {
        var check = OptionCheck.Of(options);
        check.Defined(options.MissingClasses, nameof(options.MissingClasses));
        check.Defined(options.NewClassStart, nameof(options.NewClassStart));
        _settings = TaskSettings.Of(options) with { Missing = options.MissingClasses, NewClasses = options.NewClassStart };
    }

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> Train(
        IDataView input, out L2SpClassifierReport report)
    {
        var model = Train(LearningTask.Multiclass, input, _settings, out var fit);
        report = new(fit);
        return model;
    }

    /// <summary>The options of <see cref="L2SpMaximumEntropyTrainer"/>.</summary>
    public sealed class Options : L2SpIterativeOptions
    {
        /// <summary>What becomes of classes that only the starting point has.</summary>
        public MissingClasses MissingClasses { get; set; } = MissingClasses.Drop;

        /// <summary>What the weights of classes that the starting point does not have are pulled to.</summary>
        public NewClassStart NewClassStart { get; set; } = NewClassStart.Zero;
    }
}
