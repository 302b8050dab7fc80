using System.Globalization;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>What is predicted.</summary>
internal enum TaskKind
{
    Regression,
    Binary,
    Multiclass,
}

/// <summary>The column that is predicted, and as what.</summary>
/// <param name="Name">Its name in the files.</param>
/// <param name="Task">What its values make of it, or the user said.</param>
/// <param name="Classes">Of a classification, in the order of their keys; of a binary one the negative first.</param>
internal sealed record LabelPlan(string Name, TaskKind Task, IReadOnlyList<string> Classes)
{
    private static readonly (string Negative, string Positive)[] s_pairs =
    [
        ("0", "1"), ("-1", "1"), ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("neg", "pos"), ("negative", "positive"),
    ];

    public string? Positive => Task == TaskKind.Binary ? Classes[1] : null;

    public static LabelPlan Of(ColumnProfile profile, TaskKind? wanted, string? positive)
    {
        if (profile.Present == 0)
        {
            throw Failure.Input($"The label column '{profile.Name}' is empty.");
        }

        if (profile.Constant)
        {
            throw Failure.Input($"The label column '{profile.Name}' is '{profile.Values.First().Key}' in every row: there is nothing to learn.");
        }

        if (wanted is null && ColumnPlan.IsMostlyNumbers(profile))
        {
            var (path, row, cell) = profile.FirstNoNumber!.Value;
            throw Failure.Input($"{path}, row {row}, label column '{profile.Name}': '{cell}' is not a number, and {Numbers.Count(profile.Numbers)} of the {Numbers.Count(profile.Present)} cells of the column are. "
                + $"Correct it, name it as a mark of missing values (--missing \"{cell}\"), or give --task multiclass if the numbers are names of classes.");
        }

        var values = profile.Values.Select(v => v.Key).ToArray();
        var two = profile.ValuesAreAll && values.Length == 2;
        if (wanted is null or TaskKind.Binary && profile.ValuesAreAll && WrittenTwoWays(values) is (var one, var other))
        {
            throw Failure.Input($"The label column '{profile.Name}' has two values, but '{one}' is also written '{other}'. Write each in one way"
                + $", or give --task {(profile.AllNumbers ? "regression" : "multiclass")} if these are different values.");
        }

        var task = wanted ?? (two ? TaskKind.Binary : profile.AllNumbers ? TaskKind.Regression : TaskKind.Multiclass);
        return task switch
        {
            TaskKind.Regression when profile.AllNumbers => positive is null
                ? new LabelPlan(profile.Name, task, [])
                : throw Failure.Usage($"--positive is for two classes, and '{profile.Name}' is a number."),
            TaskKind.Regression => throw Failure.Input($"{profile.FirstNoNumber!.Value.Path}, row {profile.FirstNoNumber.Value.Row}, label column '{profile.Name}': "
                + $"'{profile.FirstNoNumber.Value.Cell}' is not a number, and a regression predicts numbers. Correct it, or give --task multiclass."),
            TaskKind.Binary when two => new LabelPlan(profile.Name, task, Ordered(profile.Name, values, positive)),
            TaskKind.Binary => throw Failure.Input($"The label column '{profile.Name}' has {Many(profile)} values, and a binary classification has two. Give --task multiclass."),
            _ when profile.AllNumbers && !profile.ValuesAreAll => throw Failure.Input($"The label column '{profile.Name}' has {Many(profile)} numbers, too many for classes. Give --task regression."),
            _ when !profile.ValuesAreAll => throw Failure.Input($"The label column '{profile.Name}' has {Many(profile)} values, too many for classes. Is it the right column?"),
            _ => new LabelPlan(profile.Name, task, values),
        };
    }

    /// <summary>The negative one first.</summary>
    public static IReadOnlyList<string> Ordered(string column, IReadOnlyList<string> values, string? positive)
    {
        if (positive is not null)
        {
            return values.Contains(positive)
                ? [values.First(v => v != positive), positive]
                : throw Failure.Input($"--positive '{positive}' is no value of the label column '{column}', which has '{values[0]}' and '{values[1]}'.");
        }

        foreach (var (negative, known) in s_pairs)
        {
            if (values.FirstOrDefault(v => v.Equals(known, StringComparison.OrdinalIgnoreCase)) is { } yes
                && values.FirstOrDefault(v => v.Equals(negative, StringComparison.OrdinalIgnoreCase)) is { } no)
            {
                return [no, yes];
            }
        }

        throw Failure.Input($"The label column '{column}' has the values '{values[0]}' and '{values[1]}'. Say which is the positive one: --positive \"{values[1]}\"."
            + (values.All(v => double.TryParse(v, CultureInfo.InvariantCulture, out _)) ? " Or, if they are numbers to be predicted: --task regression." : ""));
    }

    // Two classes that came from two programs: True and true, 1 and 1.0. As three or four they would become another task without a word.
    private static (string One, string Other)? WrittenTwoWays(string[] values)
    {
        var same = values.GroupBy(v => double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : v.ToUpperInvariant()).ToArray();
        return values.Length > 2 && same.Length == 2 && same.First(s => s.Count() > 1).ToArray() is [var one, var other, ..] ? (one, other) : null;
    }

    private static string Many(ColumnProfile profile) => profile.ValuesAreAll ? $"{profile.ValueCount}" : $"more than {profile.ValueCount}";
}
