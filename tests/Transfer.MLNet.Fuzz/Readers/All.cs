namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>Every reader of files that come from elsewhere; the quick ones come first.</summary>
internal static class All
{
    public static IReadOnlyList<Reader> Readers { get; } =
    [
        new OnnxFileReader(), new MomentsReader(), new GroupedMomentsReader(), new CheckpointReader(), new TargetsReader(),
        new StoreReader(), new AdviceReader(), new ServiceReader(), new ArgumentsReader(), new ModelFileReader(), new ParquetFileReader(),
        new CsvReader(),
    ];
}
