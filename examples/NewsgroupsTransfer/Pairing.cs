namespace NewsgroupsTransfer;

/// <summary>A class of a source task and the class of the target task that starts from it.</summary>
/// <param name="Source">The source's groups in it.</param>
/// <param name="Target">The target's groups in it.</param>
internal sealed record PairedClass(IReadOnlyList<string> Source, IReadOnlyList<string> Target)
{
    public static string NameOf(IReadOnlyList<string> groups) => string.Join(" + ", groups);
}

/// <summary>A source task and a target task of the same number of classes.</summary>
/// <param name="Name">For the tables.</param>
/// <param name="Question">What is asked, in a line.</param>
/// <param name="Caution">What to expect of it and why; empty where there is nothing to add.</param>
/// <param name="Classes">Two: a binary task, of which the second is true. More: a multiclass task.</param>
internal sealed record Pairing(string Name, string Question, string Caution, IReadOnlyList<PairedClass> Classes)
{
    /// <summary>
    /// Nine technical groups to nine that are not, as in Hedges 2026. No class of one is a class of the other: they are paired by position,
    /// which is what happens where a network's last layer is reused for as many other classes.
    /// </summary>
    public static Pairing TechnicalToOthers { get; } = new(
        "tech to non-tech", "which of nine groups? Classes that have nothing in common, paired by position",
        "rec.autos starts from the weights of comp.graphics because both come first, and so on, as where a network's last layer is "
            + "reused.\n"
            + "A network has layers below it that carry over; a linear model has none. So no gain is to be expected of this start, only "
            + "harm to be limited.",
        [
            Single("comp.graphics", "rec.autos"),
            Single("comp.os.ms-windows.misc", "rec.motorcycles"),
            Single("comp.sys.ibm.pc.hardware", "rec.sport.baseball"),
            Single("comp.sys.mac.hardware", "rec.sport.hockey"),
            Single("comp.windows.x", "talk.politics.misc"),
            Single("sci.crypt", "talk.politics.guns"),
            Single("sci.electronics", "talk.religion.misc"),
            Single("sci.med", "misc.forsale"),
            Single("sci.space", "alt.atheism"),
        ]);

    /// <summary>The same question asked of other groups: is it about a machine or about a program?</summary>
    public static Pairing HardwareOrSoftware { get; } = new(
        "hardware or software", "PC hardware or graphics, to Mac hardware or the X window system",
        "",
        [
            Single("comp.graphics", "comp.windows.x"),
            Single("comp.sys.ibm.pc.hardware", "comp.sys.mac.hardware"),
        ]);

    /// <summary>Two against two, top-level names as classes: the usual way of making transfer tasks of this collection.</summary>
    public static Pairing ComputersOrScience { get; } = new(
        "computers or science", "comp.* or sci.*? The target has other groups of both than the source",
        "",
        [
            new(["sci.crypt", "sci.electronics"], ["sci.med", "sci.space"]),
            new(["comp.graphics", "comp.os.ms-windows.misc"], ["comp.sys.ibm.pc.hardware", "comp.sys.mac.hardware"]),
        ]);

    public static IReadOnlyList<Pairing> All { get; } = [TechnicalToOthers, HardwareOrSoftware, ComputersOrScience];

    /// <summary>The groups of the source, class by class.</summary>
    public IEnumerable<IReadOnlyList<string>> Source => Classes.Select(c => c.Source);

    /// <summary>The groups of the target, class by class.</summary>
    public IEnumerable<IReadOnlyList<string>> Target => Classes.Select(c => c.Target);

    private static PairedClass Single(string source, string target) => new([source], [target]);
}
