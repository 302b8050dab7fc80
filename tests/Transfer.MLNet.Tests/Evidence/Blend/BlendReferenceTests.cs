using System.Text.Json;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

/// <summary>
/// Twenty cases of the published rule, whose numbers come from a program of dense matrices in another language, with rows and clusters
/// really deleted, which agrees with a second one to 1.5e-13; and seven of the rule that is used, by a program of the labels' n x n
/// covariance matrices that knows neither of spectra nor of the intercept as a thing apart. 1e-9 leaves room for the inverse of
/// ill-conditioned matrices in 60 steps of EM.
/// </summary>
public class BlendReferenceTests
{
    private static readonly (BlendSettings Settings, JsonElement Case)[] _cases =
    [
        .. Cases("blend.json").Select(c => (BlendSettings.Plain, c)),
        .. Cases("blend-levels.json").Select(c => (BlendSettings.Used, c)),
    ];

    public static TheoryData<string> Names => [.. _cases.Select(c => c.Case.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_and_all_that_is_reported_are_those_of_the_reference(string name)
    {
        var (source, result, output) = Run(name, Workers.All);

        Close.To(output.GetProperty("tauSource").GetDouble(), source.Tau!.Value, 1e-9);
        Close.To(output.GetProperty("sourceNoise").GetDouble(), source.Noise!.Value, 1e-9);
        Close.To(Numbers(output.GetProperty("mu")), source.Weights, 1e-9);
        if (output.GetProperty("wbar").ValueKind != JsonValueKind.Null)
        {
            Close.To(Numbers(output.GetProperty("wbar")), source.Groups!.Mean, 1e-9);
            Close.To(Numbers(output.GetProperty("omega")), source.Groups.Variances, 1e-9);
        }
        else
        {
            Assert.Null(source.Groups);
        }

        Close.To(Numbers(output.GetProperty("averaged")), result.AveragedWeights, 1e-9);
        Close.To(Numbers(output.GetProperty("scratch")), result.ScratchWeights, 1e-9);
        Close.To(Numbers(output.GetProperty("weights")), result.Weights, 1e-9);
        Close.To(output.GetProperty("bias").GetDouble(), result.Intercept, 1e-9);
        Close.To(output.GetProperty("probabilityOfHelp").GetDouble(), result.ProbabilityOfHelp, 1e-9);
        Close.To(output.GetProperty("weightOfZero").GetDouble(), result.ZeroWeight, 1e-9);
        Close.To(output.GetProperty("alpha").GetDouble(), result.Alpha, 1e-8);
        Close.To(output.GetProperty("c").GetDouble(), result.Scale, 1e-9);
        Close.To(output.GetProperty("cLow").GetDouble(), result.ScaleInterval.Lower, 1e-12);
        Close.To(output.GetProperty("cHigh").GetDouble(), result.ScaleInterval.Upper, 1e-12);
        Close.To(output.GetProperty("effectiveRows").GetDouble(), result.EffectiveRows, 1e-9);
        var verdict = result.Helps switch { true => "Yes", false => "No", null => "CannotTell" };
        Assert.Equal(output.GetProperty("verdict").GetString(), verdict);
        if (output.TryGetProperty("leftOut", out var leftOut))
        {
            Close.To(Numbers(leftOut), result.LeftOutResiduals, 1e-9);
        }

        Assert.Equal(1, result.MetricWeights.Sum(m => m.Weight), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_threads_changes_no_bit(string name)
    {
        var (_, one, _) = Run(name, new Workers(1));
        var (_, two, _) = Run(name, new Workers(2));

        Assert.Equal(one.Weights, two.Weights);
        Assert.Equal(one.ProbabilityOfHelp, two.ProbabilityOfHelp);
        Assert.Equal(one.LeftOutResiduals, two.LeftOutResiduals);
    }

    private static JsonElement[] Cases(string file) =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", file))).RootElement.GetProperty("cases")
            .EnumerateArray()];

    private static (BlendSource Source, BlendResult Result, JsonElement Output) Run(string name, Workers workers)
    {
        var (settings, found) = _cases.Single(c => c.Case.GetProperty("name").GetString() == name);
        var input = found.GetProperty("input");
        var sourceRows = Rows(input.GetProperty("sourceX"), input.GetProperty("sourceY"));
        var groups = Codes(input.GetProperty("sourceGroups")) is { } codes
            ? codes.Select((code, i) => (code, i)).GroupBy(r => r.code, r => r.i).OrderBy(g => g.Key)
            .Select(g => BlockOf(sourceRows, [.. g])).ToArray()
            : null;
        var source = BlendSource.Of(TaskSpectrum.Of(sourceRows, intercept: true, workers), workers, groups, settings);
        var result = BlendRule.Apply(
            source, Rows(input.GetProperty("targetX"), input.GetProperty("targetY")), intercept: true, input.GetProperty("tauScratch")
                .GetDouble(), workers,
            Codes(input.GetProperty("targetClusters")));
        return (source, result, found.GetProperty("output"));
    }

    private static MomentBlock BlockOf(HeldRows rows, int[] chosen)
    {
        var features = new Matrix(chosen.Length, rows.FeatureCount);
        for (var i = 0; i < chosen.Length; i++)
        {
            rows.Features.Row(chosen[i]).CopyTo(features.Row(i));
        }

        return MomentsReader.Of(new HeldRows(features, [.. chosen.Select(i => rows.Labels[i])]), folds: 1, seed: 0, Workers.All).Total;
    }

    private static HeldRows Rows(JsonElement x, JsonElement y)
    {
        var rows = x.EnumerateArray().Select(Numbers).ToArray();
        return new HeldRows(new Matrix(rows.Length, rows[0].Length, [.. rows.SelectMany(r => r)]), Numbers(y));
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];

    private static int[]? Codes(JsonElement array) =>
        array.ValueKind == JsonValueKind.Null ? null : [.. array.EnumerateArray().Select(v => (int)v.GetDouble())];
}
