using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet;

/// <summary>What a report says of the label: its name and unit, and what errors are measured against.</summary>
/// <param name="Name">As people call it, for example "price".</param>
public sealed record ReportLabel(string Name)
{
    private const int Digits = 3;

    /// <summary>
    /// What its numbers are in: "$" and the like stand before a number, "km" and the like behind; empty where it has none.
    /// </summary>
    public string Unit { get; init; } = "";

    /// <summary>
    /// The mean of |label| on the target's rows, which errors are relative to; null where it is not known, and of classes.
    /// </summary>
    public double? MeanSize { get; init; }

    /// <summary>
    /// The risk of one prediction for all of the target's rows: the variance of a number, the entropy of classes in nats, the deviance
    /// of counts at exposures of 1. Null where it is
    /// not known.
    /// </summary>
    public double? ConstantRisk { get; init; }

    internal static ReportLabel Unknown { get; } = new("");

    /// <summary>Looks at the label of the target's rows.</summary>
    /// <param name="target">The target's rows.</param>
    /// <param name="labelColumnName">The label's column: Single, Boolean or a key. Rows without a label are left out.</param>
    /// <param name="name">As people call it; null for the column's name.</param>
    /// <param name="measure">What the risks of the advice are: of counts <see cref="ConstantRisk"/> is the deviance of their mean.</param>
    /// <exception cref="ArgumentException">There is no such column, or it is of another type.</exception>
    public static ReportLabel Of(
        IDataView target, string labelColumnName = "Label", string? name = null, RiskMeasure measure = RiskMeasure.SquaredError)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        var column = target.Schema.GetColumnOrNull(labelColumnName)
            ?? throw new ArgumentException($"The target has no column '{labelColumnName}'; name the label's.", nameof(labelColumnName));
        var label = new ReportLabel(name ?? labelColumnName);
        return column.Type switch
        {
            NumberDataViewType type when type == NumberDataViewType.Single => measure == RiskMeasure.Deviance
                ? label.WithCounts(target.GetColumn<float>(column)) : label.WithNumbers(target.GetColumn<float>(column)),
            BooleanDataViewType => label.WithClasses(target.GetColumn<bool>(column).Select(v => v ? 2u : 1u)),
            KeyDataViewType type when type.RawType == typeof(uint) => label.WithClasses(target.GetColumn<uint>(column).Where(k => k > 0)),
            _ => throw new ArgumentException($"Column '{labelColumnName}' is {column.Type}; a label is Single, Boolean or a key.",
                nameof(labelColumnName)),
        };
    }

    /// <summary>An amount in the label's unit, with three significant digits: $3,400.</summary>
    /// <param name="value">The amount.</param>
    public string Amount(double value) => Amount(value, Digits);

    /// <summary>The same beside exposures: what one rate for all would cost is not known then.</summary>
    internal ReportLabel At(string? exposure) => exposure is null ? this : this with { ConstantRisk = null };

    internal string Amount(double value, int digits)
    {
        var number = Math.Abs(value) >= Math.Min(1000, Math.Pow(10, digits)) ? Rounded(value, digits).ToString("#,0.####", CultureInfo.InvariantCulture)
            : value is 0 || Math.Abs(value) >= 1e-4 ? Rounded(value, digits).ToString("0.########", CultureInfo.InvariantCulture)
            : value.ToString("0.##e0", CultureInfo.InvariantCulture);
        if (Math.Abs(value) >= 1e9)
        {
            number = value.ToString("0.##e0", CultureInfo.InvariantCulture);
        }

        var (sign, size) = number.StartsWith('-') ? ("−", number[1..]) : ("", number);
        return Unit.Length == 0 ? sign + size
            : Unit.Length == 1 && char.GetUnicodeCategory(Unit[0]) == UnicodeCategory.CurrencySymbol ? $"{sign}{Unit}{size}"
            : $"{sign}{size} {Unit}";
    }

    private static double Rounded(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value;
        }

        var scale = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - digits + 1);
        return scale >= 1 ? Math.Round(value / scale) * scale : Math.Round(value * (1 / scale)) / (1 / scale);
    }

    private ReportLabel WithNumbers(IEnumerable<float> values)
    {
        long count = 0;
        double mean = 0, squares = 0, size = 0;
        foreach (var value in values.Where(float.IsFinite))
        {
            // Welford's update of mean and sum of squares.
            count++;
            var off = value - mean;
            mean += off / count;
            squares += off * (value - mean);
            size += Math.Abs(value);
        }

        return count == 0 ? this : this with { MeanSize = size / count, ConstantRisk = count < 2 ? null : squares / (count - 1) };
    }

    private ReportLabel WithCounts(IEnumerable<float> values)
    {
        double[] counts = [.. values.Where(float.IsFinite).Select(v => (double)v)];
        if (counts.Length == 0 || counts.Sum() <= 0)
        {
            return this;
        }

        // 2 (y ln(y/m) - y + m), whose last two terms cancel in the mean.
        var mean = counts.Average();
        return this with { MeanSize = mean, ConstantRisk = 2 * counts.Average(y => y > 0 ? y * Math.Log(y / mean) : 0) };
    }

    private ReportLabel WithClasses(IEnumerable<uint> keys)
    {
        var counts = keys.CountBy(k => k).Select(c => (double)c.Value).ToArray();
        var all = counts.Sum();
        return all == 0 ? this : this with { ConstantRisk = -counts.Sum(c => c / all * Math.Log(c / all)) };
    }
}
