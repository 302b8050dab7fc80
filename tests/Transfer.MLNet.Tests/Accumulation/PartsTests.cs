using Microsoft.ML;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Rows;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Accumulation;

/// <summary>Moments of the parts of a data set, computed apart and put together.</summary>
public class PartsTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Merging_all_gives_the_bytes_of_merging_one_after_the_other()
    {
        Moments[] parts = [.. Enumerable.Range(0, 7).Select(k => Of(k, $"part {k}"))];
        Assert.Equal(Bytes(parts.Skip(1).Aggregate(parts[0], (a, b) => a.Merge(b))), Bytes(Moments.MergeAll(parts)));
        Assert.Equal(Bytes(parts[3]), Bytes(Moments.MergeAll([parts[3]])));
    }

    [Fact]
    public void Each_part_is_asked_for_when_the_one_before_was_added()
    {
        var alive = new List<WeakReference>();
        var merged = Moments.MergeAll(Enumerable.Range(0, 6).Select(k =>
        {
            GC.Collect();
            // The first tells what the others must be, and the last is still in hand.
            Assert.InRange(alive.Count(w => w.IsAlive), 0, 2);
            var next = Of(k, $"{k}");
            alive.Add(new WeakReference(next));
            return next;
        }));
        Assert.Equal(6 * 40, merged.Count);
    }

    [Fact]
    public void Parts_of_other_names_are_dealt_independently_and_without_a_name_nothing_has_changed()
    {
        const int n = 4000;
        int[] Dealt(string? name)
        {
            var folds = new Folds(5, 3, name);
            return [.. Enumerable.Range(0, n).Select(i => folds.Of(i))];
        }

        // Two independent deals agree in a fifth of the rows: 800 with a standard deviation of 25.3; five of them on either side.
        Assert.InRange(Dealt("north").Zip(Dealt("south")).Count(pair => pair.First == pair.Second), 674, 926);
        Assert.Equal(Dealt("north"), Dealt("north"));
        Assert.Equal(Enumerable.Range(0, n).Select(i => new Folds(5, 3).Of(i)), Dealt(null));
        Assert.All(Dealt("north").Chunk(5), group => Assert.Equal([0, 1, 2, 3, 4], group.Order()));
    }

    [Fact]
    public void A_featurisation_is_saved_and_another_one_is_refused_by_name()
    {
        var (a, b) = (Told("hash", "12ab"), Told("hash", "34cd"));
        Assert.Equal("12ab", Moments.Load(new MemoryStream(Bytes(a))).Featurisation["hash"]);
        Assert.Equal(a.Fingerprint, Moments.Load(new MemoryStream(Bytes(a))).Fingerprint);
        Assert.NotEqual(a.Fingerprint, b.Fingerprint);
        var error = Assert.Throws<ArgumentException>(() => a.Merge(b));
        Assert.Contains("'hash' is '12ab' in the one and '34cd' in the other", error.Message, StringComparison.Ordinal);
        Assert.Contains("'hash' is '12ab' in the one and not there in the other", Assert.Throws<ArgumentException>(
            () => Moments.MergeAll([Told("hash", "12ab"), Of(1, null), Told("scale", "1")])).Message, StringComparison.Ordinal);
        Assert.Equal(a.Fingerprint, a.Merge(Told("hash", "12ab")).Fingerprint);
    }

    [Fact]
    public void Of_a_part_that_does_not_tell_its_featurisation_nothing_is_claimed_of_the_whole()
    {
        Assert.Empty(Told("hash", "12ab").Merge(Of(2, null)).Featurisation);
        Assert.Empty(Of(2, null).Merge(Told("hash", "12ab")).Featurisation);
    }

    [Fact]
    public void What_older_libraries_read_stays_as_it_was()
    {
        Assert.Equal(1, BitConverter.ToInt32(Bytes(Of(1, null)), 8));
        Assert.Equal(2, BitConverter.ToInt32(Bytes(Told("hash", "12ab")), 8));
    }

    [Fact]
    public void Nothing_and_null_are_not_merged()
    {
        Assert.Contains("no moments", Assert.Throws<ArgumentException>(() => Moments.MergeAll([])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "is null", Assert.Throws<ArgumentException>(() => Moments.MergeAll([Of(1, null), null!])).Message, StringComparison.Ordinal);
        Assert.Contains("names must not be empty", Assert.Throws<ArgumentException>(() => Told(string.Empty, "x")).Message,
            StringComparison.Ordinal);
    }

    private Moments Of(int seed, string? part) => _ml.Regression.ComputeMoments(
        View.Of(Sample.Rows(40, 3, seed)), folds: 4, partitionName: part);

    private Moments Told(string name, string value) => _ml.Regression.ComputeMoments(
        View.Of(Sample.Rows(40, 3, 1)), folds: 4, featurisation: new Dictionary<string, string> { [name] = value });

    private static byte[] Bytes(Moments moments)
    {
        using var stream = new MemoryStream();
        moments.Save(stream);
        return stream.ToArray();
    }
}
