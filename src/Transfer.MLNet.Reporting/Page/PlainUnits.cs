using System.Globalization;

namespace Transfer.MLNet.Reporting.Page;

/// <summary>
/// What people know beside the loss that decides: the share of right classes and the area under the ROC curve, or by how much counts are
/// off.
/// </summary>
internal static class PlainUnits
{
    /// <summary>The share of rows in their right class, as the table has it; empty where it is not known.</summary>
    public static string Accuracy(TransferWay way) => Percent(way.Accuracy);

    /// <summary>The area under the ROC curve; empty where it is not known.</summary>
    public static string Area(TransferWay way) => way.AreaUnderRocCurve?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";

    /// <summary>By how much counts are off on average; empty where it is not known.</summary>
    public static string CountsOff(TransferWay way) => way.MeanAbsoluteError is { } error ? Words.Number(error) : "";

    /// <summary>Of two ways, in brackets behind a sentence; empty where nothing is known.</summary>
    /// <param name="way">The one that the sentence is about.</param>
    /// <param name="other">The other one; null: there is none.</param>
    /// <param name="join">From what is said of the first to what is said of the other, as " instead of {0}".</param>
    public static string Behind(TransferWay way, TransferWay? other, string join)
    {
        string?[] said =
        [
            Said("{0} of the rows right", Accuracy), Said("area under the ROC curve {0}", Area), Said("off by {0} on average", CountsOff),
        ];
        return said.OfType<string>().ToArray() is { Length: > 0 } all ? $" ({string.Join(", ", all)})" : "";

        string? Said(string words, Func<TransferWay, string> of)
        {
            var (own, others) = (of(way), other is null ? "" : of(other));
            return own.Length == 0 ? null : string.Format(CultureInfo.InvariantCulture, words, own)
                + (others.Length == 0 ? "" : string.Format(CultureInfo.InvariantCulture, join, others));
        }
    }

    private static string Percent(double? share) =>
        share is { } value ? (100 * value).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "";
}
