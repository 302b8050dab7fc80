namespace PaperExperiments.Data;

/// <summary>The rows that an experiment has: a source and a target, each to train on and to test with.</summary>
/// <param name="Origin">Where they came from, for the report.</param>
internal sealed record TaskPair(string Origin, LabelledRows SourceTraining, LabelledRows SourceTest, LabelledRows TargetTraining,
    LabelledRows TargetTest);
