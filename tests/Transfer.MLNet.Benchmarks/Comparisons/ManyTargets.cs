using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Ten thousand targets of a hundred rows: all at once, against one call of FineTune for each.</summary>
internal static class ManyTargets
{
    private const int Features = 50;
    private const int RowsOfTarget = 100;

    public static IEnumerable<Result> Run(Bench bench)
    {
        var targets = bench.Effort.Choose(10_000, 500);
        var truth = bench.Data.WriteTask("m", targets * RowsOfTarget, Features, seed: 8);
        var held = bench.Data.Task("m", Features);
        var ml = new MLContext(seed: 1);
        var rows = Enumerable.Range(0, held.Rows).Select(i => new Row
        {
            Shop = (i % targets).ToString(CultureInfo.InvariantCulture),
            Features = new VBuffer<float>(Features, [.. held.Features.Row(i).ToArray().Select(v => (float)v)]),
            Label = (float)held.Labels[i],
        }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        var view = ml.Data.LoadFromEnumerable(rows, schema);
        var model = ml.Regression.Trainers.L2SpRidge(startingPoint: StartingPoint.From(truth), tau: 1e6).Fit(ml.Data.TakeRows(view, 1000));
        const int Sample = 20;
        var some = Enumerable.Range(0, Sample)
            .Select(t => ml.Data.LoadFromEnumerable(rows.Where((_, i) => i % targets == t).ToArray(), schema)).ToArray();
        double OneByOne() => Timing.Of(() =>
        {
            foreach (var own in some)
            {
                ml.Model.FineTune(model, own);
            }
        }) * targets / Sample;
        foreach (var (what, options) in new[] { ("tau for each by leave-one-out", new FineTuneManyOptions()),
            ("one tau for all by leave-one-out", new() { ShareTau = true }) })
        {
            yield return new(
                "m",
                FormattableString.Invariant($"`FineTuneMany`, {targets:#,0} targets of {RowsOfTarget} rows, p = {Features}, {what}"),
                "`FineTune` for each",
                Timing.Alternate(() => Timing.Of(() => ml.Model.FineTuneMany(model, view, nameof(Row.Shop), options)), OneByOne,
                    bench.Effort with { WarmUpSeconds = 0.1 }),
                null,
                $"{Sample} targets x {targets / Sample}");
        }
    }

    private sealed class Row
    {
        public string Shop { get; set; } = string.Empty;

        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }
}
