using System.Text.Json;
using System.Text.Json.Serialization;

namespace Transfer.MLNet.Advice;

/// <summary>Advice as JSON, in an envelope that says what it is and in which version.</summary>
internal static class AdviceJson
{
    private const string Format = "Transfer.MLNet.TransferAdvice";
    private const int Version = 3;

    public static string Write(TransferAdvice advice) =>
        JsonSerializer.Serialize(new AdviceEnvelope(Format, Version, advice), AdviceJsonContext.Default.AdviceEnvelope);

    public static TransferAdvice Read(string json)
    {
        try
        {
            // The version first: what a newer one wrote need not be readable as this one.
            using (var document = JsonDocument.Parse(json))
            {
                RequireEnvelope(document.RootElement);
                RequireFinite(document.RootElement);
            }

            var advice = JsonSerializer.Deserialize(json, AdviceJsonContext.Default.AdviceEnvelope)?.Advice
                ?? throw Bad("has no value 'advice'");
            RequireSense(advice);
            return advice;
        }
        // The second is half of a surrogate pair, the third the same where it is no escape.
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"This is not the JSON of a TransferAdvice, or it is damaged: {e.Message}", e);
        }
    }

    private static void RequireEnvelope(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || format.GetString() != Format)
        {
            throw Bad($"has no value 'format' that is \"{Format}\"");
        }

        if (!root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out var number) || number < 1)
        {
            throw Bad("has no value 'version' that is a whole number from 1");
        }

        if (number < Version)
        {
            throw new FormatException($"The JSON is of version {number}, of an earlier shape. Ask for the advice again.");
        }

        if (number > Version)
        {
            throw new FormatException($"The JSON is of version {number} and this library reads up to {Version}. Use a newer "
                + $"Transfer.MLNet.");
        }
    }

    // 1e400 is JSON, and no number of an advice: it would be read as infinite, and neither drawn nor written.
    private static void RequireFinite(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when !value.TryGetDouble(out var number) || !double.IsFinite(number):
                throw Bad($"has the number {value.GetRawText()}, which is too large");
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    RequireFinite(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    RequireFinite(property.Value);
                }

                break;
            default:
                break;
        }
    }

    // What the deserialiser does not see: null where a record was expected, and numbers that no advice has.
    private static void RequireSense(TransferAdvice a)
    {
        Require(Enum.IsDefined(a.Verdict), "verdict");
        Require(Enum.IsDefined(a.Measure), "measure");
        Require(a.ProbabilityOfHelp is >= 0 and <= 1, "probabilityOfHelp: it must be between 0 and 1");
        Require(a.Ways.Count > 0 && a.Ways.All(w => w is not null && Enum.IsDefined(w.Kind)), "ways");
        Require(a.Ways.Any(w => w.Kind == TransferWayKind.TargetAlone), "ways: the target alone must be there");
        Require(a.Ways.DistinctBy(w => w.Kind).Count() == a.Ways.Count, "ways: a kind of way is there twice");
        Require(a.Ways.All(w => w.Probability is null or (>= 0 and <= 1)), "ways: a probability is not between 0 and 1");
        Require(a.Ways.All(w => w.SourceTau is null or >= 0 && w.TargetTau is null or >= 0), "ways: a tau is below zero");
        Require(a.Ways.All(w => w.Kind != TransferWayKind.ScaledStart || w.Scale is not null), "ways: a scaled start has no scale");
        Require(a.Question is null || a.Ways.All(w => w.Kind != TransferWayKind.RescaledSource || w.Scale is not null),
            "ways: a rescaled source has no scale");
        Require(a.Question is null || a.Ways.All(w => w.TargetTau is not null || !TrainsTarget(w.Kind)), "ways: a targetTau is missing");
        // Of a model of the source no tau is known.
        Require(a.Question is null || a.Sources is not [{ Rows: not null }, ..]
            || a.Ways.All(w => w.SourceTau is not null || !TrainsSource(w.Kind)), "ways: a sourceTau is missing");
        Require(a.Sources.All(s => s is not null), "sources");
        foreach (var source in a.Sources)
        {
            Require(!(source.Alignment.Lower > source.Alignment.Upper), "sources: an interval of rho ends before it begins");
            Require(source.Rows is null or > 0, "sources: rows must be above zero");
            Require(source.Groups.All(g => g is not null && g.Rows > 0 && g.Share is >= 0 and <= 1), "sources: groups");
            if (source.Training is { } training)
            {
                Require(training.SourceOptimalTau >= 0 && training.TransferOptimalTau is null or >= 0, "training: a tau is below zero");
                Require(training.RiskCurve.All(p => p is not null && p.SourceTau >= 0 && p.TargetTau >= 0), "riskCurve");
            }
        }

        Require(a.Warnings.All(w => w is not null && Enum.IsDefined(w.Kind)), "warnings");
        Require(a.FeatureCount > 0, "featureCount: it must be above zero");
        Require(a.TargetRows > 0, "targetRows: it must be above zero");
        Require(a.Question is null || (Enum.IsDefined(a.Question.Task) && a.Question.EndlessTau > 0), "question");
    }

    // The ways that are trained with one tau of the target, and those with one of the source: as WayTraining has them.
    private static bool TrainsTarget(TransferWayKind kind) => kind is TransferWayKind.TargetAlone or TransferWayKind.FromSourceOptimal
        or TransferWayKind.FromTransferOptimal or TransferWayKind.ScaledStart or TransferWayKind.Pooled;

    private static bool TrainsSource(TransferWayKind kind) => kind is TransferWayKind.SourceAsIs or TransferWayKind.RescaledSource
        or TransferWayKind.FromSourceOptimal or TransferWayKind.FromTransferOptimal or TransferWayKind.ScaledStart
            or TransferWayKind.Pooled;

    private static void Require([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool sense, string what)
    {
        if (!sense)
        {
            throw Bad($"has a bad value for {what}");
        }
    }

    private static FormatException Bad(string what) => new($"This is not the JSON of a TransferAdvice, or it is damaged: it {what}.");
}

/// <summary>What is written.</summary>
internal sealed record AdviceEnvelope(string Format, int Version, TransferAdvice Advice);

/// <summary>A value by its name: a number would be another one where a kind is added or moved.</summary>
internal sealed class NamedValue<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(NamedValue<TransferVerdict>), typeof(NamedValue<RiskMeasure>), typeof(NamedValue<TransferWayKind>),
        typeof(NamedValue<AdviceWarningKind>), typeof(NamedValue<AdvisedTask>),
    ],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AdviceEnvelope))]
internal sealed partial class AdviceJsonContext : JsonSerializerContext;
