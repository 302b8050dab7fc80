using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Transfer.MLNet.Validation.Retraining;

/// <summary>The error of the next month's rows by each plan, by following the advice, and by what needs the source's rows.</summary>
internal static class RetrainingStudy
{
    private const string AllRows = "all rows, the source's too";
    private const string Scratch = "the last month's rows alone";
    private const string Followed = "the advice, followed each month";

    public static string Run(int draws, CancellationToken cancellation)
    {
        var ames = Path.Combine(AppContext.BaseDirectory, "ames.csv");
        (string Name, RetrainingWorld[] Draws)[] worlds =
        [
            ("house sales", [RetrainingWorld.Ames(ames)]),
            .. RetrainingWorld.Names.Select(name =>
                (name, Enumerable.Range(0, draws).Select(seed => RetrainingWorld.Of(name, seed)).ToArray())),
        ];
        var tables = worlds.Select(w => w.Draws.Select(d => Losses(d, cancellation)).ToArray()).ToArray();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| each month | {string.Join(" | ", worlds.Select(w => w.Name))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(worlds.Select(_ => "---:|"))}");
        foreach (var plan in tables[0][0].Keys)
        {
            var errors = tables.Select(t => Math.Sqrt(t.Average(losses => losses[plan])).ToString("0.00", CultureInfo.InvariantCulture));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {plan} | {string.Join(" | ", errors)} |");
        }

        return text.ToString();
    }

    private static Dictionary<string, double> Losses(RetrainingWorld world, CancellationToken cancellation)
    {
        var ml = new MLContext(seed: 1);
        var model = Train(ml, world.Source);
        var advice = ml.Model.AdviseRetraining(model, ml.Data.LoadFromEnumerable(world.Recent), new()
        {
            TimeColumnName = nameof(Month.Time),
            ReferenceRows = null,
            CancellationToken = cancellation,
        });
        var losses = advice.Plans.OrderBy(p => p.Kind).ThenBy(p => p.Window).ToDictionary(p => p.ToString(), p => p.Loss);
        var times = world.Recent.Select(r => r.Time).Distinct().Order().ToArray();
        losses[Scratch] = Ahead(ml, world, times, (row, now) => row.Time == now - 1, fromSource: false);
        losses[AllRows] = Ahead(ml, world, times, (row, now) => row.Time < now, fromSource: true);
        losses[Followed] = advice.LossIfFollowed;
        return losses;
    }

    // Each month by a model of the rows before it.
    private static double Ahead(MLContext ml, RetrainingWorld world, float[] times, Func<Month, float, bool> isLearnt, bool fromSource)
    {
        var (sum, count) = (0.0, 0);
        foreach (var now in times.Skip(1))
        {
            Month[] rows = [.. world.Recent.Where(r => isLearnt(r, now)), .. fromSource ? world.Source : []];
            Month[] next = [.. world.Recent.Where(r => r.Time == now)];
            if (rows.Length < 3)
            {
                // The month before had none: the source is all there is.
                rows = world.Source;
            }

            var scores = Train(ml, rows).Transform(ml.Data.LoadFromEnumerable(next)).GetColumn<float>("Score").ToArray();
            sum += next.Zip(scores, (r, s) => Math.Pow(r.Label - s, 2)).Sum();
            count += next.Length;
        }

        return sum / count;
    }

    private static RegressionPredictionTransformer<LinearRegressionModelParameters> Train(MLContext ml, Month[] rows) =>
        ml.Regression.Trainers.L2SpRidge()
        .Fit(ml.Data.LoadFromEnumerable(rows));
}
