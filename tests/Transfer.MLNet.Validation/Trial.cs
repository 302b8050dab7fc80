using System.Diagnostics;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Validation;

/// <summary>One draw: two data sets, the advice on them by the same code that users call, and the truth about every pair of taus.</summary>
internal static class Trial
{
    private const int Taus = 50;

    public static Outcome Run(Cell cell, int draw)
    {
        var workers = new Workers(1);
        var truth = new Population(cell, draw);
        // As AdviseTransfer has them.
        var source = RowCopies.Once(truth.SourceRows());
        var target = RowCopies.Once(truth.TargetRows());

        var watch = Stopwatch.StartNew();
        var spectrum = cell.SourceRows > cell.Features
            ? TaskSpectrum.Of(MomentsReader.Of(source, folds: 1, seed: 0, workers), intercept: true, workers)
            : TaskSpectrum.Of(source, intercept: true, workers);
        var parts = SquaredParts.Of(spectrum, TargetData.Of(target, intercept: true, workers), Taus, Taus, workers);
        var advisor = new Advisor(parts);
        var milliseconds = watch.Elapsed.TotalMilliseconds;

        var (compared, paper) = (parts.Pairs, new PaperRoute(parts));
        var grid = TrueRisks(truth, compared, workers);
        var none = compared.Starts.None;
        var oracle = double.PositiveInfinity;
        for (var t = 0; t < compared.Endless; t++)
        {
            for (var j = 0; j <= none; j++)
            {
                oracle = Math.Min(oracle, grid[t, j]);
            }
        }

        var oracleScaled = Enumerable.Range(0, compared.Endless).Min(t =>
        {
            var curve = Quadratic.Through(grid[t, none], grid[t, none + 1], grid[t, none + 2]);
            return curve.At(curve.Best(4));
        });
        Setting Least(Matrix of)
        {
            var best = new Setting(0, 0);
            for (var t = 0; t < compared.Endless; t++)
            {
                for (var j = 0; j <= none; j++)
                {
                    best = of[t, j] < of[best.Tau, best.Start] ? new(j, t) : best;
                }
            }

            return best;
        }

        double At(Setting pair) => grid[pair.Tau, pair.Start];
        var one = compared.Starts.SourceOptimal;
        var oneTau = Enumerable.Range(0, compared.Endless).MinBy(t => compared.Errors.Means[t, one]);
        var scaled = Quadratic.Through(grid[paper.Scaled.Tau, none], grid[paper.Scaled.Tau, one], grid[paper.Scaled.Tau, one + 1])
            .At(paper.Scaled.Scale);
        var rho = parts.Blend.Alignment();
        var route = Decision.Of(paper.Retrained, advisor.Alone, paper.UsesSource);
        var (blend, told) = (parts.Result, advisor.Decided);
        return new(
            cell.Name, draw, truth.NoiseVariance, rho.Estimate ?? double.NaN, rho.Lower ?? double.NegativeInfinity, rho.Upper
                ?? double.PositiveInfinity,
            rho.Method.Replace(',', ';'), paper.Retrained.Probability!.Value, route.Verdict, paper.UsesSource,
            parts.FeaturesShift, oracle, At(compared.Scratch), grid[oneTau, one], At(Least(compared.Errors.Means)),
                At(Least(compared.Expected!)),
            At(paper.Chosen), scaled, At(compared.Best), oracleScaled, milliseconds,
            told.Advised == TransferWayKind.TargetAlone ? At(compared.Scratch)
                : truth.ExcessRisks(new Matrix(cell.Features, 1, blend.Weights))[0],
            told.Probability, told.Verdict);
    }

    /// <summary>The true excess risk (T x J) of every tau_1 and every start.</summary>
    private static Matrix TrueRisks(Population truth, SquaredComparison compared, Workers workers)
    {
        var (target, starts, taus) = (compared.Target, compared.Starts, compared.Errors.Taus);
        var inTarget = Product.TransposedTimes(target.Basis, starts.Weights, workers);
        var risks = new Matrix(taus.Length, starts.Count);
        var moves = new Matrix(inTarget.Rows, inTarget.Columns);
        for (var t = 0; t < taus.Length; t++)
        {
            for (var k = 0; k < moves.Rows; k++)
            {
                var (lambda, beta) = (target.Eigenvalues[k], target.Coefficients[k]);
                var from = inTarget.Row(k);
                var to = moves.Row(k);
                for (var j = 0; j < to.Length; j++)
                {
                    to[j] = (beta - (lambda * from[j])) / (lambda + taus[t]);
                }
            }

            var weights = starts.Weights.Clone();
            BlockedProduct.Add(1, MatrixView.Of(target.Basis), MatrixView.Of(moves), MatrixView.Of(weights), workers);
            truth.ExcessRisks(weights).CopyTo(risks.Row(t));
        }

        return risks;
    }
}
