using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>What is predicted.</summary>
internal enum TaskKind
{
    Regression,
    Binary,
    Multiclass,

    /// <summary>Whole numbers from zero, by the Poisson deviance.</summary>
    Count,
}

/// <summary>The column that is predicted, and as what.</summary>
/// <param name="Name">Its name in the files.</param>
/// <param name="Task">What its values make of it, or the user said.</param>
/// <param name="Classes">Of a classification, in the order of their keys; of a binary one the negative first.</param>
/// <param name="Spelled">From a text to the class that it stands for; null where it stands for none.</param>
/// <param name="Note">How it is written, where that is worth a word; else empty.</param>
internal sealed record LabelPlan(string Name, TaskKind Task, IReadOnlyList<string> Classes, Func<string, string?> Spelled, string Note = "")
{
    /// <summary>What stands beside its numbers in the file: $, km; empty where nothing does.</summary>
    public string Unit { get; init; } = "";

    // Of a label that may be classes: at most so many, each in so many rows on average.
    private const int MostClasses = 100;
    private const int RowsOfClass = 10;

    private static readonly (string Negative, string Positive)[] s_pairs =
    [
        ("0", "1"), ("-1", "1"), ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("neg", "pos"), ("negative", "positive"),
    ];

    public string? Positive => Task == TaskKind.Binary ? Classes[1] : null;

    public static LabelPlan Of(ColumnProfile profile, TaskKind? wanted, string? positive)
    {
        RequireUsable(profile);
        if (profile.Constant)
        {
            throw Failure.Input($"The label column '{profile.Name}' is '{profile.Values[0].Key}' in every row: there is nothing to learn.");
        }

        if (wanted is null && (ColumnPlan.IsMostlyNumbers(profile) || ColumnPlan.IsMixed(profile)))
        {
            var (path, row, cell) = profile.FirstNoNumber!.Value;
            throw Failure.Input($"{path}, row {row}, label column '{profile.Name}': '{cell}' is not a number, and "
                + $"{Numbers.Count(profile.Numbers.Count)} of the {Numbers.Count(profile.Present)} cells of the column are. "
                + $"Correct it, name it as a mark of missing values (--missing \"{cell}\"), or give --task multiclass if the numbers "
                + $"are names of classes.{SecondHeader.Hint(profile.Name, row, cell)}");
        }

        if (wanted is null && profile.AllDates && profile.DateCount > 0)
        {
            throw Failure.Input($"The label column '{profile.Name}' holds dates, and a date is neither a number nor a class. Write how "
                + $"many days there are to it, or give --task multiclass.");
        }

        var two = profile.ValuesAreAll && profile.ValueCount == 2;
        var task = wanted ?? (two ? TaskKind.Binary : profile.AllNumbers ? TaskKind.Regression : TaskKind.Multiclass);
        var many = profile.ValuesAreAll ? $"{profile.ValueCount}" : $"more than {ColumnProfile.MostValues}";
        string[] values = [.. profile.ValuesAreAll ? profile.Values.Select(v => v.Key) : []];
        var twice = profile.WrittenTwoWays is var (one, other) ? $"; '{one}' is also written '{other}'" : "";
        switch (task)
        {
            case TaskKind.Regression:
                return Regression(profile, positive);
            case TaskKind.Count:
                return Counts(profile, positive);
            case TaskKind.Binary when two:
                return new LabelPlan(profile.Name, task, Ordered(profile.Name, values, positive), profile.Spellings.GetValueOrDefault,
                    twice);
            case TaskKind.Binary:
                throw Failure.Input($"The label column '{profile.Name}' has {many} values, and a binary classification has two. Give "
                    + $"--task multiclass.");
            default:
                return profile.ValuesAreAll
                    ? new LabelPlan(profile.Name, task, values, profile.Spellings.GetValueOrDefault, twice)
                    : throw Failure.Input($"The label column '{profile.Name}' has {many} {(profile.AllNumbers ? "numbers, too many for classes. Give --task regression." : "values, too many for classes. Is it the right column?")}");
        }
    }

    /// <summary>What a file's labels are to a model whose task and classes are settled.</summary>
    /// <param name="profile">Of the label's column.</param>
    /// <param name="task">The model's.</param>
    /// <param name="classes">Of a classifier with names for its classes; else empty.</param>
    /// <param name="positive">The positive value of two, where the user says it.</param>
    public static LabelPlan Known(ColumnProfile profile, TaskKind task, IReadOnlyList<string> classes, string? positive)
    {
        RequireUsable(profile);
        switch (task)
        {
            case TaskKind.Regression:
                return Regression(profile, positive, ofModel: true);
            case TaskKind.Count:
                return Counts(profile, positive, ofModel: true);
            case TaskKind.Multiclass:
                return new LabelPlan(profile.Name, task, classes, Spelling.To(classes));
            default:
                if (!profile.ValuesAreAll || profile.ValueCount > 2)
                {
                    throw Failure.Input($"The label column '{profile.Name}' has {ColumnPlan.Many(profile)} values, and a binary "
                        + $"classification has two.");
                }

                string[] values = [.. profile.Values.Select(v => v.Key)];
                if (positive is null && classes.Count == 2 && values.All(v => Spelling.To(classes)(v) is not null))
                {
                    return new LabelPlan(profile.Name, task, classes, Spelling.To(classes));
                }

                // Rows of one class only, whose value says which it is.
                if (values is [var only])
                {
                    var isPositive = positive is not null ? Spelling.Key(positive) == Spelling.Key(only)
                        : s_pairs.Any(p => p.Positive.Equals(only, StringComparison.OrdinalIgnoreCase))
                        || (!s_pairs.Any(p => p.Negative.Equals(only, StringComparison.OrdinalIgnoreCase))
                            ? throw Failure.Input($"The label column '{profile.Name}' is '{only}' in every row. Say which value is the "
                            + $"positive one: --positive VALUE.") : false);
                    string[] both = isPositive ? ["(not " + only + ")", only] : [only, positive ?? "(not " + only + ")"];
                    return new LabelPlan(profile.Name, task, both, profile.Spellings.GetValueOrDefault);
                }

                return new LabelPlan(profile.Name, task, Ordered(profile.Name, values, positive), profile.Spellings.GetValueOrDefault);
        }
    }

