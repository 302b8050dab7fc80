using System.Text.Json.Nodes;
using Xunit;
using TheoryAttribute = Xunit.TheoryAttribute;

namespace Transfer.MLNet.Tests.Advice;

public class AdviceJsonTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_advice_comes_back_from_json_with_every_value(bool usesSource)
    {
        var advice = SampleAdvice.Of(usesSource, usesSource ? TransferVerdict.Yes : TransferVerdict.CannotTell);
        var back = TransferAdvice.FromJson(advice.ToJson());
        foreach (var property in typeof(TransferAdvice).GetProperties())
        {
            var (before, after) = (property.GetValue(advice), property.GetValue(back));
            if (before is System.Collections.IEnumerable and not string)
            {
                Assert.Equal(((System.Collections.IEnumerable)before).Cast<object>(), ((System.Collections.IEnumerable)after!).Cast<object>());
            }
            else
            {
                Assert.True(Equals(before, after), $"{property.Name}: {before} became {after}");
            }
        }

        Assert.Equal(advice.ToString(), back.ToString());
    }

    [Fact]
    public void Infinite_and_missing_numbers_survive_json()
    {
        var advice = SampleAdvice.Of(lower: double.NegativeInfinity, upper: double.PositiveInfinity);
        var back = TransferAdvice.FromJson(advice.ToJson());
        Assert.Equal(double.NegativeInfinity, back.Alignment.Lower);
        Assert.Equal(double.PositiveInfinity, back.Alignment.Upper);
        Assert.Equal(double.PositiveInfinity, back.RiskCurve[^1].SourceTau);
        Assert.True(double.IsNaN(back.RiskCurve[1].Risk.Empirical));
    }

    [Theory]
    [InlineData("", "damaged")]
    [InlineData("{", "damaged")]
    [InlineData("null", "format")]
    [InlineData("[1, 2]", "format")]
    [InlineData("""{ "format": "SomethingElse", "version": 1 }""", "format")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice" }""", "version")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": "1" }""", "version")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": 3, "advice": {} }""", "newer")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": 1, "advice": {} }""", "Ask for the advice again")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": 2 }""", "advice")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": 2, "advice": null }""", "advice")]
    public void What_is_not_the_json_of_an_advice_is_refused(string json, string named)
    {
        var refused = Assert.Throws<FormatException>(() => TransferAdvice.FromJson(json));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("targetTau", "-1")]
    [InlineData("sourceTau", "\"-Infinity\"")]
    [InlineData("probabilityOfHelp", "1.5")]
    [InlineData("startingPointScale", "-0.1")]
    [InlineData("transferHelps", "\"Perhaps\"")]
    [InlineData("regime", "17")]
    [InlineData("risks", "null")]
    [InlineData("warnings", "[null]")]
    [InlineData("riskCurve", "[null]")]
    [InlineData("featureCount", "0")]
    [InlineData("targetRows", "\"many\"")]
    [InlineData("alignment", """{"estimate":1,"standardError":1,"lower":2,"upper":1,"method":"x"}""")]
    [InlineData("sourceSignal", null)]
    public void A_value_that_is_missing_or_makes_no_sense_is_named(string name, string? value)
    {
        var json = JsonNode.Parse(SampleAdvice.Of().ToJson())!;
        var advice = json["advice"]!.AsObject();
        Assert.True(advice.ContainsKey(name));
        advice.Remove(name);
        if (value is not null)
        {
            advice[name] = JsonNode.Parse(value);
        }

        var refused = Assert.Throws<FormatException>(() => TransferAdvice.FromJson(json.ToJsonString()));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_that_is_cut_off_anywhere_is_refused()
    {
        var json = SampleAdvice.Of().ToJson();
        for (var length = 0; length < json.Length - 1; length += 37)
        {
            Assert.Throws<FormatException>(() => TransferAdvice.FromJson(json[..length]));
        }
    }
}
