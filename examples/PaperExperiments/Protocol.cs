using System.Globalization;
using PaperExperiments.Data;
using Transfer.MLNet;

namespace PaperExperiments;

/// <summary>What one experiment of the paper does.</summary>
/// <param name="Name">The subcommand, and the beginning of its files' names.</param>
/// <param name="Title">For figures.</param>
/// <param name="Network">Its architecture, dropout included.</param>
/// <param name="Read">Reads the rows from the data folder, or makes some where there is none.</param>
internal sealed record Protocol(string Name, string Title, Network Network, Func<string?, TaskPair> Read)
{
    /// <summary>The source's weight decays: 0, then 18 from 1e-6 to 1e-1 in equal ratios.</summary>
    public double[] Decays { get; init; } = [0, .. Enumerable.Range(0, 18).Select(i => Math.Round(Math.Pow(10, -6 + (5.0 * i / 17)), 12))];

    public int[] Seeds { get; init; } = [.. Enumerable.Range(0, 10)];

    public double[] Fractions { get; init; } = [0.1];

    public required int BatchSize { get; init; }

    public required int SourceEpochs { get; init; }

    public required int TargetEpochs { get; init; }

    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The weight decay of standard fine-tuning and of training from scratch.</summary>
    public double TargetDecay { get; init; } = 1e-4;

    /// <summary>What L2-SP pulls with: (Tau / 2) |theta - theta_0|^2.</summary>
    public double Tau { get; init; } = 1e-4;

    /// <summary>
    /// Whether the last layer is made anew for the target; else all of the source's weights are carried over, the classes by their place.
    /// </summary>
    public bool NewHead { get; init; }

    /// <summary>In one line, for the head of the results: what must not be mixed.</summary>
    public string InWords(string origin) => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: batch {BatchSize}, epochs {SourceEpochs} + {TargetEpochs}, rate {LearningRate}, target decay {TargetDecay}, tau "
            + $"{Tau}, fractions {string.Join(' ', Fractions)}, {(NewHead ? "new head" : "head carried over")}; {origin}");

    public static Protocol Mnist { get; } = new(
        "mnist", "MNIST, round digits to angular digits", Network.Mlp(128, 64), folder => Idx(folder, "mnist"))
    {
        BatchSize = 256,
        SourceEpochs = 10,
        TargetEpochs = 5,
    };

    public static Protocol FashionMnist { get; } = Mnist with
    {
        Name = "fashion",
        Title = "Fashion-MNIST, upper body to the rest",
        Read = folder => Idx(folder, "fashion"),
    };

    public static Protocol Cifar10 { get; } = new(
        "cifar10",
        "CIFAR-10, birds, cats, deer, dogs, frogs to vehicles and horses",
        Network.Cnn(3, 32, 32, [32, 64], [128], dropout: 0.25),
        folder => folder is null ? GeneratedImages.Make(3, 32, 5, 40, 1) : Cifar(Path.Combine(folder, "cifar10")))
    {
        BatchSize = 128,
        SourceEpochs = 15,
        TargetEpochs = 8,
        Fractions = [0.05],
    };

    public static Protocol Newsgroups { get; } = new(
        "newsgroups", "20 Newsgroups, computers and science to the rest", Network.Mlp([256, 128], Activation.Relu, dropout: 0.3),
            Data.Newsgroups.Read)
    {
        BatchSize = 64,
        SourceEpochs = 15,
        TargetEpochs = 8,
    };

    /// <summary>The preset without --full: seven decays, two seeds.</summary>
    public Protocol AsQuick() => this with { Decays = [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1], Seeds = [0, 1] };

    private static TaskPair Idx(string? folder, string name)
    {
        if (folder is null)
        {
            return GeneratedImages.Make(1, 28, 5, 60, 1);
        }

        var fashion = name == "fashion";
        var place = Path.Combine(folder, fashion ? "fashion-mnist" : "mnist");
        var (mean, deviation) = fashion ? (0.2860f, 0.3530f) : (0.1307f, 0.3081f);
        var training = IdxFile.Read(place, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", mean, deviation);
        var test = IdxFile.Read(place, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", mean, deviation);
        // Round and angular digits; of clothes, T-shirt, pullover, dress, coat, shirt, and trouser, sandal, sneaker, bag, boot.
        int[] source = fashion ? [0, 2, 3, 4, 6] : [0, 3, 6, 8, 9];
        int[] target = fashion ? [1, 5, 7, 8, 9] : [1, 2, 4, 5, 7];
        return new(place, training.Only(source), test.Only(source), training.Only(target), test.Only(target));
    }

    private static TaskPair Cifar(string folder)
    {
        // The original comes in five files of 10,000 rows; a part of it may be one.
        var inFive = File.Exists(Path.Combine(folder, "data_batch_1.bin")) || File.Exists(Path.Combine(folder, "data_batch_1.bin.gz"));
        var training = CifarFile.Read(folder, inFive ? [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")] : ["train.bin"]);
        var test = CifarFile.Read(folder, inFive ? "test_batch.bin" : "test.bin");
        int[] source = [2, 3, 4, 5, 6];
        int[] target = [0, 1, 7, 8, 9];
        return new(folder, training.Only(source), test.Only(source), training.Only(target), test.Only(target));
    }
}
