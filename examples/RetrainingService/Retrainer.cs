using System.Threading.Channels;
using Microsoft.ML;
using Transfer.MLNet;

namespace RetrainingService;

/// <summary>What became of the last retraining.</summary>
/// <param name="State">none, waiting, running, swapped, kept or failed.</param>
/// <param name="Rows">Sales that were given.</param>
/// <param name="ErrorBefore">Root mean squared error of the old model on sales that neither has seen.</param>
/// <param name="ErrorAfter">That of the retrained one.</param>
/// <param name="Message">For people.</param>
internal sealed record Retraining(string State, int Rows = 0, double? ErrorBefore = null, double? ErrorAfter = null, string Message = "");

/// <summary>
/// Retrains in the background, one at a time, by <c>ml.Model.RetrainGuarded</c>: a batch that looks like a mistake, or a candidate that is
/// not better on sales that it has not seen, changes nothing.
/// </summary>
internal sealed class Retrainer(
    MLContext ml, ServedModel served, FreshSales fresh, Models models, Meters meters, ILogger<Retrainer> log) : BackgroundService
{
    public const int FewestSales = 25;

    // One may run and one wait: what was reported meanwhile is then in it.
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(1);

    public Retraining Last { get; private set; } = new("none");

    /// <summary>False where one is waiting already.</summary>
    /// <param name="acceptShift">Whether whoever asks knows that a change of the prices is real.</param>
    public bool Ask(bool acceptShift)
    {
        if (!_asked.Writer.TryWrite(acceptShift))
        {
            return false;
        }

        if (Last.State is not "running")
        {
            Last = new Retraining("waiting");
        }

        return true;
    }

    /// <summary>Back to the version that the current one was trained from.</summary>
    public int RollBack()
    {
        models.Store.Rollback();
        return Serve();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var acceptShift in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            var sales = fresh.Now();
            Last = new Retraining("running", sales.Length);
            try
            {
                Last = await Task.Run(() => Retrain(sales, acceptShift, stoppingToken), stoppingToken);
                log.LogInformation("Retraining on {Rows} sales: {State}. {Message}", Last.Rows, Last.State, Last.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The old model goes on serving.
                Last = new Retraining("failed", sales.Length, Message: e.Message);
                meters.Ended("failed", []);
                log.LogError(e, "Retraining failed; the model in service stays");
            }
        }
    }

    private Retraining Retrain(Sale[] sales, bool acceptShift, CancellationToken cancellation)
    {
        var outcome = ml.Model.RetrainGuarded(models.Store, ml.Data.LoadFromEnumerable(sales), new()
        {
            FineTune = new() { LabelColumnName = nameof(Sale.Price) },
            AcceptShift = acceptShift,
            CancellationToken = cancellation,
        });
        var state = outcome.Swapped ? "swapped" : "kept";
        meters.Ended(state, outcome.Findings);
        meters.Compared(outcome.Champion.Number, outcome.Drift);
        if (outcome.Swapped)
        {
            fresh.Learnt(sales);
            Serve();
        }

        double? Root(double? loss) => loss is { } square ? Math.Sqrt(square) : null;
        var message = outcome.Swapped ? $"{outcome}"
            : $"{outcome}{Environment.NewLine}The sales wait for the next retraining: GET /sales tells of them, DELETE /sales drops them.";
        return new Retraining(state, sales.Length, Root(outcome.ChampionLoss), Root(outcome.CandidateLoss), message);
    }

    private int Serve()
    {
        var (model, schema, version) = models.Load();
        served.Swap(model, schema, version);
        return version;
    }
}
