using System.Globalization;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>What a batch makes of a tenant, and what a retuning does.</summary>
internal static class TenantLearning
{
    private static readonly Workers s_one = new(1);

    /// <summary>With the rows of a batch counted.</summary>
    /// <exception cref="ArgumentException">They have another number of features than the model, or labels that are no classes.</exception>
    /// <exception cref="InvalidOperationException">A tenant with classes would have more rows than it may.</exception>
    public static TenantState With(TenantBase model, TenantState state, TenantBatch batch)
    {
        var p = model.FeatureCount;
        var n = batch.Labels.Length;
        if (batch.Features.Length != (long)n * p)
        {
            throw new ArgumentException(
                $"Batch {batch.Number} of tenant '{state.Name}' has rows of {batch.Features.Length / n} features, and the model's last "
                    + $"layer takes {p}. "
                + "Bring rows to it with TenantRow.From.", nameof(batch));
        }

        bool[] counts = [.. Enumerable.Range(0, n)
            .Select(i => float.IsFinite(batch.Labels[i]) && AreFinite(batch.Features.AsSpan(i * p, p)))];
        var taken = counts.Count(c => c);
        RequireClasses(model, state, batch, taken);
        var next = state with
        {
            LastBatch = batch.Number,
            Print = batch.Print(),
            Position = state.Position + n,
            LeftOut = state.LeftOut + n - taken,
            Fresh = state.Fresh + taken,
        };
        if (state.Moments is null)
        {
            var held = new float[state.Held.Length + (taken * (p + 1))];
            state.Held.CopyTo(held, 0);
            var at = state.Held.Length;
            for (var i = 0; i < n; i++)
            {
                if (counts[i])
                {
                    held[at] = batch.Labels[i];
                    batch.Features.AsSpan(i * p, p).CopyTo(held.AsSpan(at + 1));
                    at += p + 1;
                }
            }

            next = next with { Held = held };
            return model.Classes is not null || next.Rows < model.MostRows ? next
                : next with { Held = [], Moments = MomentsOf(model, state.Name, RowsOf(held, p), 0, null) };
        }

        var rows = Enumerable.Range(0, n).Where(i => counts[i]).Select(i => (batch.Labels[i], batch.Features.AsMemory(i * p, p)));
        return next with { Moments = MomentsOf(model, state.Name, rows, state.Rows, state.Moments) };
    }

    /// <summary>With weights made of all its rows; or why they stay as they are.</summary>
    /// <param name="model">That all begin with.</param>
    /// <param name="state">The tenant.</param>
    /// <param name="prior">What tenants teach of each other; null: it has a tau of its own.</param>
    public static (TenantState State, string? Reason) Retuned(TenantBase model, TenantState state, TargetPrior? prior)
    {
        if (state.Rows < 2)
        {
            return (state, state.Rows == 0 ? "it has no rows" : "it has only one row, which an intercept alone would fit");
        }

        if (model.Classes is { } classes)
        {
            return RetunedClasses(model, state, classes, prior);
        }

        var rule = model.Settings.Intercept;
        var (rows, moments) = state.Moments is { } sums ? (null, sums) : (Held(state.Held, model.FeatureCount), (Moments?)null);
        var (fit, tau, error) = prior is not null ? Drawn(prior, rows, moments) : Pulled(model, rows, moments);
        var scores = new LinearScores([fit.Weights], [fit.Intercept], LearningTask.Regression.Unit);
        var means = rows is not null ? CentredRows.Means(rows).Features : moments!.Total.FeatureMeans;
        var rounded = RoundedScores.Of(rule == InterceptRule.Free ? scores.MendedFor(means) : scores, model.Settings.Columns);
        return (
            state with
            {
                Fresh = 0,
                Tuned = new(rounded.Weights[0], rounded.Intercepts[0], state.Rows, tau, error is { } square ? Math.Sqrt(square) : null),
            },
            null);
    }

    private static (TenantState State, string? Reason) RetunedClasses(
        TenantBase model, TenantState state, CurvedFits classes, TargetPrior? prior)
    {
        var (scores, report) = classes.Fit(state.Name, new(Held(state.Held, model.FeatureCount), Offsets: null), prior);
        return scores is null ? (state, report.ReasonUnchanged)
            : (state with
            {
                Fresh = 0,
                Tuned = new(scores.Weights[0], scores.Intercepts[0], state.Rows, report.Tau, report.LeaveOneOutError),
            },
            null);
    }

