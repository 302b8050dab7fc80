using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Transfer.MLNet.Networks.Advice;

namespace Transfer.MLNet;

/// <summary>Whether to start from a network of the source, and how strongly that source should be regularised. Immutable.</summary>
/// <remarks>
/// All of it is measured on validation rows, and none of it is theory: the theorems are of ridge regression. The uncertainty is that of the
/// rows; each network was trained once, and another seed may turn out otherwise.
/// </remarks>
public sealed class NetworkAdvice
{
    private static readonly JsonSerializerOptions _json =
        new()
        {
            WriteIndented = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Converters = { new JsonStringEnumConverter() }
        };

    internal NetworkAdvice()
    {
    }

    /// <summary>Whether the source helps: yes or no where the probability is at least 0.9 or at most 0.1.</summary>
    public required TransferVerdict Verdict { get; init; }

    /// <summary>
    /// That choosing among the sources of the last rung beats training from scratch on new rows: the choice is made for each fold of the
    /// validation rows on the others and judged on that fold, so that having looked at several is paid for.
    /// </summary>
    public required double ProbabilityOfHelp { get; init; }

    /// <summary>What is gained over scratch in that way: mean loss of scratch less that of the choice.</summary>
    public required double Gain { get; init; }

    /// <summary>The standard error of <see cref="Gain"/>, row by row.</summary>
    public required double GainError { get; init; }

    /// <summary>The weight decay of the source with the least validation loss at the last rung.</summary>
    public required double SourceDecay { get; init; }

    /// <summary>
    /// Others of the last rung whose loss differs from the least by less than 1.96 standard errors: the rows do not tell them apart.
    /// </summary>
    public required IReadOnlyList<double> IndistinctDecays { get; init; }

    /// <summary>Every weight decay, in the order of the options.</summary>
    public required IReadOnlyList<NetworkTrial> Trials { get; init; }

    /// <summary>
    /// The network trained on the target alone, with as many epochs as the fine-tuned ones: where these are too few for it, any start may
    /// help.
    /// </summary>
    public required NetworkRung Scratch { get; init; }

    /// <summary>Target rows that were trained on.</summary>
    public required int TrainingRows { get; init; }

    /// <summary>Target rows that were judged by.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>
    /// What the advice for linear models says of the best source's last hidden layer, held fixed: the alignment of the two tasks in these
    /// features. It is of a linear model on them, not of the network. Null where it was not asked for, or could not be had
    /// (<see cref="Warnings"/> says why).
    /// </summary>
    [JsonIgnore]
    public TransferAdvice? LinearProbe { get; init; }

    /// <summary>What to keep in mind.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Epochs of all trials and of scratch.</summary>
    public int EpochsTrained => Trials.Sum(t => t.EpochsTrained) + Scratch.EpochsTrained;

    /// <summary>The advice as JSON, that of the linear probe within.</summary>
    public string ToJson()
    {
        var json = JsonSerializer.SerializeToNode(this, _json)!.AsObject();
        json[nameof(LinearProbe)] = LinearProbe is null ? null : JsonNode.Parse(LinearProbe.ToJson());
        return json.ToJsonString(_json);
    }

    /// <summary>The advice for a person: verdict, what to do, every trial with what it cost.</summary>
    public override string ToString() => NetworkAdviceText.Of(this);
}
