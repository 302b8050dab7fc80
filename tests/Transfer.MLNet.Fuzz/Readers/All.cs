namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>Every reader of files that come from elsewhere.</summary>
internal static class All
{
    public static IReadOnlyList<Reader> Readers { get; } =
    [
        new CsvReader(), new ParquetFileReader(), new ModelFileReader(), new OnnxFileReader(), new MomentsReader(),
        new GroupedMomentsReader(), new CheckpointReader(), new AdviceReader(), new StoreReader(), new ArgumentsReader(),
        new TargetsReader(), new ServiceReader(),
    ];
}
