namespace Transfer.MLNet.Networks.Advice;

/// <summary>
/// Successive halving (Jamieson and Talwalkar 2016): all trials get few epochs, the better half twice as many, until two are left that get
/// all of them.
/// </summary>
internal static class Ladder
{
    private const int Finalists = 2;

    /// <summary>For each rung the epochs that a source has been trained by then, ascending, and how many trials stand on it.</summary>
    public static IReadOnlyList<(int Epochs, int Trials)> Of(int trials, int epochs)
    {
        var counts = new List<int> { trials };
        while (counts[^1] > Finalists)
        {
            counts.Add(Math.Max(Finalists, (counts[^1] + 1) / 2));
        }

        var rungs = new List<(int Epochs, int Trials)>();
        for (var r = 0; r < counts.Count; r++)
        {
            var at = Math.Max(1, (int)Math.Ceiling(epochs / Math.Pow(2, counts.Count - 1 - r)));
            if (rungs.Count > 0 && rungs[^1].Epochs == at)
            {
                // As many epochs as on the rung before: nothing new would be known. The next one gives up as many as both.
                continue;
            }

            rungs.Add((at, rungs.Count == 0 ? trials : counts[r]));
        }

        return rungs;
    }
}
