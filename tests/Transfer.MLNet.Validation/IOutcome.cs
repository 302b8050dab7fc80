namespace Transfer.MLNet.Validation;

/// <summary>What one draw of a study came to: a line of its file.</summary>
internal interface IOutcome<T>
    where T : IOutcome<T>
{
    /// <summary>The file's first line.</summary>
    static abstract string Header { get; }

    string Cell { get; }

    int Draw { get; }

    string ToCsv();

    static abstract T OfCsv(string line);
}
