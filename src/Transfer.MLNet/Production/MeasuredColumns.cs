namespace Transfer.MLNet.Production;

/// <summary>What scores are measured by.</summary>
/// <param name="Label">The column that they predict.</param>
/// <param name="Exposure">Of counts: what each was counted in; null: 1 for all.</param>
internal readonly record struct MeasuredColumns(string Label, string? Exposure)
{
    public static MeasuredColumns Of(FineTuneOptions options) => new(options.LabelColumnName, options.ExposureColumnName);
}
