using Transfer.MLNet.Rows;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Transfer.MLNet.Networks.Training;

/// <summary>What is predicted: how labels are read, what a wrong score costs, and when it is right.</summary>
internal abstract class NetworkTask
{
    public static NetworkTask Multiclass { get; } = new MulticlassTask();

    public static NetworkTask Binary { get; } = new BinaryTask();

    public static NetworkTask Regression { get; } = new RegressionTask();

    public abstract LabelReader Labels { get; }

    /// <summary>What a label tensor holds.</summary>
    public abstract ScalarType LabelType { get; }

    /// <summary>Each row's loss.</summary>
    /// <param name="scores">rows x outputs.</param>
    /// <param name="labels">rows.</param>
    public abstract Tensor Losses(Tensor scores, Tensor labels);

    /// <summary>1 for each row that is right, else 0; null where there is no right and wrong.</summary>
    public abstract Tensor? Right(Tensor scores, Tensor labels);

    private sealed class MulticlassTask : NetworkTask
    {
        public override LabelReader Labels => LabelReader.Key;

        public override ScalarType LabelType => ScalarType.Int64;

        public override Tensor Losses(Tensor scores, Tensor labels) => functional.cross_entropy(scores, labels, reduction: Reduction.None);

        public override Tensor Right(Tensor scores, Tensor labels) => scores.argmax(1).eq(labels).to(ScalarType.Float32);
    }

    private sealed class BinaryTask : NetworkTask
    {
        public override LabelReader Labels => LabelReader.Boolean;

        public override ScalarType LabelType => ScalarType.Float32;

        public override Tensor Losses(Tensor scores, Tensor labels) =>
            functional.binary_cross_entropy_with_logits(scores.squeeze(1), labels, reduction: Reduction.None);

        public override Tensor Right(Tensor scores, Tensor labels) => scores.squeeze(1).gt(0).eq(labels.gt(0.5)).to(ScalarType.Float32);
    }

    private sealed class RegressionTask : NetworkTask
    {
        public override LabelReader Labels => LabelReader.Number;

        public override ScalarType LabelType => ScalarType.Float32;

        // Half the square, so that with penalties of tau / 2 the minimum is that of L2SpRidge, which halves neither.
        public override Tensor Losses(Tensor scores, Tensor labels) => (scores.squeeze(1) - labels).square() * 0.5;

        public override Tensor? Right(Tensor scores, Tensor labels) => null;
    }
}
