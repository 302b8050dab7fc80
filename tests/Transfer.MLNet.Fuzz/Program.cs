using System.Globalization;
using System.Runtime.InteropServices;
using Transfer.MLNet.Fuzz.Campaign;
using Transfer.MLNet.Fuzz.Faults;
using Transfer.MLNet.Fuzz.Readers;

// read [--count N] [--seed S] [--seconds T] [--reader NAME] damages files and reads them, until an interrupt; exit 1 where something was
// found again NAME SEED NUMBER                                      one input once more, in this process; it is kept as a file
// corpus FOLDER                                               writes the sound files anew
// kill [--count N] [--seed S] [--writer NAME]                  kills processes that write, and looks at their files
// disk                                                        the tool's commands where there is no room
// work NAME SEED FROM TO                                      what `read` starts
const int OneReader = 1;

switch (args)
{
    case ["work", var name, var seed, var from, var to]:
        return Worker.Run(Named(name), Number(seed), Number(from), Number(to));
    case ["corpus", var folder]:
        foreach (var reader in All.Readers)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, reader.Name)).FullName;
            foreach (var (name, bytes) in reader.Sound())
            {
                File.WriteAllBytes(Path.Combine(place, name), bytes);
            }
        }

        return 0;
    case ["again", var name, var seed, var number]:
        return Again(Named(name), Number(seed), Number(number));
    case ["kill", ..]:
        var writings = Option("--writer") is { } writer ? [.. Kills.All.Where(w => w.Name == writer)] : Kills.All;
        return Kills.Run(Number(Option("--count") ?? "20"), Number(Option("--seed") ?? "1"), writings) == 0 ? 0 : 1;
    case ["write", var name, var folder]:
        Kills.All.OfType<LibraryWriting>().Single(w => w.Name == name).Write(folder);
        return 0;
    case ["disk"]:
        return FullDisk.Run() == 0 ? 0 : 1;
    case ["read", ..]:
        return await Read().ConfigureAwait(false);
    default:
        Console.Error.WriteLine("read [--count N] [--seed S] [--seconds T] [--reader NAME] | again NAME SEED NUMBER | corpus FOLDER |\n"
            + "kill [--count N] [--seed S] [--writer NAME] | disk");
        return 2;
}

async Task<int> Read()
{
    var (count, seed) = (Number(Option("--count") ?? "1000"), Number(Option("--seed") ?? "1"));
    var readers = Option("--reader") is { } only ? [Named(only)] : All.Readers;
    var over = Option("--seconds") is { } seconds ? TimeSpan.FromSeconds(Number(seconds)) : TimeSpan.MaxValue;
    var shares = readers.Count == OneReader ? readers[0].Share : All.Readers.Sum(r => r.Share);
    using var stop = new CancellationTokenSource();
    void Stopped(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stopped);
    using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stopped);
    Course[] courses = [.. readers.Select(r => new Course(
        r, seed, Math.Max(1, (int)((long)count * r.Share / shares)), over == TimeSpan.MaxValue ? over : over * r.Share / shares,
            stop.Token))];
    var all = courses.Sum(c => (long)c.Count);
    // One process of each reader after the other, so that a run that is stopped has read files of every kind.
    while (!stop.IsCancellationRequested && courses.Any(c => !c.HasEnded))
    {
        foreach (var course in courses.Where(c => !c.HasEnded && !stop.IsCancellationRequested))
        {
            await course.Continue().ConfigureAwait(false);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{100.0 * courses.Sum(c => c.Done) / all:F0} % ({course.Reader.Name}: {course.Done} of {course.Count}, "
                + $"{course.Findings.Count} findings)"));
        }
    }

    Console.WriteLine($"{"reader",-12}{"inputs",8}{"accepted",10}{"refused",9}{"given up",10}"
        + $"{"findings",10}{"slowest",10}{"peak memory",13}");
    foreach (var course in courses)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{course.Reader.Name,-12}{course.Done,8}{course.Accepted,10}{course.Refused,9}{course.GivenUp,10}{course.Findings.Count,10}"
            + $"{course.Slowest.TotalSeconds,8:F1} s{course.PeakMemory >> 20,10} MB"));
        foreach (var (number, what) in course.Findings)
        {
            Console.WriteLine($"  again {course.Reader.Name} {seed} {number}: {what}");
        }
    }

    var findings = courses.Sum(c => c.Findings.Count);
    Console.WriteLine($"{courses.Sum(c => c.Done)} inputs, {findings} findings");
    return findings == 0 ? 0 : 1;
}

int Again(Reader reader, int seed, int number)
{
    var (bytes, choices) = new Inputs(reader, seed).Of(number);
    var file = Path.GetFullPath($"{reader.Name}-{seed}-{number}");
    File.WriteAllBytes(file, bytes);
    Console.WriteLine($"{file}: {bytes.Length} bytes");
    Console.WriteLine(reader.Read(bytes, Directory.CreateTempSubdirectory("fuzz").FullName, choices) ? "accepted" : "refused");
    return 0;
}

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static Reader Named(string name) => All.Readers.FirstOrDefault(r => r.Name == name)
    ?? throw new ArgumentException($"There is no reader '{name}'; there are: {string.Join(", ", All.Readers.Select(r => r.Name))}.");
