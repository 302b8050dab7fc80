using System.Diagnostics.Metrics;
using Transfer.MLNet;

namespace RetrainingService;

/// <summary>What is counted, for OpenTelemetry or <c>dotnet-counters</c>: the framework counts requests and their errors itself.</summary>
internal sealed class Meters : IDisposable
{
    public const string Name = "RetrainingService";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _retrainings;
    private readonly Counter<long> _findings;
    private readonly Histogram<double> _errors;

    public Meters(ServedModel served)
    {
        _retrainings = _meter.CreateCounter<long>("model.retrainings", description: "Retrainings by outcome: swapped, kept or failed");
        _findings = _meter.CreateCounter<long>("model.guard.findings", description: "What spoke against a batch or a candidate, by kind");
        _errors = _meter.CreateHistogram<double>("model.prequential.error", "USD",
            "Absolute error of each sale by the model of the time, before the sale is learnt");
        _meter.CreateObservableGauge("model.version", () => served.Current.Version, description: "The version that answers");
    }

    public void Reported(double error) => _errors.Record(error);

    public void Ended(string state, IEnumerable<GuardFinding> findings)
    {
        _retrainings.Add(1, new KeyValuePair<string, object?>("state", state));
        foreach (var finding in findings)
        {
            _findings.Add(1, new KeyValuePair<string, object?>("kind", finding.Kind.ToString()));
        }
    }

    public void Dispose() => _meter.Dispose();
}
