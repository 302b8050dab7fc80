using System.IO.Compression;
using System.Text;
using NewsgroupsTransfer;
using Xunit;

namespace Transfer.MLNet.Tests.Examples;

/// <summary>The command line and the posts of examples/NewsgroupsTransfer.</summary>
public sealed class NewsgroupsReadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("newsgroups-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_arguments_the_folder_is_left_open_and_a_tenth_of_the_target_is_drawn_five_times()
    {
        Assert.Equal(new Options(null, 5, 0.1, null), Options.Parse([]));
    }

    [Fact]
    public void A_folder_and_options_are_read_in_any_order()
    {
        Options expected = new("posts", 3, 0.25, "tables");
        Assert.Equal(expected, Options.Parse(["posts", "--draws", "3", "--fraction", "0.25", "--output", "tables"]));
        Assert.Equal(expected, Options.Parse(["--output", "tables", "--fraction", "0.25", "posts", "--draws", "3"]));
    }

    [Fact]
    public void Help_is_no_run()
    {
        Assert.Null(Options.Parse(["posts", "--help"]));
    }

    [Theory]
    [InlineData("--draws takes a whole number of at least 2, not '1'.", "--draws", "1")]
    [InlineData("--draws takes a whole number of at least 2, not 'many'.", "--draws", "many")]
    [InlineData("--draws needs a value; see --help.", "--draws")]
    [InlineData("--fraction takes a number between 0 and 1, not '1'.", "--fraction", "1")]
    [InlineData("--fraction takes a number between 0 and 1, not 'NaN'.", "--fraction", "NaN")]
    [InlineData("There is no option --seeds; see --help.", "--seeds", "3")]
    [InlineData("One data folder is enough, and there are two: here and there.", "here", "there")]
    public void A_bad_command_line_says_what_is_wrong_with_it(string message, params string[] arguments)
    {
        Assert.Equal(message, Assert.Throws<FormatException>(() => Options.Parse(arguments)).Message);
    }

    [Fact]
    public void Of_a_post_only_what_its_author_wrote_is_left()
    {
        string raw = """
            From: somebody@example.org
            Subject: Re: headlights

            In article <1@example.org> someone (A. Name) writes:
            > Mine went out.
               | And mine.
            Check the fuse: it is 30 A.

            Somebody else wrote:
            >> Which?
            The upper one -- left of the horn.
            --
            Somebody, somewhere
            """;
        Assert.Equal("Check the fuse: it is 30 A.\n\nThe upper one -- left of the horn.", PostText.Own(raw));
    }

    [Fact]
    public void A_table_of_posts_is_read_with_its_escapes_and_without_posts_that_have_no_words()
    {
        Table("train.tsv.gz", @"rec.autos	7	From: a\n\ntab\there, back\\slash and ""quotes""", "alt.atheism\t1\tFrom: b\\n\\nwith a return \r and a form feed \f in it");
        Table("test.tsv.gz", @"rec.autos	8	From: c\n\n> all quoted\n1234");
        Assert.Equal(
            [new Post("alt.atheism", "with a return \n and a form feed \f in it"), new Post("rec.autos", "tab\there, back\\slash and \"quotes\"")],
            PostFolder.Read(_folder));
    }

    [Fact]
    public void The_unpacked_collection_is_read_as_latin_1_from_both_its_parts()
    {
        File("20news-bydate-train", "rec.autos", "103", "From: a\n\ncaf\u00e9");
        File("20news-bydate-train", "rec.autos", "99", "From: b\n\nearlier");
        File("20news-bydate-test", "alt.atheism", "5", "From: c\n\nlater");
        Assert.Equal([new Post("alt.atheism", "later"), new Post("rec.autos", "earlier"), new Post("rec.autos", "caf\u00e9")], PostFolder.Read(_folder));
    }

    [Fact]
    public void A_folder_without_posts_is_refused_with_what_it_lacks()
    {
        Assert.Contains("20news-bydate-train", Assert.Throws<FileNotFoundException>(() => PostFolder.Read(_folder)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => PostFolder.Read(Path.Combine(_folder, "none")));
    }

    [Fact]
    public void A_line_that_is_no_post_is_named()
    {
        Table("train.tsv.gz", "rec.autos\t1\tfine", "rec.autos without tabs");
        Assert.StartsWith("Line 2 of ", Assert.Throws<FormatException>(() => PostFolder.Read(_folder)).Message, StringComparison.Ordinal);
    }

    private void Table(string name, params string[] lines)
    {
        using var stream = new GZipStream(System.IO.File.Create(Path.Combine(_folder, name)), CompressionLevel.Fastest);
        stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
    }

    private void File(string part, string group, string number, string text)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, part, group)).FullName;
        System.IO.File.WriteAllText(Path.Combine(folder, number), text, Encoding.Latin1);
    }
}
