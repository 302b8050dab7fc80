using Transfer.MLNet.Losses;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Validation.Real.Classes;

/// <summary>What is predicted in a table of the study: two classes, several, or counts.</summary>
/// <param name="Table">The table, its labels the numbers of classes, or counts.</param>
/// <param name="Classes">How many; 0 for counts.</param>
internal sealed record LossTask(RealTable Table, int Classes)
{
    /// <summary>The binary tables of the folder, and columns of the others that are classes or counts.</summary>
    public static IReadOnlyList<LossTask> ReadAll(string folder)
    {
        LossTask Of(string table, string label, string[]? classes = null, string[]? without = null) =>
            new(RealTable.ReadAs(folder, table, label, classes ?? [], without ?? []), classes?.Length ?? 0);
        return
        [
            .. RealTable.ReadAll(folder, "binary").Select(t => new LossTask(t, 2)),
            Of("attrition", "Attrition", ["No", "Yes"]),
            Of("cps1988", "parttime", ["no", "yes"]),
            Of("egsingle", "retained", ["0", "1"]),
            Of("lending_club", "term", ["term_60", "term_36"]),
            Of("stackoverflow", "Remote", ["Not remote", "Remote"]),
            Of("attrition", "MaritalStatus", ["Divorced", "Married", "Single"]),
            Of("credit_data", "Home", ["owner", "parents", "rent"]),
            Of("lending_club", "verification_status", ["Not_Verified", "Source_Verified", "Verified"]),
            Of("wa_churn", "payment_method", ["Bank transfer (automatic)", "Credit card (automatic)", "Electronic check", "Mailed check"]),
            Of("attrition", "NumCompaniesWorked"),
            Of("attrition", "YearsAtCompany", without: ["YearsInCurrentRole", "YearsSinceLastPromotion", "YearsWithCurrManager"]),
            Of("credit_data", "Seniority"),
            Of("lending_club", "inq_last_12m", without: ["inq_fi", "inq_last_6mths"]),
            Of("lending_club", "num_il_tl", without: ["open_il_6m", "open_il_12m", "open_il_24m"]),
            Of("stackoverflow", "YearsCodedJob", without: ["y2"]),
        ];
    }

    public string Kind => Classes switch { 0 => "counts", 2 => "two classes", _ => "several classes" };

    public Loss Loss => Classes switch { 0 => new PoissonLoss(), 2 => Loss.Logistic, _ => new SoftmaxLoss(Classes) };

    /// <summary>Whether the rows of a draw are enough to learn from: two of each class, or a count above zero.</summary>
    public bool Suffices(double[] labels) => Classes == 0 ? labels.Any(y => y > 0)
        : Enumerable.Range(0, Classes).All(k => labels.Count(y => y == k) >= 2);

    public LabelledRows Rows(HeldRows rows)
    {
        var values = new float[rows.Rows * rows.FeatureCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)rows.Features.Values[i];
        }

        var design = new DenseDesign(rows.Rows, rows.FeatureCount, values);
        return Classes == 0 ? new LabelledRows(design, rows.Labels)
            : new ClassRows(design, Array.ConvertAll(rows.Labels, y => (int)y), Classes, softmax: Classes > 2);
    }
}
