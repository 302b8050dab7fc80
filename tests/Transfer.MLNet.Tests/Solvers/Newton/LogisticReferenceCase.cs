using System.Text.Json;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tests.Solvers.Newton;

/// <summary>
/// One of the tasks of Reference/logistic.json, which tests/reference/make_logistic_reference.py makes and checks against scikit-learn.
/// </summary>
internal sealed class LogisticReferenceCase
{
    private static readonly JsonElement[] Cases = [.. JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "logistic.json"))).RootElement.EnumerateArray()];

    private readonly JsonElement _json;

    private LogisticReferenceCase(JsonElement json) => _json = json;

    public static IEnumerable<string> Names => Cases.Select(c => c.GetProperty("name").GetString()!);

    public InterceptRule Rule => Enum.Parse<InterceptRule>(_json.GetProperty("intercept").GetString()!);

    public Start Start => new(Numbers(_json.GetProperty("startWeights")), Numbers(_json.GetProperty("startIntercepts")));

    public IEnumerable<(double Tau, double[] Weights, double[] Intercepts, double Objective, double LogLoss)> Fits =>
        _json.GetProperty("fits").EnumerateArray().Select(f => (
            f.GetProperty("tau").GetDouble(),
            Numbers(f.GetProperty("weights")),
            Numbers(f.GetProperty("intercepts")),
            f.GetProperty("objective").GetDouble(),
            f.GetProperty("logLoss").GetDouble()));

    public static LogisticReferenceCase Of(string name) => new(Cases.Single(c => c.GetProperty("name").GetString() == name));

    public ClassRows Rows(bool sparse)
    {
        var rows = _json.GetProperty("features").EnumerateArray().Select(Numbers).ToArray();
        var weights = _json.GetProperty("rowWeights");
        return new ClassRows(
            Designs.Of(rows, sparse),
            [.. _json.GetProperty("labels").EnumerateArray().Select(y => y.GetInt32())],
            _json.GetProperty("classes").GetInt32(),
            weights.ValueKind == JsonValueKind.Null ? null : Numbers(weights),
            softmax: _json.GetProperty("softmax").GetBoolean());
    }

    private static double[] Numbers(JsonElement json) => [.. json.EnumerateArray().Select(v => v.GetDouble())];
}
