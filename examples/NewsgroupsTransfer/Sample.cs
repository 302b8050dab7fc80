namespace NewsgroupsTransfer;

/// <summary>One random draw of posts: those to train on and the others, to be judged by.</summary>
internal sealed record Sample(IReadOnlyList<FeaturisedPost> Training, IReadOnlyList<FeaturisedPost> HeldOut)
{
    /// <summary>
    /// Draws the same part of every class, at least two posts and at most all but one; the same seed gives the same draw.
    /// </summary>
    public static Sample Draw(IReadOnlyList<FeaturisedPost> posts, double fraction, int seed)
    {
        var random = new Random(seed);
        List<FeaturisedPost> training = [];
        List<FeaturisedPost> heldOut = [];
        foreach (IGrouping<int, FeaturisedPost> one in posts.GroupBy(p => p.Position).OrderBy(g => g.Key))
        {
            FeaturisedPost[] shuffled = [.. one];
            random.Shuffle(shuffled);
            int drawn = Math.Clamp((int)Math.Round(fraction * shuffled.Length), 2, shuffled.Length - 1);
            training.AddRange(shuffled[..drawn]);
            heldOut.AddRange(shuffled[drawn..]);
        }

        return new Sample(training, heldOut);
    }
}
