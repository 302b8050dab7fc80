using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>The rows of both tasks, and which class of the source each class of the target is.</summary>
/// <param name="Source">The source's rows.</param>
/// <param name="Target">The target's rows; every class has some.</param>
/// <param name="SourceOf">For each class of the target that of the source; -1: the source does not have it.</param>
internal sealed record ClassPair(ClassRows Source, ClassRows Target, int[] SourceOf)
{
    /// <summary>Two classes, false and true, in both.</summary>
    public static ClassPair Binary(ClassRows source, ClassRows target) => new(source, target, [0, 1]);

    /// <summary>Several, by their names or, where one of the two has none, by position.</summary>
    /// <exception cref="ArgumentException">The classes cannot be matched.</exception>
    public static ClassPair ByKeys(ClassRows source, ClassKeys sourceKeys, ClassRows target, ClassKeys targetKeys, Action<string> warn)
    {
        var (sourceClasses, targetClasses) = (source.Present(), target.Present());
        var names = Match(sourceKeys, targetKeys, warn);
        var places = sourceClasses.Select((c, i) => (c, i)).ToDictionary(x => x.c, x => x.i);
        int[] sourceOf = [.. targetClasses.Select(k => names(k) is >= 0 and var c && places.TryGetValue(c, out var i) ? i : -1)];
        return new(source.Only(sourceClasses), target.Only(targetClasses), sourceOf);
    }

    /// <summary>The same by outputs: one of the log odds of two classes, else one a class.</summary>
    public CurvedPair ByOutputs() =>
        new(Source, Loss.Of(Source), Target, Loss.Of(Target), Target.Outputs == 1 ? [0] : SourceOf);

    /// <summary>A model of the source as a start of the target: classes that it does not have start from nothing.</summary>
    public static Start Move(double[] weights, double[] intercepts, int[] sourceOf, int features)
    {
        if (intercepts.Length == 1)
        {
            return new(weights, intercepts);
        }

        var (moved, free) = (new double[sourceOf.Length * features], new double[sourceOf.Length]);
        for (var k = 0; k < sourceOf.Length; k++)
        {
            if (sourceOf[k] >= 0)
            {
                weights.AsSpan(sourceOf[k] * features, features).CopyTo(moved.AsSpan(k * features));
                free[k] = intercepts[sourceOf[k]];
            }
        }

        return new(moved, free);
    }

    /// <summary>From the number of a class of the source to that of the target, below zero where it has none; null where they are matched
    /// by position.</summary>
    public static Func<double, double>? ToTarget(ClassKeys source, ClassKeys target)
    {
        if (target.PlacesIn(source) is not { } places)
        {
            return null;
        }

        var numbers = Enumerable.Range(0, places.Length).Where(k => places[k] >= 0).ToDictionary(k => (double)places[k], k => (double)k);
        return label => numbers.TryGetValue(label, out var number) ? number : -1 - label;
    }

    /// <summary>For a class of the target that of the source, or -1.</summary>
    /// <exception cref="ArgumentException">The classes cannot be matched.</exception>
    public static Func<int, int> Match(ClassKeys source, ClassKeys target, Action<string> warn)
    {
        if (target.PlacesIn(source) is { } places)
        {
            return k => places[k];
        }

        if (source.Count != target.Count)
        {
            throw new ArgumentException(
                $"The label has {source.Count} classes in the source and {target.Count} in the target, and they cannot be matched by "
                    + $"name: keys of one of the two do not stand for distinct values. "
                + "Map both labels to keys with one fitted Conversion.MapValueToKey.");
        }

        warn("Classes of source and target are matched by position: keys of one of the two do not stand for distinct values.");
        return k => k;
    }
}
