using System.Globalization;
using System.Text.Json;
using Transfer.MLNet.Models;
using Transfer.MLNet.Cluster.Stores;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>What the store knows of a set of tenants, beside the model.</summary>
/// <param name="Name">Of the set.</param>
/// <param name="Model">A hash of the last layer's weights.</param>
/// <param name="RetuneEvery">See <see cref="TenantOptions"/>, as for the others.</param>
/// <param name="Tau">Per row.</param>
/// <param name="PullIntercept">Whether the intercept is pulled.</param>
/// <param name="Folds">K.</param>
/// <param name="Seed">What rows are dealt by.</param>
internal sealed record TenantSettings(string Name, string Model, int RetuneEvery, double? Tau, bool PullIntercept, int Folds, int Seed)
{
    // Longer ones are no names.
    private const int LongestName = 200;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static TenantSettings Of(string name, LayerInChain found, TenantOptions options)
    {
        RequireName(name);
        ArgumentOutOfRangeException.ThrowIfNegative(options.RetuneEvery);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Folds, 2);
        if (options.Tau is { } tau)
        {
            Solvers.Tau.Require(tau);
        }

        var scores = found.Layer.Scores;
        var weights = string.Join(' ', scores.Weights[0].Append(scores.Intercepts[0])
            .Select(w => w.ToString("R", CultureInfo.InvariantCulture)));
        return new(
            name, StoreNames.Hash($"{found.Layer.FeatureColumn} {weights}"), options.RetuneEvery, options.Tau, options.PullIntercept,
                options.Folds,
            options.Seed);
    }

    /// <param name="content">What the store has.</param>
    /// <param name="set">Whose.</param>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static TenantSettings Read(ReadOnlyMemory<byte> content, string set)
    {
        var what = $"The settings of tenants '{set}' ('{StoreNames.TenantSettings(set)}' in the store) are damaged";
        try
        {
            return JsonSerializer.Deserialize<TenantSettings>(content.Span) is
            {
                Model: not null, RetuneEvery: >= 0, Folds: >= 2, Tau: null or (>= 0 and < double.PositiveInfinity),
            } settings && settings.Name == set ? settings : throw new FormatException($"{what}. Put back a copy of them.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{what}: {e.Message} Put back a copy of them.", e);
        }
    }

    /// <exception cref="ArgumentException">It is empty, long, or has a slash.</exception>
    public static void RequireName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > LongestName || name.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' is no name of a set of tenants: up to {LongestName} characters, without '/'.",
                nameof(name));
        }
    }
}
