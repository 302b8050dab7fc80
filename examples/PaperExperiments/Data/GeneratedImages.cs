namespace PaperExperiments.Data;

/// <summary>
/// What stands in for images where no data folder is given: each class is a picture of smooth spots, each example that picture, shifted and
/// with noise. Source and target classes share spots, so that a source helps; nothing about the paper follows from them.
/// </summary>
internal static class GeneratedImages
{
    public static TaskPair Make(int channels, int side, int classes, int perClass, int seed)
    {
        var random = new Random(seed);
        var spots = Enumerable.Range(0, 12).Select(_ => Spot(random, channels, side)).ToArray();
        float[] Picture() => spots.Select(s => (Spot: s, By: (float)random.NextDouble())).Aggregate(
            new float[channels * side * side], (sum, s) => [.. sum.Zip(s.Spot, (a, b) => a + (s.By * b))]);
        var (source, target) = (Pictures(), Pictures());
        return new(
            "generated images (no data folder was given): they show that the program runs, and nothing about the paper",
            Draw(source, perClass), Draw(source, perClass / 2), Draw(target, perClass), Draw(target, perClass / 2));

        float[][] Pictures() => [.. Enumerable.Range(0, classes).Select(_ => Picture())];

        LabelledRows Draw(float[][] pictures, int count)
        {
            var rows = Enumerable.Range(0, count * classes).Select(i => (Class: i % classes, Row: Noisy(pictures[i % classes]))).ToArray();
            return new([.. rows.Select(r => r.Row)], [.. rows.Select(r => r.Class)]);
        }

        float[] Noisy(float[] picture)
        {
            var shift = random.Next(3);
            return [.. picture.Select((_, i) => picture[(i + shift) % picture.Length] + (float)((random.NextDouble() - 0.5) * 3))];
        }
    }

    private static float[] Spot(Random random, int channels, int side)
    {
        var (x, y, width, channel) = (random.NextDouble() * side, random.NextDouble() * side, side * (0.1 + (0.2 * random.NextDouble())),
            random.Next(channels));
        var spot = new float[channels * side * side];
        for (var i = 0; i < side * side; i++)
        {
            var (dx, dy) = ((i % side) - x, (i / side) - y);
            spot[(channel * side * side) + i] = (float)Math.Exp(-((dx * dx) + (dy * dy)) / (2 * width * width));
        }

        return spot;
    }
}
