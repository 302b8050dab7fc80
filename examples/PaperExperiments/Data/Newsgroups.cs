namespace PaperExperiments.Data;

/// <summary>Nine groups on computers and science, and nine others, in the terms of the first.</summary>
internal static class Newsgroups
{
    public const int Terms = 5000;

    public static readonly string[] Source =
    [
        "comp.graphics", "comp.os.ms-windows.misc", "comp.sys.ibm.pc.hardware", "comp.sys.mac.hardware", "comp.windows.x",
        "sci.crypt", "sci.electronics", "sci.med", "sci.space",
    ];

    public static readonly string[] Target =
    [
        "rec.autos", "rec.motorcycles", "rec.sport.baseball", "rec.sport.hockey",
        "talk.politics.misc", "talk.politics.guns", "talk.religion.misc", "misc.forsale", "alt.atheism",
    ];

    public static TaskPair Read(string? folder)
    {
        var place = folder is null ? null : Path.Combine(folder, "20newsgroups");
        (string[] Texts, int[] Classes) Posts(string part, string[] groups) =>
            place is null ? Generated(groups, part) : NewsgroupPosts.Read(place, $"{part}.tsv", groups);
        var (sourceTraining, sourceTest) = (Posts("train", Source), Posts("test", Source));
        var terms = new TermWeights(sourceTraining.Texts, Terms);
        LabelledRows Rows((string[] Texts, int[] Classes) posts) => new([.. posts.Texts.Select(terms.Row)], posts.Classes);
        return new(
            place ?? "generated posts (no data folder was given): they show that the program runs, and nothing about the paper",
            Rows(sourceTraining), Rows(sourceTest), Rows(Posts("train", Target)), Rows(Posts("test", Target)));
    }

    // Invented words, some of them a group's own and most of them everybody's.
    private static (string[] Texts, int[] Classes) Generated(string[] groups, string part)
    {
        const int posts = 30;
        var random = new Random(part.Length + groups[0].Length);
        string Word(int own) => random.Next(4) == 0 ? $"subject{own}x{random.Next(40)}" : $"word{random.Next(400)}";
        var classes = Enumerable.Range(0, posts * groups.Length).Select(i => i % groups.Length).ToArray();

        // The groups of both tasks share subjects, or nothing could carry over.
        return ([.. classes.Select(c => string.Join(' ', Enumerable.Range(0, 40).Select(_ => Word(c))))], classes);
    }
}
