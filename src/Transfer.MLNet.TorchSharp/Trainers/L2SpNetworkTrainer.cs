using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Networks;
using Transfer.MLNet.Networks.Native;
using Transfer.MLNet.Networks.Stock;
using Transfer.MLNet.Networks.Trainers;
using Transfer.MLNet.Networks.Training;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet;

/// <summary>
/// Trains a network, from scratch or pulled towards a starting point: L2-SP (Li, Grandvalet and Davoine 2018), weight decay, both or
/// neither. Trained by TorchSharp; what it gives is made of stock transformers that need Microsoft.ML.OnnxTransformer and not TorchSharp.
/// </summary>
/// <remarks>
/// <para>Minimises, by mini-batches, (1/n) sum s_i loss(y_i, f(x_i)) + (tau/2) |theta_S - theta_0|^2 + (tau_head/2) |theta_H|^2 +
/// (decay/2) |theta|^2: theta_S are the weights that the starting point has, theta_H those of a new last layer; biases count as
/// weights. The loss is the cross entropy (multiclass), the logistic loss (binary) or half the squared error (regression). Row weights
/// s_i, class weights included, are brought to mean 1. tau is per row: Li et al.'s alpha and beta, and <c>weight_decay</c> in PyTorch's
/// optimizers, are the same numbers.</para>
/// <para>The fitted chain is an <c>OnnxTransformer</c> (operator set 17) for all layers but the last, whose output is the column
/// <see cref="Options.EmbeddingColumnName"/>, and ML.NET's own linear model for the last: maximum entropy, calibrated logistic regression
/// or linear regression. So Score, its slot names, PredictedLabel, Probability, the evaluators and the explainers are ML.NET's.</para>
/// <para>All rows are held in memory, once, as single-precision numbers; rows that come sparse stay sparse. Rows with a NaN or an infinity
/// are left out with one warning in the log.</para>
/// <para>The same rows, options and seed give the same bits on the same machine; the order of rows, the first weights and dropout depend
/// on the seed alone. With more than one thread (<see cref="Options.NumberOfThreads"/>) the bits depend on their number, because the
/// native library divides its sums by it. Several trainers may run at the same time.</para>
/// </remarks>
public sealed class L2SpNetworkTrainer : IEstimator<ITransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly NetworkTask _task;
    private readonly NetworkSettings _settings;
    private readonly StockLog _log;
    private readonly Lazy<IEstimator<ITransformer>> _stock;

    internal L2SpNetworkTrainer(IHostEnvironment environment, NetworkTask task, Options options,
        Func<TaskColumns, IEstimator<ITransformer>> stock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _environment = environment;
        _task = task;
        _settings = NetworkSettings.Of(options);
        _log = new StockLog(environment, "L2SpNetwork", "Training");

        // The columns after the model are those of a stock trainer of the same task, because its model is what the last layer becomes.
        _stock = new(() => StockModels.Transforms(environment).CopyColumns(_settings.EmbeddingColumn, _settings.Columns.Features)
            .Append(stock(_settings.Columns)));
    }

    /// <summary>The columns after the model: those of ML.NET's trainers of the same task, and the last hidden layer.</summary>
    /// <param name="inputSchema">The columns before it.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _stock.Value.GetOutputSchema(inputSchema);

    ITransformer IEstimator<ITransformer>.Fit(IDataView input) => Fit(input);

    /// <summary>Trains on rows.</summary>
    /// <param name="input">Rows with a label (a key for multiclass, Boolean for binary, Single for regression) and features (a vector of
    /// Single of known size, dense or sparse; images as <c>ExtractPixels</c> gives them).</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point is of another
    /// architecture.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, the loss became NaN, or the checkpoint belongs to another
    /// training.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp's native library cannot be loaded; the message says what is
    /// missing.</exception>
    /// <exception cref="IOException">A checkpoint could not be written; the one before is intact.</exception>
    public TransformerChain<ITransformer> Fit(IDataView input) => Fit(input, out _);

    /// <summary>Trains on rows and says how; see <see cref="Fit(IDataView)"/>.</summary>
    /// <param name="input">Rows with a label and features.</param>
    /// <param name="report">Every epoch, and the network with its weights.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point is of another
    /// architecture.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, the loss became NaN, or the checkpoint belongs to another
    /// training.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    /// <exception cref="PlatformNotSupportedException">TorchSharp's native library cannot be loaded; the message says what is
    /// missing.</exception>
    /// <exception cref="IOException">A checkpoint could not be written; the one before is intact.</exception>
    public TransformerChain<ITransformer> Fit(IDataView input, out L2SpNetworkReport report)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var cancellation = new StockCancellation(_environment, _settings.Cancellation);
        var reader = new RowReader(input, _settings.Columns, _task.Labels);
        var classes = _task == NetworkTask.Multiclass ? ClassesOf(input) : [];
        var outputs = _task == NetworkTask.Multiclass ? (int)((KeyDataViewType)input.Schema[_settings.Columns.Label].Type).Count : 1;
        var architecture = _settings.Network ?? Network.Of(_settings.StartingPoint!.Network.Blueprint);
        var blueprint = architecture.Build(reader.FeatureCount, outputs);
        var (begin, starts, penalties) = StartMatching.Match(blueprint, _settings, classes, _log.Info);
        var classWeights = ClassWeights(classes);
        TorchLibrary.Require();
        var rows = TrainingRows.Read(reader, classWeights, _log.Warning, cancellation.Token);
        var validation = _settings.ValidationSet is null ? null : ValidationRows(reader.FeatureCount, classes, cancellation.Token);
        var plan = new TrainingPlan(_task, blueprint, begin, starts, penalties, _settings.FrozenLayers)
        {
            Rule = _settings.Optimizer.Rule,
            Schedule = _settings.Schedule,
            LearningRate = _settings.LearningRate,
            Epochs = _settings.Epochs,
            BatchSize = _settings.BatchSize,
            Seed = _settings.Seed,
            Patience = _settings.Patience,
            MinimumImprovement = _settings.MinimumImprovement,
            Threads = _settings.Threads,
            CheckpointPath = _settings.CheckpointPath,
            Progress = _settings.Progress,
        };
        using var training = new NetworkTraining(plan, rows, validation);
        var network = new WeightedNetwork(blueprint, training.Run(cancellation.Token), classes);
        var last = training.Epochs[training.ReturnedEpoch - 1];
        _log.Info(FormattableString.Invariant(
            $"{training.Epochs.Count} epochs over {rows.Count} rows, weights of epoch {last.Epoch}: training loss {last.TrainingLoss:G6}, distance from the start {last.DistanceFromStart:G6}."));
        report = new L2SpNetworkReport
        {
            Epochs = [.. training.Epochs],
            ReturnedEpoch = last.Epoch,
            StoppedEarly = training.StoppedEarly,
            ResumedAfter = training.ResumedAfter,
            Rows = rows.Count,
            Parameters = network.Weights.Values.Sum(w => w.LongLength),
            Network = NetworkStartingPoint.Of(network),
        };
        return NetworkModel.Chain(_environment, _task, network, input, _settings.Columns, _settings.EmbeddingColumn);
    }

    private TrainingRows ValidationRows(int featureCount, IReadOnlyList<string> classes, CancellationToken cancellation)
    {
        var reader = new RowReader(_settings.ValidationSet!, _settings.Columns, _task.Labels);
        if (reader.FeatureCount != featureCount)
        {
            throw new ArgumentException($"The ValidationSet has {reader.FeatureCount} features in column '{_settings.Columns.Features}', the rows of training {featureCount}. Transform it with what transformed those.");
        }

        if (_task == NetworkTask.Multiclass && !ClassesOf(_settings.ValidationSet!).SequenceEqual(classes))
        {
            throw new ArgumentException($"The keys of column '{_settings.Columns.Label}' stand for other values in the ValidationSet than in the rows of training. Map both with one fitted transformer.");
        }

        return TrainingRows.Read(reader, null, _log.Warning, cancellation);
    }

    private IReadOnlyList<string> ClassesOf(IDataView data) => ClassKeys.Of(data.Schema[_settings.Columns.Label]).Names ?? [];

    private double[]? ClassWeights(IReadOnlyList<string> classes)
    {
        if (_settings.ClassWeights.Count == 0)
        {
            return null;
        }

        var names = _task == NetworkTask.Multiclass ? classes
            : _task == NetworkTask.Binary ? ["False", "True"]
            : throw new ArgumentException("ClassWeights are for classification; a regression has no classes. Use ExampleWeightColumnName.");
        return _settings.ClassWeights.Keys.FirstOrDefault(k => !names.Contains(k)) is { } unknown
            ? throw new ArgumentException($"ClassWeights names the class '{unknown}', which the label column '{_settings.Columns.Label}' does not have. It has {(names.Count == 0 ? "no names" : string.Join(", ", names.Select(n => $"'{n}'")))}.")
            : [.. names.Select(n => _settings.ClassWeights.GetValueOrDefault(n, 1))];
    }

    /// <summary>The options of <see cref="L2SpNetworkTrainer"/>.</summary>
    public sealed class Options
    {
        /// <summary>The column that is predicted: a key (multiclass), Boolean (binary) or Single (regression).</summary>
        public string LabelColumnName { get; set; } = "Label";

        /// <summary>The column it is predicted from: a vector of Single of known size, dense or sparse.</summary>
        public string FeatureColumnName { get; set; } = "Features";

        /// <summary>How much each row counts: Single, not negative. None: all the same.</summary>
        public string? ExampleWeightColumnName { get; set; }

        /// <summary>
        /// The column that the fitted model adds for what the last layer gets: features for a linear model, an advice or a search.
        /// </summary>
        public string EmbeddingColumnName { get; set; } = "Embedding";

        /// <summary>The architecture. None: that of the starting point, without dropout.</summary>
        public Network? Network { get; set; }

        /// <summary>theta_0, where training begins and what the weights are pulled to. None: training from scratch.</summary>
        public NetworkStartingPoint? StartingPoint { get; set; }

        /// <summary>
        /// Whether the last layer is made anew. None: it is where the starting point has other classes, by name, or another number of
        /// outputs; classes of the same names in another order are put in order. False keeps the scores by their place whatever their
        /// names.
        /// </summary>
        public bool? NewHead { get; set; }

        /// <summary>How strongly weights are pulled to the starting point, per row: Li et al.'s alpha. Zero: not at all.</summary>
        public double Tau { get; set; }

        /// <summary>
        /// How strongly a new last layer is pulled to zero, per row: Li et al.'s beta. Without effect on a layer that is not new.
        /// </summary>
        public double HeadTau { get; set; }

        /// <summary>How strongly all weights are pulled to zero: weight decay, in addition to the above.</summary>
        public double WeightDecay { get; set; }

        /// <summary>Instead of <see cref="Tau"/>, for single layers, by their place among those that learn, from 0.</summary>
        public IReadOnlyDictionary<int, double> LayerTaus { get; set; } = new Dictionary<int, double>();

        /// <summary>Layers that keep the weights of their beginning, by their place among those that learn, from 0.</summary>
        public IReadOnlyCollection<int> FrozenLayers { get; set; } = [];

        /// <summary>
        /// What the weight of each row of a class is multiplied by, by the class's name ("True" and "False" for binary); others by 1.
        /// </summary>
        public IReadOnlyDictionary<string, double> ClassWeights { get; set; } = new Dictionary<string, double>();

        /// <summary>How gradients change the weights.</summary>
        public NetworkOptimizer Optimizer { get; set; } = NetworkOptimizer.Adam();

        /// <summary>The size of the steps.</summary>
        public double LearningRate { get; set; } = 1e-3;

        /// <summary>What the learning rate is multiplied by in each epoch.</summary>
        public LearningRateSchedule LearningRateSchedule { get; set; } = LearningRateSchedule.Constant;

        /// <summary>Passes over the rows.</summary>
        public int Epochs { get; set; } = 10;

        /// <summary>Rows in a step. The last step of an epoch takes what is left.</summary>
        public int BatchSize { get; set; } = 128;

        /// <summary>Decides the first weights of new layers, the order of rows in each epoch, and dropout.</summary>
        public int Seed { get; set; }

        /// <summary>Rows for the validation loss of each epoch, with the same columns. Not trained on.</summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>
        /// Ends training after so many epochs without a smaller validation loss, and returns the weights of the smallest. None: all epochs.
        /// </summary>
        public int? Patience { get; set; }

        /// <summary>How much smaller a validation loss has to be to count.</summary>
        public double MinimumImprovement { get; set; }

        /// <summary>
        /// A file that is written after every epoch, beside its place and then moved. Where it is there at the beginning, training goes on
        /// from it to the same bits as without a break; it is refused where rows or options are others.
        /// </summary>
        public string? CheckpointPath { get; set; }

        /// <summary>Threads of the native library, for the whole process. The bits of the result depend on it.</summary>
        public int NumberOfThreads { get; set; } = 1;

        /// <summary>Told of every epoch.</summary>
        public IProgress<NetworkEpoch>? Progress { get; set; }

        /// <summary>Ends the training early, between two steps; the checkpoint has the last whole epoch.</summary>
        public CancellationToken CancellationToken { get; set; }

        internal Options Copy() => (Options)MemberwiseClone();
    }
}
