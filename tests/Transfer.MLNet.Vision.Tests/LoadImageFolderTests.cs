using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

public sealed class LoadImageFolderTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly Pictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Every_image_is_a_row_with_its_folders_name_in_the_order_of_names()
    {
        _pictures.With(3);
        File.WriteAllText(_pictures.PathOf("across", "notes.txt"), "no image");
        var rows = _ml.Data.LoadImageFolder(_pictures.Folder);
        Assert.Equal(["across", "across", "across", "down", "down", "down"], rows.GetColumn<string>("Label"));
        Assert.Equal(
            new[] { "across", "down" }.SelectMany(c => Enumerable.Range(0, 3).Select(i => _pictures.PathOf(c, $"{i:000}.png"))),
                rows.GetColumn<string>("ImagePath"));
    }

    [Fact]
    public void Columns_and_extensions_have_the_names_that_are_asked_for()
    {
        _pictures.With(1);
        File.Copy(_pictures.PathOf("down", "000.png"), _pictures.PathOf("down", "001.JPG"));
        var rows = _ml.Data.LoadImageFolder(
            _pictures.Folder, new() { ImagePathColumnName = "File", LabelColumnName = "Kind", Extensions = [".jpg"] });
        Assert.Equal([_pictures.PathOf("down", "001.JPG")], rows.GetColumn<string>("File"));
        Assert.Equal(["down"], rows.GetColumn<string>("Kind"));
    }

    [Fact]
    public void Folders_below_a_class_belong_to_it_where_that_is_asked_for()
    {
        _pictures.With(1);
        Pictures.Write(_pictures.PathOf("down", "more", "1.png"), (_, _) => 7);
        Assert.Equal(2, _ml.Data.LoadImageFolder(_pictures.Folder).GetColumn<string>("Label").Count());
        Assert.Equal(["across", "down", "down"], _ml.Data.LoadImageFolder(_pictures.Folder, new() { IncludeSubfolders = true })
            .GetColumn<string>("Label"));
    }

    [Fact]
    public void A_class_without_images_does_not_go_missing_without_a_word()
    {
        _pictures.With(1);
        Directory.CreateDirectory(_pictures.PathOf("slanted"));
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.Message);
        _ml.Data.LoadImageFolder(_pictures.Folder);
        Assert.Contains(log, m => m.Contains("no class 'slanted'", StringComparison.Ordinal));
    }

    [Xunit.Theory]
    [InlineData("words", "not an image")]
    [InlineData("cut", "cut off")]
    [InlineData("empty", "empty")]
    public void An_image_that_does_not_decode_stops_the_loading_and_is_named_or_is_left_out_and_named(string kind, string reason)
    {
        _pictures.With(2);
        var bad = _pictures.PathOf("down", "001.png");
        Spoil(bad, kind);

        var error = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadImageFolder(_pictures.Folder));
        Assert.Contains(bad, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("UnreadableImages.Skip", error.Message, StringComparison.Ordinal);

        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.Message);
        var rows = _ml.Data.LoadImageFolder(_pictures.Folder, new() { Unreadable = UnreadableImages.Skip });
        Assert.Equal(["across", "across", "down"], rows.GetColumn<string>("Label"));
        Assert.Contains(log, m => m.Contains(bad, StringComparison.Ordinal) && m.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_many_that_do_not_decode_twenty_are_named_and_the_others_counted()
    {
        _pictures.With(30);
        foreach (var file in Directory.GetFiles(_pictures.PathOf("down")))
        {
            Spoil(file, "words");
        }

        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.Message);
        Assert.Equal(30, _ml.Data.LoadImageFolder(_pictures.Folder, new() { Unreadable = UnreadableImages.Skip }).GetColumn<string>("Label")
            .Count());
        Assert.Equal(20, log.Count(m => m.Contains("was left out", StringComparison.Ordinal)));
        Assert.Contains(log, m => m.Contains("10 more images", StringComparison.Ordinal));
    }

    [Fact]
    public void A_link_to_an_image_that_is_gone_is_told_by_its_name()
    {
        _pictures.With(1);
        var link = _pictures.PathOf("down", "gone.png");
        File.CreateSymbolicLink(link, _pictures.PathOf("nowhere.png"));
        var message = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadImageFolder(_pictures.Folder)).Message;
        Assert.Contains($"'{link}' cannot be used: it cannot be opened", message, StringComparison.Ordinal);
        Assert.Equal(2, _ml.Data.LoadImageFolder(_pictures.Folder, new() { Unreadable = UnreadableImages.Skip }).GetColumn<string>("Label")
            .Count());
    }

    [Fact]
    public void A_folder_with_nothing_to_use_is_an_error_that_says_what_is_missing()
    {
        Assert.Contains("no folder 'nowhere'", Assert.Throws<DirectoryNotFoundException>(() => _ml.Data.LoadImageFolder("nowhere")).Message,
            StringComparison.Ordinal);
        var file = _pictures.PathOf("file");
        File.WriteAllText(file, "no folder");
        Assert.Contains($"no folder '{file}'", Assert.Throws<DirectoryNotFoundException>(() => _ml.Data.LoadImageFolder(file)).Message,
            StringComparison.Ordinal);
        Assert.Contains("has no folders in it", Assert.Throws<InvalidDataException>(() => _ml.Data.LoadImageFolder(_pictures.Folder))
            .Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_pictures.PathOf("cats"));
        Assert.Contains("have no images: no file there ends in .jpg",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadImageFolder(_pictures.Folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(_pictures.PathOf("cats", "1.png"), "words");
        Assert.Contains(
            "None of the 1 images", Assert.Throws<InvalidDataException>(
                () => _ml.Data.LoadImageFolder(_pictures.Folder,
                new() { Unreadable = UnreadableImages.Skip })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadImageFolder(_pictures.Folder, new() { NumberOfThreads = 0 }));
    }

    [Fact]
    public void The_view_does_not_depend_on_threads_and_can_be_cancelled_and_watched()
    {
        _pictures.With(60);
        var seen = new List<(int Done, int All)>();
        var one = _ml.Data.LoadImageFolder(_pictures.Folder, new() { NumberOfThreads = 1, Progress = (d, a) => seen.Add((d, a)) });
        Assert.Equal(one.GetColumn<string>("ImagePath"), _ml.Data.LoadImageFolder(_pictures.Folder, new() { NumberOfThreads = 2 })
            .GetColumn<string>("ImagePath"));
        Assert.Equal([(100, 120), (120, 120)], seen);

        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Data.LoadImageFolder(
            _pictures.Folder, new() { NumberOfThreads = 1, CancellationToken = stop.Token, Progress = (_, _) => stop.Cancel() }));
    }

    private static void Spoil(string file, string kind)
    {
        switch (kind)
        {
            case "words":
                File.WriteAllText(file, "not an image at all");
                break;
            case "cut":
                Pictures.CutOff(file);
                break;
            default:
                File.WriteAllBytes(file, []);
                break;
        }
    }
}
