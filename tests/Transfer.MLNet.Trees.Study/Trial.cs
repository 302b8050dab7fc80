using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Retraining;
using Transfer.MLNet.Trees.Ways;

namespace Transfer.MLNet.Trees.Study;

/// <summary>Some rows of a target, drawn, and what each method makes of them on the rows that are left.</summary>
internal static class Trial
{
    public const string Picked = "FineTune";
    public static readonly string[] Rivals = ["source as it is", "a + c score", "target alone", "refit, decay chosen"];

    private const int MostHeld = 2000;
    private const int MostOfSource = 5000;

    /// <summary>The source's model: 100 trees of 20 leaves.</summary>
    public static ITransformer Source(MLContext ml, Division division)
    {
        var rows = division.Source.ToArray();
        new Random(0).Shuffle(rows);
        return new Boosting(ml, division.IsBinary, rows[0].X.Length).Train([.. rows.Take(MostOfSource)], 20, 100, 10);
    }

    /// <summary>The loss on held-out rows of each method, and the way that FineTune took.</summary>
    public static (Dictionary<string, double> Losses, FineTuneWay Way) Run(
        MLContext ml, ITransformer source, Division division, int count, int draw)
    {
        var rows = division.Target.ToArray();
        var random = new Random(draw);
        do
        {
            random.Shuffle(rows);
        }
        while (division.IsBinary && (rows.Take(count).All(r => r.Y == 0) || rows.Take(count).All(r => r.Y == 1)));
        (float[] X, float Y)[] own = [.. rows.Take(count)];
        (float[] X, float Y)[] held = [.. rows.Skip(count).Take(MostHeld)];
        var boosting = new Boosting(ml, division.IsBinary, own[0].X.Length);
        double LossOf(ITransformer model) => boosting.Loss(boosting.Scores(model, held), held);

        var environment = StockModels.EnvironmentOf(ml.Model);
        var label = division.IsBinary ? "Flag" : "Label";
        var layer = TreeLayer.Of(source)!;
        var outcome = new TreeRetraining(environment, new StockLog(environment, "Study", "Trial"), new TreeSettings(label))
            .Run(layer, boosting.View(own));
        ITransformer Way(FineTuneWay way)
        {
            if (outcome.Search.Ways.First(w => w.Way == way).Linear is { } linear)
            {
                return LinearInstead.Of(environment, layer, linear, boosting.View(own).Schema);
            }

            var (values, intercepts) = LeafMove.Of(layer, outcome.Search.FitAll(outcome.Search.Ways.First(w => w.Way == way)));
            return layer.Moved(environment, values, intercepts);
        }

        var leaves = LeafRowsReader.Read(layer, boosting.View(own), new TaskColumns(label), null, _ => { }, 0, CancellationToken.None);
        var losses = new Dictionary<string, double>
        {
            [Picked] = LossOf(outcome.Transformer),
            [Rivals[0]] = LossOf(source),
            [Rivals[1]] = LossOf(Way(FineTuneWay.Rescaled)),
            [Rivals[2]] = LossOf(boosting.Alone(own)),
            [Rivals[3]] = LossOf(layer.Moved(environment, [Refit.Leaves(layer, leaves, division.IsBinary)], [0])),
        };
        foreach (var way in outcome.Search.Ways.Select(w => w.Way).Where(w => w is not (FineTuneWay.AsItIs or FineTuneWay.Rescaled)))
        {
            losses[$"always {way}"] = LossOf(Way(way));
        }

        return (losses, outcome.Best.Way);
    }
}
