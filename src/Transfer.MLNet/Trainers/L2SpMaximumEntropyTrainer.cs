using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

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
/// <para>The same rows and options give the same bits, whatever the number of threads. The trainer keeps nothing between fits and
/// may be used from several threads at once.</para>
/// </remarks>
public sealed class L2SpMaximumEntropyTrainer : ITrainerEstimator<MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>
{
    private readonly ClassifierSettings _settings;
    private readonly MulticlassTraining _training;
    private readonly Lazy<IEstimator<ITransformer>> _stock;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpMaximumEntropyTrainer(MLContext mlContext, Options options)
        : this((mlContext ?? throw new ArgumentNullException(nameof(mlContext))).MulticlassClassification.Trainers, options)
    {
    }

    internal L2SpMaximumEntropyTrainer(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        _settings = ClassifierSettings.Of(options);
        RequireDefined(options, options.MissingClasses, nameof(Options.MissingClasses));
        RequireDefined(options, options.NewClassStart, nameof(Options.NewClassStart));
        var environment = StockModels.EnvironmentOf(catalog);
        _training = new MulticlassTraining(
            environment, new StockLog(environment, "L2SpMaximumEntropy", "Training"), _settings, options.MissingClasses, options.NewClassStart);
        Info = StockModels.TrainerInfo(normalization: true, calibration: false, caching: false, incrementalTraining: true);

        // Columns in, columns out and the complaints about them are those of a stock trainer of the same task, because they are its own.
        _stock = new(() => catalog.LbfgsMaximumEntropy(_settings.Columns.Label, _settings.Columns.Features, _settings.Columns.Weight));
    }

    /// <summary>What the trainer wants: features on one scale, no cache (it reads the rows once).</summary>
    public TrainerInfo Info { get; }

    /// <summary>The columns after the model, as every multiclass trainer of ML.NET has them.</summary>
    /// <param name="inputSchema">The columns before it.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _stock.Value.GetOutputSchema(inputSchema);

    /// <summary>Trains on rows.</summary>
    /// <param name="input">Rows with a label (a key) and features (a vector of Single of known size, dense or sparse).</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the starting point is of another size, or its
    /// classes cannot be matched with those of the label.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, all that can be used are of one class, a weight is negative, or
    /// tau is zero and the rows can be separated.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(IDataView input) => Fit(input, out _);

    /// <summary>Trains on rows and says how.</summary>
    /// <param name="input">Rows with a label (a key) and features (a vector of Single of known size, dense or sparse).</param>
    /// <param name="report">The tau that was used, how it was chosen, the classes, and the weights in double precision.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the starting point is of another size, or its
    /// classes cannot be matched with those of the label.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, all that can be used are of one class, a weight is negative, or
    /// tau is zero and the rows can be separated.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(IDataView input, out L2SpClassifierReport report)
    {
        ArgumentNullException.ThrowIfNull(input);
        (var transformer, report) = _training.OnRows(input);
        return transformer;
    }

    private static void RequireDefined<T>(Options options, T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(nameof(options), value, $"{name} must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    /// <summary>The options of <see cref="L2SpMaximumEntropyTrainer"/>.</summary>
    public sealed class Options : L2SpClassifierOptions
    {
        /// <summary>What becomes of classes that only the starting point has.</summary>
        public MissingClasses MissingClasses { get; set; } = MissingClasses.Drop;

        /// <summary>What the weights of classes that the starting point does not have are pulled to.</summary>
        public NewClassStart NewClassStart { get; set; } = NewClassStart.Zero;
    }
}
