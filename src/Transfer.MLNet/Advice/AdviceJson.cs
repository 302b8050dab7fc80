using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Transfer.MLNet.Advice;

/// <summary>Advice as JSON, in an envelope that says what it is and in which version.</summary>
internal static class AdviceJson
{
    private const string Format = "Transfer.MLNet.TransferAdvice";
    private const int Version = 2;

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
            }

            var advice = JsonSerializer.Deserialize(json, AdviceJsonContext.Default.AdviceEnvelope)?.Advice
                ?? throw Bad("has no value 'advice'");
            RequireSense(advice);
            return advice;
        }
        catch (JsonException e)
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

        if (!root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number < 1)
        {
            throw Bad("has no value 'version' that is a whole number from 1");
        }

        if (number < Version)
        {
            throw new FormatException($"The JSON is of version {number}, from before the ways of an advice were listed. Ask for the advice again.");
        }

        if (number > Version)
        {
            throw new FormatException($"The JSON is of version {number} and this library reads up to {Version}. Use a newer Transfer.MLNet.");
        }
    }

    // What the deserialiser does not see: null where a record was expected, and numbers that no advice has.
    private static void RequireSense(TransferAdvice a)
    {
        Require(a.Alignment?.Method is not null, "alignment");
        Require(!(a.Alignment.Lower > a.Alignment.Upper), "alignment: its interval ends before it begins");
        Require(a.Risks is { Scratch: not null, SourceAsIs: not null, SourceOptimal: not null, Advised: not null, ScaledStart: not null }, "risks");
        Require(a.Ways is { Count: > 0 } && a.Ways.All(w => w is not null && Enum.IsDefined(w.Kind)), "ways");
        Require(a.Ways.Any(w => w.Kind == TransferWayKind.TargetAlone), "ways: the target alone is missing");
        Require(a.Ways.All(w => w.Probability is null or (>= 0 and <= 1)), "ways: a probability is not between 0 and 1");
        Require(a.RiskCurve is not null && a.RiskCurve.All(p => p?.Risk is not null), "riskCurve");
        Require(a.Warnings is not null && a.Warnings.All(w => w?.Message is not null && Enum.IsDefined(w.Kind)), "warnings");
        Require(a.RouteReason is not null, "routeReason");
        Require(Enum.IsDefined(a.TransferHelps), "transferHelps");
        Require(Enum.IsDefined(a.Regime), "regime");
        Require(Enum.IsDefined(a.Route), "route");
        Require(double.IsNaN(a.ProbabilityOfHelp) || a.ProbabilityOfHelp is >= 0 and <= 1, "probabilityOfHelp: it must be between 0 and 1");
        RequireTau(a.SourceOptimalTau, "sourceOptimalTau");
        RequireTau(a.SourceTau, "sourceTau");
        RequireTau(a.TheorySourceTau, "theorySourceTau");
        RequireTau(a.EmpiricalSourceTau, "empiricalSourceTau");
        RequireTau(a.TargetTau, "targetTau");
        RequireTau(a.ScaledTargetTau, "scaledTargetTau");
        Require(!(a.StartingPointScale < 0), "startingPointScale: it must not be negative");
        Require(a.FeatureCount > 0, "featureCount: it must be above zero");
        Require(a.SourceRows >= 0, "sourceRows: it must not be negative");
        Require(a.TargetRows > 0, "targetRows: it must be above zero");
    }

    private static void RequireTau(double tau, string name) =>
        Require(double.IsNaN(tau) || tau >= 0, $"{name}: it must not be negative");

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

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AdviceEnvelope))]
internal sealed partial class AdviceJsonContext : JsonSerializerContext;
