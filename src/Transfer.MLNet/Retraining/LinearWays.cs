using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Retraining;

/// <summary>The ways of moving a linear regression, each by exact leave-one-out on the same rows.</summary>
internal sealed class LinearWays
{
    // Two eigendecompositions of this size take some seconds; where there is more, the rows decide almost by themselves.
    private const int LargestSide = 1000;
    private const long NumbersKept = 1L << 23;
    // Below it a way that fits more than a shift is off by up to hundreds of times where a row lies far out, and errors that leave out one
    // of so few rows do not tell: see docs/retrain-in-production.md.
    private const int FewestForMore = 15;

    // See Choose.
    private const double StandardErrors = 1;

    private readonly HeldRows _rows;
    private readonly double[] _weights;
    private readonly double _intercept;
    private readonly List<(FineTuneWay Way, double? Tau, double[] Errors, Func<LinearFit> Fit, double? Scale)> _ways = [];

    private LinearWays(HeldRows rows, Start start)
    {
        (_rows, _weights, _intercept) = (rows, start.Weights, start.Intercept);
        Spread = Spread.Of(rows);
    }

    public Spread Spread { get; }

    /// <summary>The most that so few rows are let fit; null: anything.</summary>
    public static FineTuneWay? Most(long rows) => rows < FewestForMore ? FineTuneWay.Shifted : null;

    /// <summary>Why the ways cannot be compared; null where they can.</summary>
    public static string? WhyNot(long rows, int features) =>
        Math.Min(rows, features) > LargestSide ? $"there are more than {LargestSide} rows and features"
        : rows * features > NumbersKept ? "there are many more rows than the comparison keeps in memory"
        : null;

    /// <param name="data">The rows, featurised.</param>
    /// <param name="columns">Which columns they are read from.</param>
    /// <param name="start">The model's own weights and intercept.</param>
    /// <param name="tau">What leave-one-out chose for the weights held to the model's.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static LinearWays Of(IDataView data, TaskColumns columns, Start start, double tau, Workers workers)
    {
        var read = TaskReader.Read(new RowReader(data, columns), NumbersKept * sizeof(double), workers);
        var rows = read.Rows ?? throw new InvalidOperationException(
            "The rows do not fit in memory though there were few of them a moment ago: the view gives other rows each time.");
        return Of(rows, start, tau, workers);
    }

    public static LinearWays Of(HeldRows rows, Start start, double tau, Workers workers)
    {
        var ways = new LinearWays(rows, start);
        var scores = Product.Times(rows.Features, start.Weights);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] += start.Intercept;
        }

        ways.Compare(scores, tau, workers);
        return ways;
    }

    /// <summary>
    /// The way that is taken: of those whose left-out error is within one standard error of the least (of the paired difference, over the
    /// rows), the one that moves least.
    /// </summary>
    /// <remarks>
    /// The rule of one standard error is that of Breiman, Friedman, Olshen and Stone (1984, section 3.4.3), here of the paired difference.
    /// What it costs and saves is measured in docs/retrain-in-production.md.
    /// </remarks>
    /// <param name="atMost">The most that may be fitted; null: any way.</param>
    /// <param name="standardErrors">How many standard errors of the paired difference.</param>
    public FineTuneReport Choose(FineTuneWay? atMost = null, double standardErrors = StandardErrors)
    {
        var most = Most(_rows.Rows);
        var allowed = _ways.Where(w => !(w.Way > atMost) && !(w.Way > most)).ToList();
        var best = allowed.MinBy(w => MeanSquare(w.Errors));
        var taken = allowed.First(w => MeanSquare(w.Errors) - MeanSquare(best.Errors) <= standardErrors * StandardError(
            w.Errors, best.Errors));
        return new()
        {
            Way = taken.Way,
            Tau = taken.Tau,
            Scale = taken.Scale,
            Measure = "mean squared error",
            Rows = _rows.Rows,
            RowsCompared = _rows.Rows,
            Skipped = most is null ? null : $"With fewer than {FewestForMore} rows no more than a shift is fitted.",
            Candidates =
            [
                .. _ways.Select(w => new FineTuneCandidate
                {
                    Way = w.Way,
                    Tau = w.Tau,
                    LeftOutError = MeanSquare(w.Errors),
                    StandardErrorOfDifference = StandardError(w.Errors, taken.Errors),
                }),
            ],
        };
    }

    /// <summary>The linear function of a way.</summary>
    public LinearFit Fit(FineTuneWay way) => _ways.First(w => w.Way == way).Fit();

    private static double MeanSquare(double[] errors) => Product.Dot(errors, errors) / errors.Length;

    private static double StandardError(double[] some, double[] others) => MeanDifference.OfSquares(some, others).StandardError;

    private void Compare(double[] scores, double tau, Workers workers)
    {
        var rest = new double[scores.Length];
        Product.Subtract(_rows.Labels, scores, rest);
        var roots = _rows.RootWeights();
        Add(FineTuneWay.AsItIs, null, [.. rest.Zip(roots, (e, r) => e * r)], () => new(_weights, _intercept), null);
        var held = new FreeRidge(_rows, null, workers);
        Add(FineTuneWay.Shifted, null, held.LeftOut(rest, double.PositiveInfinity), () =>
            new(_weights, _intercept + held.Coefficients(rest).Intercept), null);
        var free = new FreeRidge(_rows, scores, workers);
        if (free.HasScale)
        {
            Add(FineTuneWay.Rescaled, null, free.LeftOut(_rows.Labels, double.PositiveInfinity), () => Moved(free, null),
                free.Coefficients(_rows.Labels).Scale);
        }

        Add(FineTuneWay.FromModel, tau, held.LeftOut(rest, tau), () =>
            throw new InvalidOperationException("The trainer's own fit is this way's."), null);
        if (free is { HasScale: true, Eigenvalues.Length: > 0 })
        {
            double Error(double t)
            {
                var mean = MeanSquare(free.LeftOut(_rows.Labels, t));
                return double.IsNaN(mean) ? double.PositiveInfinity : mean;
            }

            var choice = TauSearch.Run(free.Eigenvalues, taus => Array.ConvertAll(taus, Error));
            Add(FineTuneWay.FromScaledModel, choice.Tau, free.LeftOut(_rows.Labels, choice.Tau), () => Moved(free, choice.Tau),
                ScaleAt(free, choice.Tau));
        }
    }

    private void Add(FineTuneWay way, double? tau, double[] errors, Func<LinearFit> fit, double? scale)
    {
        // Too few rows, or a row that nothing else tells of: the way cannot be judged and is none.
        if (!Array.Exists(errors, double.IsNaN))
        {
            _ways.Add((way, tau, errors, fit, scale));
        }
    }

    private (double[] Move, double[] Left) MovedRest(FreeRidge free, double? tau)
    {
        var move = tau is { } t ? free.Move(_rows.Labels, t) : new double[_weights.Length];
        var rest = Product.Times(_rows.Features, move);
        Product.Subtract(_rows.Labels, rest, rest);
        return (move, rest);
    }

    private double ScaleAt(FreeRidge free, double tau) => free.Coefficients(MovedRest(free, tau).Left).Scale;

    private LinearFit Moved(FreeRidge free, double? tau)
    {
        var (move, rest) = MovedRest(free, tau);
        var (a, c) = free.Coefficients(rest);
        Product.AddScaled(c, _weights, move);
        return new(move, a + (c * _intercept));
    }
}