    private static void RequireClasses(TenantBase model, TenantState state, TenantBatch batch, int taken)
    {
        if (model.Classes is null)
        {
            return;
        }

        if (Array.FindIndex(batch.Labels, y => float.IsFinite(y) && y is not (0 or 1)) is >= 0 and var row)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {row} of batch {batch.Number} of tenant '{state.Name}' has the label {batch.Labels[row]}, and the model has two "
                    + $"classes: ")
                + "give 1 for true and 0 for false (TenantRow.From does).", nameof(batch));
        }

        if (state.Rows + taken > model.MostRows)
        {
            throw new InvalidOperationException(
                $"Tenant '{state.Name}' has {state.Rows} rows, and batch {batch.Number} would make it more than {model.MostRows}: with "
                    + $"classes "
                + $"the rows themselves are kept, up to that many of {model.FeatureCount} features. Train a model of this tenant's own "
                + "(FineTune), or begin a new set of tenants with its model.");
        }
    }

    private static (LinearFit Fit, double? Tau, double? Error) Drawn(TargetPrior prior, HeldRows? rows, Moments? moments)
    {
        var (fit, error) = rows is not null ? prior.FitOf(rows, s_one) : prior.FitOf(moments!.Blocks);
        return (fit, null, error);
    }

    private static (LinearFit Fit, double? Tau, double? Error) Pulled(TenantBase model, HeldRows? rows, Moments? moments)
    {
        var rule = model.Settings.Intercept;
        if (model.Settings.Tau is { } tau)
        {
            return (rows is not null ? RidgeSolver.Solve(rows, model.Start, tau, rule, s_one)
                : RidgeSolver.Solve(moments!, model.Start, tau, rule, s_one), tau, null);
        }

        var tuned = rows is not null ? TunedFit.ByLeaveOneOut(rows, model.Start, rule, s_one)
            : TunedFit.ByKFold(moments!, model.Start, rule, s_one);
        return (tuned.Fit, tuned.Choice.Tau, tuned.Choice is { Edge: not TauEdge.NoEffect } choice ? choice.MeanSquaredError : null);
    }

    /// <summary>Rows that are kept, as solvers take them.</summary>
    public static HeldRows Held(float[] held, int p)
    {
        var n = held.Length / (p + 1);
        var (features, labels) = (new Matrix(n, p), new double[n]);
        for (var i = 0; i < n; i++)
        {
            labels[i] = held[i * (p + 1)];
            DenseRow.Widen(held.AsSpan((i * (p + 1)) + 1, p), features.Row(i));
        }

        return new(features, labels);
    }

    private static IEnumerable<(float Label, Memory<float> Features)> RowsOf(float[] held, int p) =>
        Enumerable.Range(0, held.Length / (p + 1)).Select(i => (held[i * (p + 1)], held.AsMemory((i * (p + 1)) + 1, p)));

    /// <summary>A row's fold depends on how many of the tenant's rows count before it, whether these were kept or not.</summary>
    private static Moments MomentsOf(
        TenantBase model, string name, IEnumerable<(float Label, Memory<float> Features)> rows, long position, Moments? before)
    {
        var p = model.FeatureCount;
        var folds = new Folds(model.Options.Folds, model.Options.Seed, name);
        var fresh = new GroupAccumulator?[folds.Count];
        var wide = new double[p];
        foreach (var (label, features) in rows)
        {
            DenseRow.Widen(features.Span, wide);
            (fresh[folds.Of(position++)] ??= new GroupAccumulator(p)).Add(wide, label, 1);
        }

        var blocks = new MomentBlock[folds.Count];
        for (var k = 0; k < blocks.Length; k++)
        {
            var added = fresh[k]?.ToBlock(s_one);
            blocks[k] = (before?.Blocks[k], added) switch
            {
                (null, null) => MomentBlock.Empty(p),
                (null, { } only) => only,
                ({ } only, null) => only,
                ({ } a, { } b) => MomentBlock.Merge([a, b], p),
            };
        }

        return new(blocks, model.Settings.Columns.Features, model.Settings.Columns.Label, []);
    }

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
