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
        Same(advice, back, "advice");
        Assert.Equal(advice.ToString(), back.ToString());
        Assert.Equal(advice.ToJson(), back.ToJson());

        static void Same(object? before, object? after, string path)
        {
            if (before is null or string || before.GetType().IsValueType)
            {
                Assert.True(Equals(before, after), $"{path}: {before} became {after}");
            }
            else if (before is System.Collections.IEnumerable list)
            {
                var (first, then) = (list.Cast<object>().ToArray(), ((System.Collections.IEnumerable)after!).Cast<object>().ToArray());
                Assert.Equal(first.Length, then.Length);
                for (var i = 0; i < first.Length; i++)
                {
                    Same(first[i], then[i], $"{path}[{i}]");
                }
            }
            else
            {
                foreach (var property in before.GetType().GetProperties())
                {
                    Same(property.GetValue(before), property.GetValue(after), $"{path}.{property.Name}");
                }
            }
        }
    }

    [Fact]
    public void What_is_not_known_is_null_in_json_and_no_number_is_a_word()
    {
        var json = SampleAdvice.Of(lower: null, upper: null).ToJson();
        var alignment = JsonNode.Parse(json)!["advice"]!["sources"]![0]!["alignment"]!.AsObject();
        Assert.True(alignment.ContainsKey("lower"));
        Assert.Null(alignment["lower"]);
        Assert.DoesNotMatch("NaN|Infinity", json);
        Assert.Null(TransferAdvice.FromJson(json).Sources[0].Alignment.Upper);
    }

    [Theory]
    [InlineData("1e400", "1e400, which is too large")]
    [InlineData("\"\\ud800\"", "damaged")]
    public void A_value_that_cannot_be_drawn_or_written_is_refused(string value, string message)
    {
        var json = SampleAdvice.Of().ToJson();
        var other = value[0] == '"' ? json.Replace("decides.\"", $"{value.Trim('"')}\"", StringComparison.Ordinal)
            : json.Replace("0.9713", value, StringComparison.Ordinal);
        Assert.NotEqual(json, other);
        Assert.Contains(message, Assert.Throws<FormatException>(() => TransferAdvice.FromJson(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scaled_start_without_its_scale_is_refused()
    {
        var json = SampleAdvice.Of().ToJson();
        var other = json.Replace("\"scale\": 0.612,", "\"scale\": null,", StringComparison.Ordinal);
        Assert.NotEqual(json, other);
        Assert.Contains("no scale", Assert.Throws<FormatException>(() => TransferAdvice.FromJson(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_way_that_is_there_twice_is_refused()
    {
        // As the fuzzer found it: another way's kind and numbers, and no table to hold both.
        var json = JsonNode.Parse(SampleAdvice.Of().ToJson())!;
        var ways = json["advice"]!["ways"]!.AsArray();
        ways.Add(ways[0]!.DeepClone());
        var refused = Assert.Throws<FormatException>(() => TransferAdvice.FromJson(json.ToJsonString()));
        Assert.Contains("ways", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_that_is_no_escape_is_refused_too()
    {
        var json = SampleAdvice.Of().ToJson().Replace("decides", "decides\ud800", StringComparison.Ordinal);
        Assert.Contains("damaged", Assert.Throws<FormatException>(() => TransferAdvice.FromJson(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "damaged")]
    [InlineData("{", "damaged")]
    [InlineData("null", "format")]
    [InlineData("[1, 2]", "format")]
    [InlineData("""{ "format": "SomethingElse", "version": 1 }""", "format")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice" }""", "version")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": "1" }""", "version")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": 4, "advice": {} }""", "newer")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": 1, "advice": {} }""", "Ask for the advice again")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": 3 }""", "advice")]
    [InlineData("""{ "format": "Transfer.MLNet.TransferAdvice", "version": 3, "advice": null }""", "advice")]
    public void What_is_not_the_json_of_an_advice_is_refused(string json, string named)
    {
        var refused = Assert.Throws<FormatException>(() => TransferAdvice.FromJson(json));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("probabilityOfHelp", "1.5")]
    [InlineData("verdict", "\"Perhaps\"")]
    [InlineData("measure", "17")]
    [InlineData("verdict", "2")]
    [InlineData("verdict", "\"2\"")]
    [InlineData("ways", """[{"kind":0,"leftOutRisk":1,"targetTau":1}]""")]
    [InlineData("warnings", """[{"kind":0,"message":"x"}]""")]
    [InlineData("ways", "null")]
    [InlineData("ways", "[]")]
    [InlineData("ways", """[{"kind":"TargetAlone","leftOutRisk":1,"targetTau":1},null]""")]
    [InlineData("ways", """[{"kind":"TargetAlone","leftOutRisk":1,"targetTau":-1}]""")]
    [InlineData("ways", """[{"kind":"Blend","leftOutRisk":1}]""")]
    [InlineData("sources", "[null]")]
    [InlineData("warnings", "[null]")]
    [InlineData("featureCount", "0")]
    [InlineData("targetRows", "\"many\"")]
    [InlineData("sources", """[{"alignment":{"estimate":1,"standardError":1,"lower":2,"upper":1,"method":"x"}}]""")]
    [InlineData("reason", null)]
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
