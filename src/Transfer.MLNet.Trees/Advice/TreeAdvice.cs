using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Retraining;
using Transfer.MLNet.Trees.Ways;

namespace Transfer.MLNet.Trees.Advice;

/// <summary>
/// Advice from a given model of trees, which the core finds by this name: the ways on its leaves against models of the target's rows
/// alone.
/// </summary>
internal sealed class TreeAdvice : ModelAdvice
{
    private const double StandardErrors = 2;
    private const string NoRho =
        "No rho is claimed for leaves: their values were fitted to the same labels as their splits. All errors are of target rows that "
            + "were left out, "
        + "those of boosted trees by five folds.";

    private static readonly Dictionary<FineTuneWay, TransferWayKind> _kinds = new()
    {
        [FineTuneWay.AsItIs] = TransferWayKind.SourceAsIs,
        [FineTuneWay.Shifted] = TransferWayKind.ShiftedSource,
        [FineTuneWay.Rescaled] = TransferWayKind.RescaledSource,
        [FineTuneWay.FromModel] = TransferWayKind.FromSourceOptimal,
        [FineTuneWay.FromScaledModel] = TransferWayKind.ScaledStart,
        [FineTuneWay.StructureAlone] = TransferWayKind.StructureAlone,
        [FineTuneWay.Averaged] = TransferWayKind.Blend,
        [FineTuneWay.LinearAlone] = TransferWayKind.LinearAlone,
    };

    public override TransferAdvice Advise(TrainCatalogBase catalog, PlaceInChain place, IDataView target, ModelQuestion question)
    {
        ArgumentNullException.ThrowIfNull(target);
        var environment = StockModels.EnvironmentOf(catalog);
        var log = new StockLog(environment, "AdviseTransfer", "Advising");
        var warnings = new List<AdviceWarning>();
        var asked = new Asked(environment, place, question);
        var rows = asked.Through(target);
        var search = asked.Retraining(log).Compare(asked.Layer, rows);
        var boosted = asked.Boosted(search);
        var alone = new WayFit(FineTuneWay.AsItIs, null, boosted.LeftOutLosses, search.Ways[0].Fit);
        var weights = search.Sample.Weights;
        var best = search.Best(linear: false);
        var linear = search.Ways.Find(w => w.Linear is not null);
        var reference = linear is not null && linear.MeanLoss(weights) < alone.MeanLoss(weights) ? linear : alone;
        var decided = Decide(best, reference, weights);
        var referenceKind = reference.Linear is null ? TransferWayKind.TargetAlone : TransferWayKind.LinearAlone;
        return new()
        {
            Measure = asked.Layer.Task == TreeTask.Regression ? RiskMeasure.SquaredError : RiskMeasure.LogLoss,
            Verdict = decided.Verdict,
            ProbabilityOfHelp = decided.Probability,
            Reason = $"{Found(best, reference, weights)} {NoRho}"
                + (search.WhyNoLinear is { } why ? $" A linear model was not compared: {why}." : ""),
            Ways = WayList.Ordered(
                [
                    new() { Kind = TransferWayKind.TargetAlone, LeftOutRisk = alone.MeanLoss(weights) },
                    .. search.Ways.Select(w => Way(w, alone, search)),
                ],
                decided.Advised == TransferWayKind.TargetAlone ? referenceKind : decided.Advised),
            Sources = [],
            FeatureCount = asked.Layer.FeatureCount,
            TargetRows = search.Rows,
            Warnings = warnings,
            Origin = new(catalog, []) { Train = asked.Train },
        };
    }

    /// <summary>Whether the best way with the source is better than the better one of the models without it.</summary>
    private static Decision Decide(WayFit best, WayFit reference, double[] weights)
    {
        var (risk, error) = (reference.MeanLoss(weights), best.StandardErrorAgainst(reference, weights));
        var gain = risk - best.MeanLoss(weights);
        var way = new TransferWay
        {
            Kind = _kinds[best.Way],
            LeftOutRisk = best.MeanLoss(weights),
            Gain = gain,
            GainStandardError = error,
            Probability = Decision.ProbabilityOf(gain, error, risk),
        };
        return Decision.Of(way, new() { Kind = TransferWayKind.TargetAlone, LeftOutRisk = risk }, isUsed: gain > -StandardErrors * error);
    }

