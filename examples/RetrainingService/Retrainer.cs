using System.Threading.Channels;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

namespace RetrainingService;

/// <summary>What became of the last retraining.</summary>
/// <param name="State">none, waiting, running, swapped, kept or failed.</param>
/// <param name="Rows">Sales that it learnt from and was measured on.</param>
/// <param name="ErrorBefore">Root mean squared error of the old model on the held-out fifth.</param>
/// <param name="ErrorAfter">That of the retrained one, fitted without them.</param>
/// <param name="Message">For people.</param>
internal sealed record Retraining(string State, int Rows = 0, double? ErrorBefore = null, double? ErrorAfter = null, string Message = "");

/// <summary>
/// Retrains in the background, one at a time: the model in service is moved to the fresh sales by <c>ml.Model.FineTune</c>, and the new one
/// takes its place if it is better on a fifth of them that it has not seen, by more than the standard error of the difference.
/// </summary>
internal sealed class Retrainer(MLContext ml, ServedModel served, FreshSales fresh, ModelFile file, ILogger<Retrainer> log)
    : BackgroundService
{
    public const int FewestSales = 25;

    // One may run and one wait: what was reported meanwhile is then in it.
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(1);

    public Retraining Last { get; private set; } = new("none");

    /// <summary>False where one is waiting already.</summary>
    public bool Ask()
    {
        if (!_asked.Writer.TryWrite(true))
        {
            return false;
        }

        if (Last.State is not "running")
        {
            Last = new Retraining("waiting");
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            var sales = fresh.Now();
            Last = new Retraining("running", sales.Length);
            try
            {
                Last = await Task.Run(() => Retrain(sales, stoppingToken), stoppingToken);
                log.LogInformation("Retraining on {Rows} sales: {State}. {Message}", Last.Rows, Last.State, Last.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The old model goes on serving.
                Last = new Retraining("failed", sales.Length, Message: e.Message);
                log.LogError(e, "Retraining failed; the model in service stays");
            }
        }
    }

    private Retraining Retrain(Sale[] sales, CancellationToken cancellation)
    {
        var (old, schema) = (served.Current.Model, served.Current.Schema);
        var rows = ml.Data.LoadFromEnumerable(sales);
        var parts = ml.Data.TrainTestSplit(rows, testFraction: 0.2, seed: 1);
        var options = new FineTuneOptions { LabelColumnName = nameof(Sale.Price), CancellationToken = cancellation };
        var prices = parts.TestSet.GetColumn<float>(nameof(Sale.Price)).ToArray();
        double[] SquaredErrors(ITransformer model) =>
            [.. model.Transform(parts.TestSet).GetColumn<float>("Score").Zip(prices, (score, price) => Math.Pow(score - price, 2))];

        var before = SquaredErrors(old);
        var after = SquaredErrors(ml.Model.FineTune(old, parts.TrainSet, options));
        var gains = before.Zip(after, (b, a) => b - a).ToArray();
        var gain = gains.Average();
        var uncertainty = Math.Sqrt(gains.Sum(g => Math.Pow(g - gain, 2)) / (gains.Length - 1) / gains.Length);
        var (errorBefore, errorAfter) = (Math.Sqrt(before.Average()), Math.Sqrt(after.Average()));
        if (!(gain > uncertainty))
        {
            return new Retraining("kept", sales.Length, errorBefore, errorAfter,
                "The retrained model is not clearly better on held-out sales; the old one stays.");
        }

        // What goes into service has learnt from all of them.
        var tuned = ml.Model.FineTune(old, rows, options);
        file.Save(tuned, schema);
        var generation = served.Swap(tuned, schema);
        return new Retraining("swapped", sales.Length, errorBefore, errorAfter,
            $"Version {generation.Version} serves since {generation.Since:O}.");
    }
}
