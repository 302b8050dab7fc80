namespace NewsgroupsTransfer;

/// <summary>
/// Posts that nobody wrote, so that the example runs without the collection: words drawn at random from a list of the group, a list of the
/// subject that it shares with related groups, and a list that all share, of which each group has its favourites. What transfers between
/// groups is the subject's list.
/// </summary>
internal static class InventedPosts
{
    private const int PostsOfAGroup = 60;
    private const int Shortest = 15;
    private const int Longest = 45;
    private const double OwnWords = 0.12;
    private const double SubjectWords = 0.13;
    private const double FavouriteWords = 0.1;
    private const int Favourites = 10;

    private static readonly string[] s_common = Words("""
        the a and or of to in for with about anyone know does have would like some question help please think time good people problem first
        could year make well right work thing seem back week post answer thank read really want need find look reason point long last never
        """);

    private static readonly Dictionary<string, string[]> s_subjects = new()
    {
        ["hardware"] = Words("drive disk board memory slot cable port chip card controller monitor keyboard install jumper speed upgrade"),
        ["software"] = Words("program file window image code library version screen display color compile format server draw font mouse"),
        ["science"] = Words("research theory measure result experiment method data paper journal university study signal effect test"),
        ["vehicle"] = Words("engine road wheel brake drive dealer mile tire speed ride oil insurance owner model"),
        ["sport"] = Words("team game season player league coach score win fan goal playoff trade draft"),
        ["society"] = Words("government law right state public vote court freedom claim moral argument society"),
        ["trade"] = Words("sale price offer shipping condition buyer box sell asking cash"),
    };

    private static readonly (string Group, string Subject, string[] Words)[] s_groups =
    [
        ("comp.graphics", "software", Words("render polygon texture jpeg raytrace shading pixel animation vector surface")),
        ("comp.os.ms-windows.misc", "software", Words("dos driver icon desktop manager ini swap printer shell network")),
        ("comp.sys.ibm.pc.hardware", "hardware", Words("ide scsi bios isa floppy motherboard modem irq gateway cache")),
        ("comp.sys.mac.hardware", "hardware", Words("quadra centris powerbook apple simm nubus duo lc adb fpu")),
        ("comp.windows.x", "software", Words("widget motif xterm client toolkit callback openwin unix pixmap event")),
        ("sci.crypt", "science", Words("key cipher encryption clipper escrow secret privacy wiretap random attack")),
        ("sci.electronics", "science", Words("circuit voltage resistor amplifier battery transistor ground wire frequency capacitor")),
        ("sci.med", "science", Words("patient disease doctor treatment drug symptom diet infection blood cancer")),
        ("sci.space", "science", Words("orbit launch shuttle moon satellite rocket mission lunar astronaut solar")),
        ("rec.autos", "vehicle", Words("car sedan transmission clutch ford honda manual gasoline leather door")),
        ("rec.motorcycles", "vehicle", Words("bike helmet rider yamaha harley kickstand leather countersteer lane visor")),
        ("rec.sport.baseball", "sport", Words("pitcher inning bat homer catcher shortstop batting bullpen rookie run")),
        ("rec.sport.hockey", "sport", Words("puck goalie ice rink penalty stick slapshot cup period wing")),
        ("talk.politics.misc", "society", Words("president tax congress budget economy job senator welfare union clinton")),
        ("talk.politics.guns", "society", Words("weapon firearm rifle pistol militia crime ban permit holster ammunition")),
        ("talk.religion.misc", "society", Words("bible prophet scripture church faith verse prayer salvation sin gospel")),
        ("misc.forsale", "trade", Words("stereo bicycle camera ticket couch manual speaker warranty original obo")),
        ("alt.atheism", "society", Words("atheist belief god evidence existence religion logic fallacy deity agnostic")),
    ];

    /// <summary>The same posts every time.</summary>
    public static IReadOnlyList<Post> All()
    {
        var random = new Random(1);
        return
        [
            .. s_groups.SelectMany(g =>
            {
                (double Share, string[] Words)[] lists =
                [
                    (OwnWords, g.Words),
                    (SubjectWords, s_subjects[g.Subject]),
                    (FavouriteWords, random.GetItems(s_common, Favourites)),
                    (1, s_common),
                ];
                return Enumerable.Range(0, PostsOfAGroup).Select(_ => new Post(g.Group, Text(random, lists))).ToArray();
            }),
        ];
    }

    private static string Text(Random random, (double Share, string[] Words)[] lists) =>
        string.Join(' ', Enumerable.Range(0, random.Next(Shortest, Longest)).Select(_ =>
        {
            double place = random.NextDouble();
            int list = 0;
            while (place >= lists[list].Share)
            {
                place -= lists[list++].Share;
            }

            return lists[list].Words[random.Next(lists[list].Words.Length)];
        }));

    private static string[] Words(string list) => list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
