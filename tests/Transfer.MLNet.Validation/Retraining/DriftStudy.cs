using System.Globalization;
using System.Text;
using Microsoft.ML;
using Transfer.MLNet.Production;

namespace Transfer.MLNet.Validation.Retraining;

/// <summary>How often a change is stated, where there is none and where there is one.</summary>
internal static class DriftStudy
{
    public static string Run(int draws, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        text.AppendLine("| what has changed | recent rows | \"the relation has changed\" | \"the features have\" |");
        text.AppendLine("|---|---:|---:|---:|");
        foreach (var world in DriftWorld.All)
        {
            var statements = Enumerable.Range(0, draws).Select(seed => Statement(world, seed, cancellation)).ToArray();
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {world.Name} | {world.Recent} | {Share(statements, s => s.RelationChanged)} | "
                + $"{Share(statements, s => s.FeaturesChanged)} |");
        }

        return text.ToString();
    }

    private static string Share(DriftStatement[] statements, Func<DriftStatement, bool> isStated) =>
        string.Create(CultureInfo.InvariantCulture, $"{100.0 * statements.Count(isStated) / statements.Length:0.0} %");

    private static DriftStatement Statement(DriftWorld world, int seed, CancellationToken cancellation)
    {
        var ml = new MLContext(seed: 1);
        var (source, reference, recent) = world.Draw(seed);
        if (world.Kind == "two")
        {
            var truths = (Month[] rows) => ml.Data.LoadFromEnumerable(rows.Select(r => new Truth
            {
                Features = r.Features,
                Label = r.Label > 0,
                Time = r.Time,
            }));
            return Of(ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: 1e-3).Fit(truths(source)), truths(reference),
                truths(recent), cancellation);
        }

        IDataView View(Month[] rows) => ml.Data.LoadFromEnumerable(rows);
        return Of(ml.Regression.Trainers.L2SpRidge().Fit(View(source)), View(reference), View(recent), cancellation);
    }

    private static DriftStatement Of(
        ITransformer model, IDataView reference, IDataView recent, CancellationToken cancellation) =>
        DriftTest.Of(Rows(model, reference, cancellation), Rows(model, recent, cancellation), false, cancellation);

    private static DriftRows Rows(ITransformer model, IDataView rows, CancellationToken cancellation) =>
        DriftRows.Of(model, rows, null, new(nameof(Month.Label), null), cancellation);

    private sealed class Truth
    {
        [Microsoft.ML.Data.VectorType(RetrainingWorld.Features)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public float Time { get; set; }
    }
}
