using System.Diagnostics;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>
/// The scripts that lie beside the repository, where it is checked out with them: what each printed wrongly once, and prints now.
/// </summary>
public sealed class SharedScriptTests
{
    [Theory]
    [InlineData("03_label_decimal_comma.sh",
        "score +label +regression~wrote m.zip~label +label +regression, written like '\\d,\\d{3}'~wrote n.zip", "multiclass")]
    [InlineData("04_unknown_classes_ignored.sh",
        "cls +label +multiclass, 16 classes~'77' \\(10 rows\\) is no class of m.zip~rc=3", "[Aa]ccuracy")]
    [InlineData("06_single_precision_columns.sh",
        "t +number +numbers; the mean is subtracted~Subtract 1700000000 from the column~rc=3", "Every label of the source is the same")]
    [InlineData("07_one_value_written_two_ways.sh",
        "pool +category +2 values\n~pool +category +2 values; 'True' is also written 'true'", "error:")]
    [InlineData("08_missing_mark_as_text.sh", "a +number +numbers, 23 missing", "error:")]
    [InlineData("09_hold_out_of_one_class.sh", "m0.zip~m1.zip~m2.zip~m3.zip~m4.zip~m5.zip", "No such file|error:")]
    [InlineData("14_response_file.sh", "@price +label +regression~wrote m.zip~rc=0", "Response file|error:")]
    [InlineData("15_first_lines_and_spellings.sh", "income +number +numbers written like '\\$",
        "has no name|must stand in double quotes|left out")]
    public async Task A_script_prints_what_is_right(string script, string rightThings, string wrong)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for a shell of Unix");
        var path = Path.Combine(SharedCaseTests.Cases(), script);
        Assert.SkipUnless(File.Exists(path), $"there is no {script} beside the checkout");
        using var folder = new Tool();
        var start = new ProcessStartInfo("sh", [path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["T"] = $"dotnet {Path.Combine(AppContext.BaseDirectory, "Transfer.MLNet.Tool.dll")}",
                ["TMPDIR"] = folder.Folder },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var printed = await process.StandardOutput.ReadToEndAsync();

        // What stands behind # is the script's own remark on what came out once.
        printed = string.Join('\n', printed.Split('\n').Select(l => l.Split('#')[0].TrimEnd())) + await error;
        Assert.All(rightThings.Split('~'), right => Assert.Matches(right, printed));
        Assert.DoesNotMatch(wrong, printed);
    }
}
