namespace Transfer.MLNet.Production;

/// <summary>Which rows of a batch are learnt from, and which are held out.</summary>
/// <param name="Training">Row by row.</param>
/// <param name="HeldOut">Row by row; copies of earlier rows are in neither.</param>
internal sealed record BatchParts(bool[] Training, bool[] HeldOut)
{
    /// <summary>
    /// With times one part: the latest rows are held out. Without, as many as fit: each holds out other rows by chance, so that nearly
    /// every row is once a row that the candidate has not seen.
    /// </summary>
    public static BatchParts[] Of(RowPrints prints, RetrainGuardedOptions options)
    {
        int[] once = [.. Enumerable.Range(0, prints.Copies.Length).Where(i => !prints.Copies[i])];
        var size = (int)Math.Ceiling(options.HeldOutFraction * once.Length);
        if (prints.Times is { } times)
        {
            once = [.. once.OrderBy(i => times[i])];
            var last = once.Length - size;

            // Rows of one time are not parted: the first of the time at the cut goes to those held out, and all with it.
            while (last > 0 && last < once.Length && times[once[last - 1]] == times[once[last]])
            {
                last--;
            }

            return [Part(last, once.Length)];
        }

        new Random(options.Seed).Shuffle(once);
        return [.. Enumerable.Range(0, size == 0 ? 1 : Math.Max(1, once.Length / size)).Select(k =>
            Part(once.Length - ((k + 1) * size), once.Length - (k * size)))];

        BatchParts Part(int from, int to)
        {
            var (training, heldOut) = (new bool[prints.Copies.Length], new bool[prints.Copies.Length]);
            for (var k = 0; k < once.Length; k++)
            {
                (k >= from && k < to ? heldOut : training)[once[k]] = true;
            }

            return new BatchParts(training, heldOut);
        }
    }
}
