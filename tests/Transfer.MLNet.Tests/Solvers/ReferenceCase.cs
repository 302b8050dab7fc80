using System.Text.Json;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tests.Solvers;

/// <summary>One of the four small tasks of Reference/l2sp_small.json, whose numbers two other programs agree on to 3e-14.</summary>
internal sealed class ReferenceCase
{
    private static readonly JsonElement Cases = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "l2sp_small.json"))).RootElement.GetProperty("cases");

    private readonly JsonElement _json;

    private ReferenceCase(JsonElement json) => _json = json;

    public static IEnumerable<string> Names => Cases.EnumerateObject().Select(c => c.Name);

    public bool Centred => _json.GetProperty("center").GetBoolean();

    public HeldRows Source => new(Matrix(_json.GetProperty("X0")), Numbers(_json.GetProperty("y0")));

    public HeldRows Target => new(Matrix(_json.GetProperty("X1")), Numbers(_json.GetProperty("y1")));

    public int[][] Folds => [.. _json.GetProperty("cv_folds").EnumerateArray()
        .Select(f => f.EnumerateArray().Select(i => i.GetInt32()).ToArray())];

    public IEnumerable<Setting> Grid => _json.GetProperty("grid").EnumerateArray().Select(g => new Setting(
        g.GetProperty("tau0").GetDouble(),
        g.GetProperty("tau1").GetDouble(),
        Numbers(g.GetProperty("w0hat")),
        g.GetProperty("intercept0").GetDouble(),
        Numbers(g.GetProperty("w1hat")),
        g.GetProperty("intercept1").GetDouble(),
        Numbers(g.GetProperty("leverage")),
        Numbers(g.GetProperty("loo_residuals")),
        g.GetProperty("loo_mse").GetDouble(),
        g.GetProperty("cv2_mse").GetDouble()));

    public static ReferenceCase Of(string name) => new(Cases.GetProperty(name));

    public RawSums Sums(string task)
    {
        var sums = _json.GetProperty($"raw_moments_{task}");
        return new RawSums(
            sums.GetProperty("n").GetDouble(),
            Numbers(sums.GetProperty("sx")),
            sums.GetProperty("sy").GetDouble(),
            Matrix(sums.GetProperty("XX")),
            Numbers(sums.GetProperty("Xy")),
            sums.GetProperty("yy").GetDouble());
    }

    private static double[] Numbers(JsonElement json) => [.. json.EnumerateArray().Select(v => v.GetDouble())];

    private static Matrix Matrix(JsonElement json)
    {
        var rows = json.EnumerateArray().Select(Numbers).ToArray();
        return new Matrix(rows.Length, rows[0].Length, [.. rows.SelectMany(r => r)]);
    }

    internal sealed record Setting(
        double Tau0,
        double Tau1,
        double[] SourceWeights,
        double SourceIntercept,
        double[] TargetWeights,
        double TargetIntercept,
        double[] Leverages,
        double[] LeaveOneOutResiduals,
        double LeaveOneOutError,
        double TwoFoldError);
}
