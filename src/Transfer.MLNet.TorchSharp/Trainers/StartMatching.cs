using Transfer.MLNet.Networks.Training;

namespace Transfer.MLNet.Networks.Trainers;

/// <summary>
/// What each weight begins with, is pulled to, and how strongly: the starting point laid beside the network that is trained.
/// </summary>
internal static class StartMatching
{
    /// <param name="blueprint">The network that is trained.</param>
    /// <param name="settings">The starting point and the penalties.</param>
    /// <param name="classes">The names of the classes here; none for other tasks, or where they have none.</param>
    /// <param name="tell">Called with what was made of the head.</param>
    /// <exception cref="ArgumentException">The starting point is of another architecture, or an option names a layer that is not
    /// there.</exception>
    public static (Dictionary<string, float[]> Begin, float[]?[] Starts, Penalty[] Penalties) Match(
        Blueprint blueprint, NetworkSettings settings, IReadOnlyList<string> classes, Action<string> tell)
    {
        var parameters = blueprint.Parameters().ToArray();
        var layers = blueprint.Learning.Count;
        RequireLayers(settings.LayerTaus.Keys, layers, nameof(settings.LayerTaus));
        RequireLayers(settings.FrozenLayers, layers, nameof(settings.FrozenLayers));
        if (settings.FrozenLayers.Count == layers)
        {
            throw new ArgumentException($"All {layers} layers that learn are frozen (FrozenLayers), so that there is nothing to train. "
                + $"Leave at least the last one, {layers - 1}, free.");
        }

        var begin = InitialWeights.Draw(blueprint, settings.Seed);
        var starts = new float[]?[parameters.Length];
        var newHead = true;
        if (settings.StartingPoint is { } start)
        {
            newHead = IsHeadNew(blueprint, start, settings.NewHead, classes);
            RequireSameArchitecture(blueprint, start, newHead);
            tell(newHead
                ? $"The last layer is new; the others start from {start.Origin}."
                : $"All layers start from {start.Origin}.");
            var weights = start.Network.InOrder.ToArray();
            for (var i = 0; i < (newHead ? parameters.Length - 2 : parameters.Length); i++)
            {
                starts[i] = weights[i];
            }

            if (!newHead && classes.Count > 0 && start.ClassNames.Count > 0 && settings.NewHead is null)
            {
                var order = classes.Select(c => start.ClassNames.ToList().IndexOf(c)).ToArray();
                starts[^2] = Rows(weights[^2], order);
                starts[^1] = Rows(weights[^1], order);
            }
        }
        else if (settings.Network?.Initial is { } initial)
        {
            begin = new Dictionary<string, float[]>(initial.Weights, StringComparer.Ordinal);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            begin[parameters[i].Name] = starts[i] ?? begin[parameters[i].Name];
        }

        if (newHead && settings.LayerTaus.ContainsKey(layers - 1))
        {
            throw new ArgumentException($"LayerTaus[{layers - 1}] pulls the last layer to the starting point, but that layer is new "
                + $"here. Use HeadTau, which pulls it to zero, or set NewHead = false.");
        }

        return (begin, starts, [.. parameters.Select((_, i) => PenaltyOf(i / 2, i >= parameters.Length - 2 && newHead, settings))]);
    }

    private static Penalty PenaltyOf(int layer, bool newHead, NetworkSettings settings) => newHead
        ? new(0, (float)(settings.WeightDecay + settings.HeadTau))
        : settings.StartingPoint is null
        ? new(0, (float)settings.WeightDecay)
        : new((float)settings.LayerTaus.GetValueOrDefault(layer, settings.Tau), (float)settings.WeightDecay);

    private static bool IsHeadNew(Blueprint blueprint, NetworkStartingPoint start, bool? asked, IReadOnlyList<string> classes)
    {
        var there = start.Network.Blueprint;
        return asked ?? (there.Outputs != blueprint.Outputs
            || (classes.Count > 0 && start.ClassNames.Count > 0 && !classes.ToHashSet().SetEquals(start.ClassNames)));
    }

    private static void RequireSameArchitecture(Blueprint here, NetworkStartingPoint start, bool newHead)
    {
        var there = start.Network.Blueprint;
        if (!here.InputShape.SequenceEqual(there.InputShape) && here.InputWidth != there.InputWidth)
        {
            throw Differs(start, $"It takes {Shape(there.InputShape)} values for an example, the network here {Shape(here.InputShape)}.");
        }

        var (ours, theirs) = (Compared(here, newHead), Compared(there, newHead));
        for (var i = 0; i < Math.Max(ours.Length, theirs.Length); i++)
        {
            var (a, b) = (i < theirs.Length ? theirs[i].Layer.ToString() : "nothing", i < ours.Length ? ours[i].Layer.ToString()
                : "nothing");
            if (a != b)
            {
                var name = i < ours.Length ? ours[i].Name : theirs[i].Name;
                throw Differs(start, $"At {name} it has {a}, the network here {b}.");
            }
        }
    }

    // Layers that change nothing at scoring, or no number, do not count.
    private static (Layer Layer, string Name)[] Compared(Blueprint blueprint, bool withoutHead)
    {
        var learning = 0;
        return [.. blueprint.Layers.Take(withoutHead ? blueprint.Head : blueprint.Layers.Count)
            .Where(l => l is not (Dropping or Flattening))
            .Select(l => (l, l.Learns ? $"layer {learning++}" : $"the function behind layer {learning - 1}"))];
    }

    private static ArgumentException Differs(NetworkStartingPoint start, string how) => new(
        $"The starting point ({start.Origin}) has another architecture. {how} Leave Network out to take the starting point's own, or "
            + $"train a source of this architecture.");

    private static string Shape(IEnumerable<long> shape) => string.Join(" x ", shape);

    private static float[] Rows(float[] values, int[] order)
    {
        var width = values.Length / order.Length;
        return [.. order.SelectMany(row => values.AsSpan(row * width, width).ToArray())];
    }

    private static void RequireLayers(IEnumerable<int> asked, int layers, string option)
    {
        foreach (var layer in asked)
        {
            if (layer < 0 || layer >= layers)
            {
                throw new ArgumentException($"{option} names layer {layer}, but the network has {layers} layers that learn: 0 to "
                    + $"{layers - 1}.");
            }
        }
    }
}
