using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>The target as it is at hand: its rows, for exact leave-one-out, or moments in folds.</summary>
internal sealed class TargetData
{
    private readonly Moments? _moments;
    private readonly bool _intercept;

    private TargetData(TaskSpectrum spectrum, Moments? moments, bool intercept)
    {
        (Spectrum, _moments, _intercept) = (spectrum, moments, intercept);
    }

    public TaskSpectrum Spectrum { get; }

    public bool HasRows => _moments is null;

    public static TargetData Of(HeldRows rows, bool intercept, Workers workers)
    {
        Enough(rows.Rows);
        return new(TaskSpectrum.Of(rows, intercept, workers), null, intercept);
    }

    public static TargetData Of(Moments moments, bool intercept, Workers workers)
    {
        Enough(moments.Count);
        if (moments.Blocks.Count(b => b.Count > 0) < 2)
        {
            throw new InvalidOperationException(
                "The moments of the target are in one fold, and cannot be cross-validated. Compute them with ml.Regression.ComputeMoments(target, folds: 10), "
                + "or give the target's rows.");
        }

        return new(TaskSpectrum.Of(moments, intercept, workers), moments, intercept);
    }

    public LeftOutErrors LeftOut(Matrix starts, double[] taus, Workers workers) => _moments is null
        ? LeftOutErrors.ByRows(Spectrum, starts, taus, workers)
        : LeftOutErrors.ByFolds(_moments, _intercept, starts, taus, workers);

    private static void Enough(long rows)
    {
        if (rows < 3)
        {
            throw new InvalidOperationException($"The target has {rows} {(rows == 1 ? "row" : "rows")}; at least 3 are needed to say anything. Give more target rows.");
        }
    }
}
