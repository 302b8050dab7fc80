using System.Text.Json;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

/// <summary>
/// Cases of two classes, several and counts, with weights, offsets and a class that the source does not have. Their numbers come from a
/// program in another language with dense solves, no spectrum, and rows really deleted. Both fit the losses to a gradient of 1e-12 or so,
/// after which 6 rounds and a clip may enlarge a difference by some orders: 1e-6 of the largest weight is far below what a wrong formula
/// would do.
/// </summary>
public class ResponseReferenceTests
{
    private const double Tolerance = 1e-6;

    private static readonly JsonElement[] _cases =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "blend-responses.json")))
            .RootElement.GetProperty("cases").EnumerateArray()];

    public static TheoryData<string> Names => [.. _cases.Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_average_of_the_rule_and_all_that_is_reported_are_those_of_the_reference(string name)
    {
        var (input, output) = Case(name);
        var (source, sourceOf, target, settings) = Read(input, Workers.All);
        var alone = NewtonFit.Of(target, LossOf(target), null, new NewtonSettings(settings.TargetTau!.Value));

        var result = ResponseRule.Of(
            source, sourceOf, target, LossOf(target), new Start(alone.Weights, alone.Intercepts), true, BlendSettings.Plain, Workers.All);

        Close.To(Numbers(output.GetProperty("averageWeights")), result.Fit.Weights, Tolerance);
        Level(Numbers(output.GetProperty("averageIntercepts")), result.Fit.Intercepts);
        Close.To(output.GetProperty("probability").GetDouble(), result.ProbabilityOfHelp, Tolerance);
        Close.To(output.GetProperty("zero").GetDouble(), result.ZeroWeight, Tolerance);
        var alpha = output.GetProperty("alpha").GetDouble();
        Close.To(alpha, BlendSettings.Plain.Alpha(result.ProbabilityOfHelp, result.ZeroWeight), Tolerance);
        Close.To(
            Numbers(output.GetProperty("weights")),
            [.. alone.Weights.Zip(result.Fit.Weights, (from, to) => from + (alpha * (to - from)))], Tolerance);
        Close.To(output.GetProperty("scale").GetDouble(), result.Scale, Tolerance);
        Close.To(output.GetProperty("lower").GetDouble(), result.ScaleInterval.Lower, 1e-12);
        Close.To(output.GetProperty("upper").GetDouble(), result.ScaleInterval.Upper, 1e-12);
        Assert.Equal(1, result.MetricWeights.Sum(m => m.Weight), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_threads_changes_no_bit(string name)
    {
        var (one, two) = (Blend(name, new Workers(1)), Blend(name, new Workers(2)));

        Assert.Equal(one.Fit.Weights, two.Fit.Weights);
        Assert.Equal(one.Rule.ProbabilityOfHelp, two.Rule.ProbabilityOfHelp);
        Assert.Equal(one.LeftOutLosses, two.LeftOutLosses);
    }

    /// <summary>Scores of several classes are the same predictions wherever their common level is.</summary>
    private static void Level(double[] expected, double[] actual)
    {
        var shift = expected.Length == 1 ? 0 : expected.Average() - actual.Average();
        Close.To(expected, [.. actual.Select(v => v + shift)], Tolerance);
    }

    private static (JsonElement Input, JsonElement Output) Case(string name)
    {
        var found = _cases.Single(c => c.GetProperty("name").GetString() == name);
        return (found.GetProperty("input"), found.GetProperty("output"));
    }

    private static ResponseBlendResult Blend(string name, Workers workers)
    {
        var (source, sourceOf, target, settings) = Read(Case(name).Input, workers);
        return ResponseBlend.Of(source, sourceOf, target, LossOf(target), settings, workers);
    }

    private static (ResponseSource Source, int[] SourceOf, LabelledRows Target, ResponseSettings Settings) Read(
        JsonElement input, Workers workers)
    {
        var loss = input.GetProperty("loss").GetString()!;
        var source = Rows(loss, input, "sourceX", "sourceY", "sourceWeights", "sourceOffsets");
        var target = Rows(loss, input, "targetX", "targetY", "weights", "offsets");
        var settings = new ResponseSettings(TargetTau: input.GetProperty("targetTau").GetDouble());
        var of = ResponseSource.Of(source, LossOf(source), input.GetProperty("sourceTau").GetDouble(), settings, workers);
        return (of, [.. Numbers(input.GetProperty("sourceOf")).Select(v => (int)v)], target, settings);
    }

    private static Loss LossOf(LabelledRows rows) => rows is ClassRows classes ? Loss.Of(classes) : new PoissonLoss();

    private static LabelledRows Rows(string loss, JsonElement input, string x, string y, string weights, string offsets)
    {
        var features = input.GetProperty(x).EnumerateArray().Select(Numbers).ToArray();
        var labels = input.GetProperty(y).EnumerateArray().Select(Numbers).ToArray();
        var design = new DenseDesign(features.Length, features[0].Length, [.. features.SelectMany(r => r).Select(v => (float)v)]);
        var own = Numbers(input.GetProperty(weights));
        return loss switch
        {
            "logistic" => new ClassRows(design, [.. labels.Select(r => (int)r[0])], 2, own),
            "softmax" => new ClassRows(design, [.. labels.Select(r => Array.IndexOf(r, 1))], labels[0].Length, own, softmax: true),
            _ => new LabelledRows(design, [.. labels.Select(r => r[0])], own, null, Numbers(input.GetProperty(offsets))),
        };
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];
}
