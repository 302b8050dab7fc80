using System.Globalization;
using Transfer.MLNet.Fuzz.Readers;

namespace Transfer.MLNet.Fuzz.Campaign;

/// <summary>Reads inputs one after another in a process that may be ended at any of them, and tells of each on standard output.</summary>
internal static class Worker
{
    /// <summary>Before an input, after one, and what is said of it then.</summary>
    public const char Begins = '>';
    public const char Accepted = '+';
    public const char Refused = '-';
    public const char GivenUp = '~';
    public const char Wrong = '!';

    public static int Run(Reader reader, int seed, int from, int to)
    {
        using var told = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var folder = Directory.CreateTempSubdirectory("fuzz").FullName;
        Environment.CurrentDirectory = folder;
        var inputs = new Inputs(reader, seed);
        try
        {
            for (var i = from; i < to; i++)
            {
                told.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Begins}{i}"));
                var (mark, text) = Outcome(reader, inputs, i, folder);
                told.WriteLine($"{mark}{text.ReplaceLineEndings(" | ")}");
                if (mark == GivenUp)
                {
                    // What reads it goes on for ever, and would take the next one's time.
                    return 0;
                }
            }
        }
        finally
        {
            Environment.CurrentDirectory = Path.GetTempPath();
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    // Where sound files are refused nothing of what lies behind the first check is tried.
    private static (char Mark, string Text) Outcome(Reader reader, Inputs inputs, int number, string folder)
    {
        var outcome = OutcomeOf(reader, inputs, number, folder);
        return outcome.Mark is not Accepted and not Wrong && number < inputs.Sound && reader.TakesSound
            ? (Wrong, $"a sound file is not accepted; is it of an earlier version? The command 'corpus' writes them anew. {outcome.Text}")
            : outcome;
    }

    private static (char Mark, string Text) OutcomeOf(Reader reader, Inputs inputs, int number, string folder)
    {
        try
        {
            var (bytes, choices) = inputs.Of(number);
            return (reader.Read(bytes, folder, choices) ? Accepted : Refused, "");
        }
        catch (GivenUpException)
        {
            return (GivenUp, "");
        }
        catch (Exception e) when (reader.IsDocumented(e))
        {
            return e.Message.Contains("has not ended after", StringComparison.Ordinal) ? (GivenUp, "") : (Refused, e.Message);
        }
        catch (Exception e)
        {
            return (Wrong, e.ToString());
        }
    }
}