    /// <summary>The negative one first.</summary>
    private static IReadOnlyList<string> Ordered(string column, string[] values, string? positive)
    {
        if (positive is not null)
        {
            var yes = Spelling.To(values)(positive);
            return yes is not null
                ? [values.First(v => v != yes), yes]
                : throw Failure.Input($"--positive '{positive}' is no value of the label column '{column}', which has '{values[0]}' and "
                + $"'{values[1]}'.");
        }

        foreach (var (negative, known) in s_pairs)
        {
            if (values.FirstOrDefault(v => v.Equals(known, StringComparison.OrdinalIgnoreCase)) is { } yes
                && values.FirstOrDefault(v => v.Equals(negative, StringComparison.OrdinalIgnoreCase)) is { } no)
            {
                return [no, yes];
            }
        }

        // No and 1 of two files: each stands for a truth value.
        if (values.All(v => Spelling.Truth(Spelling.Key(v)) is not null))
        {
            return [.. values.OrderBy(v => Spelling.Truth(Spelling.Key(v)))];
        }

        throw Failure.Input($"The label column '{column}' has the values '{values[0]}' and '{values[1]}'. Say which is the positive "
            + $"one: --positive \"{values[1]}\"."
            + (values.All(v => PlainNumber.TryParse(v, '.', out _)) ? " Or, if they are numbers to be predicted: --task regression." : ""));
    }

    private static LabelPlan Regression(ColumnProfile profile, string? positive, bool ofModel = false)
    {
        if (positive is not null)
        {
            throw Failure.Usage($"--positive is for two classes, and '{profile.Name}' is a number.");
        }

        if (!profile.AllNumbers)
        {
            var (path, row, cell) = profile.FirstNoNumber!.Value;
            var other = ofModel ? "name the label column that has what the model predicts (--label)" : "give --task multiclass";
            var where = $"{path}, row {row}, label column '{profile.Name}': '{cell}' is not a number, and "
                + $"{(ofModel ? "the model" : "a regression")} predicts numbers. ";
            throw Failure.Input(where + (profile.Numbers.Count == 0 ? $"No cell of the column is one: {other}."
                : $"Correct it, name it as a mark of missing values (--missing \"{cell}\"), or {other}."
                + SecondHeader.Hint(profile.Name, row, cell)));
        }

        NumberColumn.RequireOneUnit(profile);
        if (profile.Numbers.LosesDigitsInSingle)
        {
            throw Failure.Input($"The label column '{profile.Name}' lies between {PlainNumber.Text(profile.Numbers.Least)} and "
                + $"{PlainNumber.Text(profile.Numbers.Most)}, and ML.NET's labels and predictions (Single, 24 binary digits) "
                + $"cannot tell such numbers apart. Subtract {PlainNumber.Text(Math.Floor(profile.Numbers.Least))} from the column, and "
                + $"add it to the predictions.");
        }

        var unit = profile.Units.Count == 1 ? $", in {profile.Units.First()}" : "";
        return new LabelPlan(profile.Name, TaskKind.Regression, [], _ => null, profile.Written > 0
            ? $", written like '{profile.FirstWritten}'{unit}" : MayBeClasses(profile))
        { Unit = profile.Units.FirstOrDefault("") };
    }

    // Few whole numbers, each often: stars and grades are ordered, codes are not. Only a person knows.
    private static string MayBeClasses(ColumnProfile profile) =>
        profile.ValuesAreAll && profile.Numbers.AllWhole && profile.ValueCount <= MostClasses
            && profile.ValueCount * RowsOfClass <= profile.Present
            ? $" of {profile.ValueCount} whole numbers; if they are names of classes: --task multiclass, if counts: --task count" : "";

    private static LabelPlan Counts(ColumnProfile profile, string? positive, bool ofModel = false)
    {
        var plan = Regression(profile, positive, ofModel);
        if (profile.Numbers.Least < 0 || !profile.Numbers.AllWhole)
        {
            var what = profile.Numbers.Least < 0 ? $"{PlainNumber.Text(profile.Numbers.Least)}, which is negative"
                : "numbers that are not whole";
            throw Failure.Input($"The label column '{profile.Name}' holds {what}: counts are whole and not negative. Correct it, leave such "
                + (ofModel ? "rows out with --where, or name the label column that has what the model predicts (--label)."
                    : "rows out with --where, or give --task regression."));
        }

        return plan with { Task = TaskKind.Count };
    }

    private static void RequireUsable(ColumnProfile profile)
    {
        if (profile.Unreadable is { } what)
        {
            throw Failure.Input($"The label column '{profile.Name}' holds {what}, which can neither be predicted as a number nor as a "
                + $"class.");
        }

        if (profile.Present == 0)
        {
            throw Failure.Input($"The label column '{profile.Name}' is empty.");
        }
    }
}
