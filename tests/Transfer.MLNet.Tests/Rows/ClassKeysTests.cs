using Microsoft.ML;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Rows;

public class ClassKeysTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void Classes_are_found_in_others_by_name()
    {
        Assert.Equal([2, -1, 0], ClassKeys.Named(["a", "b", "c"]).PlacesIn(ClassKeys.Named(["c", "x", "a"]))!);
        Assert.Null(ClassKeys.Named(["a", "b"]).PlacesIn(ClassKeys.Unnamed(2)));
        Assert.Null(ClassKeys.Unnamed(2).PlacesIn(ClassKeys.Named(["a", "b"])));
        // Two classes of one name, or one without any, cannot be told apart.
        Assert.Null(ClassKeys.Named(["a", "a"]).PlacesIn(ClassKeys.Named(["a", "b"])));
        Assert.Null(ClassKeys.Named(["a", ""]).DistinctNames);
        Assert.Equal(["a", "b"], ClassKeys.Named(["a", "b"]).DistinctNames!);
    }

    [Fact]
    public void Classes_without_names_are_told_by_number_from_1()
    {
        Assert.Equal("number 3", ClassKeys.Unnamed(4).Describe(2));
        Assert.Equal("'c'", ClassKeys.Named(["a", "b", "c"]).Describe(2));
    }

    [Fact]
    public void Classes_of_another_column_are_added_at_the_end()
    {
        var both = ClassKeys.Named(["a", "b"]).With(ClassKeys.Named(["x", "y", "z"]), [2, 0]);
        Assert.Equal(["a", "b", "z", "x"], both.Names!);
        Assert.Equal(4, both.Count);
        var bare = ClassKeys.Unnamed(2);
        Assert.Same(bare, bare.With(ClassKeys.Named(["x"]), []));
        Assert.Contains("whose 2 keys have no values", Assert.Throws<ArgumentException>(() =>
            bare.With(ClassKeys.Named(["x"]), [0])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Text", new[] { "n1", "n2" })]
    [InlineData("Number", new[] { "1", "2" })]
    [InlineData("Half", new[] { "1.5", "2.5" })]
    public void What_keys_stand_for_is_read_written_and_added_to_only_by_its_own_type(string column, string[] names)
    {
        var plain = Ml.Data.LoadFromEnumerable(new[] { new Row(), new Row { Text = "n2", Number = 2, Half = 2.5f } });
        var schema = Ml.Transforms.Conversion.MapValueToKey("Key", column).Fit(plain).Transform(plain).Schema;
        var keys = ClassKeys.Of(schema["Key"]);
        Assert.Equal(names, keys.Names!);

        // In place of the label, and after the others where there was none.
        foreach (var label in new[] { "Number", "New" })
        {
            var into = ClassKeys.Named(["a", "b", "c"]).Into(schema, label);
            Assert.Equal(["a", "b", "c"], ClassKeys.Of(into[label]).Names!);
            Assert.Equal(label == "New" ? schema.Count + 1 : schema.Count, into.Count);
            Assert.Equal(label == "New" ? schema.Count : schema["Number"].Index, into[label].Index);
            Assert.Equal(names, ClassKeys.Of(into["Key"]).Names!);
            Assert.Null(ClassKeys.Of(ClassKeys.Unnamed(3).Into(schema, label)[label]).Names);
        }

        if (column != "Text")
        {
            Assert.Contains("of another type", Assert.Throws<ArgumentException>(() =>
                keys.With(ClassKeys.Named(["x"]), [0])).Message, StringComparison.Ordinal);
        }
    }

    private sealed class Row
    {
        public string Text { get; set; } = "n1";

        public int Number { get; set; } = 1;

        public float Half { get; set; } = 1.5f;
    }
}
