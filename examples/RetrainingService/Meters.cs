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
    private Drift _drift = new([], []);

    public Meters(ServedModel served)
    {
        _retrainings = _meter.CreateCounter<long>("model.retrainings", description: "Retrainings by outcome: swapped, kept or failed");
        _findings = _meter.CreateCounter<long>("model.guard.findings", description: "What spoke against a batch or a candidate, by kind");
        _errors = _meter.CreateHistogram<double>("model.prequential.error", "USD",
            "Absolute error of each sale by the model of the time, before the sale is learnt");
        _meter.CreateObservableGauge("model.version", () => served.Current.Version, description: "The version that answers");
        _meter.CreateObservableGauge("model.drift.p_value", () => Volatile.Read(ref _drift).Chances,
            description: "Chance of such a difference between the last batch and the rows that the version held out, if nothing changed");
        _meter.CreateObservableGauge("model.drift.changed", () => Volatile.Read(ref _drift).Changed,
            description: "1: relation or features have changed (p below 0.05), 0: no sign of it");
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

    /// <summary>What the guard says of a batch against the version that was current; what was said of another before is gone.</summary>
    public void Compared(int version, DriftStatement? statement)
    {
        (string Of, double? P, bool Changed)[] told =
        [
            ("relation", statement?.RelationPValue, statement?.RelationChanged is true),
            ("features", statement?.FeaturesPValue, statement?.FeaturesChanged is true),
        ];
        told = [.. told.Where(t => t.P is not null)];
        KeyValuePair<string, object?>[] Tags(string of) => [new("of", of), new("model.version", version)];
        Volatile.Write(ref _drift, new Drift(
            [.. told.Select(t => new Measurement<double>(t.P!.Value, Tags(t.Of)))],
            [.. told.Select(t => new Measurement<int>(t.Changed ? 1 : 0, Tags(t.Of)))]));
    }

    public void Dispose() => _meter.Dispose();

    private sealed record Drift(Measurement<double>[] Chances, Measurement<int>[] Changed);
}
