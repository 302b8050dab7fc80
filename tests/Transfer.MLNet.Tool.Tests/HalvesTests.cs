using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Rows in memory go through the featurisation in two halves side by side: none is lost, and none is there twice.</summary>
public sealed class HalvesTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Moments_of_many_rows_are_those_of_all_of_them_on_any_number_of_threads()
    {
        // More than four chunks of 65,536 rows. The label of the rows of one of them is missing: its half has fewer.
        const int Rows = 300_000;
        var (text, sum, count) = (new StringBuilder("x,y\n"), 0.0, 0);
        for (var i = 0; i < Rows; i++)
        {
            var (x, y) = (i * 7919 % 1000, i * 104729 % 997);
            var hasLabel = i is < 65_536 or >= 131_072;
            text.Append(CultureInfo.InvariantCulture, $"{x},{(hasLabel ? y.ToString(CultureInfo.InvariantCulture) : "")}\n");
            (sum, count) = hasLabel ? (sum + y, count + 1) : (sum, count);
        }

        _tool.Write("a.csv", text.ToString());
        var shown = new[] { "1", "2", "3" }.Select(threads =>
        {
            var ended = _tool.Run("moments", "write", "--source", "a.csv", "--label", "y", "--new-featurisation", $"f{threads}.zip",
                "--out", $"a{threads}.moments", "--threads", threads);
            Assert.True(ended.Code == 0, ended.ToString());
            return _tool.Run("moments", "show", $"a{threads}.moments", "--json").Output;
        }).Distinct(StringComparer.Ordinal).ToArray();
        var json = JsonNode.Parse(Assert.Single(shown))!;
        Assert.Equal(count, json["count"]!.GetValue<long>());
        Assert.Equal(sum / count, json["labelMean"]!.GetValue<double>(), 1e-9 * (sum / count));
    }
}
