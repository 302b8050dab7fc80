namespace Transfer.MLNet.Tool.Columns;

/// <summary>What a column is to a model.</summary>
internal enum ColumnKind
{
    /// <summary>Standardised; a missing value becomes the mean, and that it was missing a feature of its own.</summary>
    Number,

    /// <summary>A trend, and the cycles of the year, the week and the day that it goes through.</summary>
    Date,

    /// <summary>A feature for each value.</summary>
    Category,

    /// <summary>A feature for each word, weighted by TF-IDF.</summary>
    Text,

    /// <summary>Left out.</summary>
    Ignored,
}
