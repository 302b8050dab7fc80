using Transfer.MLNet.Fuzz.Damage;

namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>Moments, which sites send each other: from a stream with a length and from one without.</summary>
internal sealed class MomentsReader : Reader
{
    public override string Name => "moments";

    public override int Share => 14;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        foreach (var (p, folds) in new[] { (1, 1), (3, 2), (5, 5) })
        {
            var moments = Sample.Ml.Regression.ComputeMoments(Sample.Of(40, p), folds: folds);
            var file = new MemoryStream();
            moments.Save(file);
            yield return ($"p{p}-{folds}.moments", file.ToArray());
        }
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        using Stream stream = random.Next(2) == 0 ? new MemoryStream(input) : new OneWay(input);
        var moments = Moments.Load(stream);
        var again = new MemoryStream();
        moments.Save(again);
        _ = Moments.Load(new MemoryStream(again.ToArray())).Merge(moments).ToString();
        return true;
    }

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) => Sealed.Moments(damaged);
}

/// <summary>Moments by group.</summary>
internal sealed class GroupedMomentsReader : Reader
{
    public override string Name => "grouped";

    public override int Share => 12;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        foreach (var p in new[] { 1, 4 })
        {
            var grouped = Sample.Ml.Data.ComputeGroupedMoments(Sample.Of(40, p), "Shop");
            var file = new MemoryStream();
            grouped.Save(file);
            yield return ($"p{p}.moments", file.ToArray());
        }
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        using Stream stream = random.Next(2) == 0 ? new MemoryStream(input) : new OneWay(input);
        var moments = GroupedMoments.Load(stream);
        var again = new MemoryStream();
        moments.Save(again);
        _ = GroupedMoments.Load(new MemoryStream(again.ToArray())).Merge(moments).ToString();
        return true;
    }

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) => Sealed.Moments(damaged);
}

/// <summary>A stream without a length, as a connection has it.</summary>
internal sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }
}