    private static string Found(WayFit best, WayFit reference, double[] weights)
    {
        var share = 1 - (best.MeanLoss(weights) / reference.MeanLoss(weights));
        var other = reference.Linear is null ? "boosted trees on the target's rows alone" : "a linear model of the target's rows alone";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The best way with the model has {100 * Math.Abs(share):0} % {(share >= 0 ? "less" : "more")} error than {other}.");
    }

    private static TransferWay Way(WayFit way, WayFit alone, TreeSearch search)
    {
        var weights = search.Sample.Weights;
        var (risk, error) = (way.MeanLoss(weights), way.StandardErrorAgainst(alone, weights));
        var gain = alone.MeanLoss(weights) - risk;
        return new()
        {
            Kind = _kinds[way.Way],
            // A class that no row has keeps its leaves, at an infinite tau that is not told.
            TargetTau = search.TausOf(way)?.Where(double.IsFinite).Select(t => (double?)t).Max(),
            Scale = way.Linear is not null ? null : way.Fit.Scales.Distinct().Count() == 1 ? way.Fit.Scales[0] : null,
            LeftOutRisk = risk,
            Gain = gain,
            GainStandardError = error,
            Probability = Decision.ProbabilityOf(gain, error, alone.MeanLoss(weights)),
        };
    }

    /// <summary>The model, and how its ways are trained on rows.</summary>
    private sealed class Asked
    {
        private readonly IHostEnvironment _environment;
        private readonly PlaceInChain _place;
        private readonly ModelQuestion _question;

        public Asked(IHostEnvironment environment, PlaceInChain place, ModelQuestion question)
        {
            (_environment, _place, _question) = (environment, place, question);
            Layer = TreeLayer.Of(place);
        }

        public TreeLayer Layer { get; }

        private int Threads => _question.Threads ?? Environment.ProcessorCount;

        public TreeRetraining Retraining(StockLog log) => new(
            _environment,
            log,
            new(
                _question.Label,
                _question.Weight,
                KeepsFeatures: true,
                Seed: _question.Seed,
                Threads: Threads,
                Cancellation: _question.Cancellation));

        public BoostedTrees Boosted(TreeSearch search) => search.Sample.Given is null
            ? throw new InvalidOperationException(
                $"{search.Rows} rows of {Layer.FeatureCount} features are too many to train trees on them alone, which an advice "
                    + $"compares with. "
                + "Take a sample of the rows (ml.Data.TakeRows after ml.Data.ShuffleRows).")
            : new(Layer, search.Sample, _question.Seed, new Workers(Threads, _question.Cancellation));

        /// <summary>
        /// The rows as they reach the trees: through what precedes them in the chain, or as they are where they have the features
        /// already.
        /// </summary>
        public IDataView Through(IDataView rows)
        {
            var featurised = rows.Schema.GetColumnOrNull(Layer.FeatureColumn)?.Type is VectorDataViewType { Size: var size }
                && size == Layer.FeatureCount;
            return featurised && !CanTake(rows.Schema) ? rows
                : _place.Before.Aggregate(rows, (view, transformer) => transformer.Transform(view));
        }

        public ITransformer Train(TransferWayKind kind, IDataView target)
        {
            var log = new StockLog(_environment, "AdviseTransfer", "Training a way");
            var rows = Through(target);
            var retraining = Retraining(log);
            var search = retraining.Compare(Layer, rows);
            if (kind == TransferWayKind.TargetAlone)
            {
                return _place.Replace(Boosted(search).Train(_environment, rows, _question.Label, _question.Weight));
            }

            var way = search.Ways.Find(w => _kinds[w.Way] == kind) ?? throw new InvalidOperationException(
                $"The way {kind} cannot be taken with these rows: there are more of them than the advice had, or features are missing.");
            return _place.Replace(retraining.Take(Layer, rows.Schema, search, way));
        }

        private bool CanTake(DataViewSchema schema)
        {
            try
            {
                _ = _place.Before.Aggregate(schema, (columns, transformer) => transformer.GetOutputSchema(columns));
                return true;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                return false;
            }
        }
    }
}
