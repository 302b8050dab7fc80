using Transfer.MLNet.Kernels;

namespace PhaseTransition;

/// <summary>
/// Both experiments over all their cells, one draw a piece of work; results stand in the cells' order, not in that of completion.
/// </summary>
/// <param name="Protocol">What was run.</param>
/// <param name="Ratios">alpha, gamma0, rho in order.</param>
/// <param name="Decisions">n1, noise, rho in order.</param>
/// <param name="Boundaries">For each n1 and noise, where help begins.</param>
internal sealed record Experiment(Protocol Protocol, RatioPoint[] Ratios, DecisionPoint[] Decisions, Boundary[] Boundaries)
{
    public static int Pieces(Protocol protocol) =>
        protocol.Draws * ((protocol.Alphas.Length * protocol.Gammas.Length) + DecisionPoint.AllTargetRows.Length);

    public static Experiment Run(Protocol protocol, Action pieceDone, int threads, CancellationToken cancellation)
    {
        (double Alpha, double Gamma)[] cells = [.. protocol.Alphas.SelectMany(a => protocol.Gammas.Select(g => (a, g)))];
        var ratios = new RatioDraw[cells.Length * protocol.Draws];
        var decisions = new double[DecisionPoint.AllTargetRows.Length * protocol.Draws][,];
        var alone = new Workers(1, cancellation);
        // The longest pieces (n1 = 1000) first, so that no core waits for one at the end.
        new Workers(threads, cancellation).For(ratios.Length + decisions.Length, i =>
        {
            if (i < decisions.Length)
            {
                var at = decisions.Length - 1 - i;
                decisions[at] = DecisionPoint.Draw(protocol, DecisionPoint.AllTargetRows[at / protocol.Draws], at % protocol.Draws, alone);
            }
            else
            {
                var at = i - decisions.Length;
                var (alpha, gamma) = cells[at / protocol.Draws];
                ratios[at] = RatioDraw.Run(protocol, alpha, gamma, at % protocol.Draws, alone);
            }

            pieceDone();
        });

        DecisionPoint[] points = [.. DecisionPoint.AllTargetRows.SelectMany(
            (rows, n) => DecisionPoint.Of(rows, decisions[(n * protocol.Draws)..((n + 1) * protocol.Draws)]))];
        return new Experiment(
            protocol,
            [.. cells.SelectMany((cell, c) => RatioPoint.Of(
                protocol, cell.Alpha, cell.Gamma, ratios[(c * protocol.Draws)..((c + 1) * protocol.Draws)]))],
            points,
            Boundary.Of(points));
    }
}
