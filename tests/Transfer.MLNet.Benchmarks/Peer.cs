using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Transfer.MLNet.Benchmarks;

/// <summary>
/// The Python process that the peers run in: told by lines of JSON what to load and when to run, and timing itself, so that nothing of
/// the conversation is counted. Where Python or one of its packages is missing, what is missing is known and nothing is installed.
/// </summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private Peer(Process process, IReadOnlyDictionary<string, string> versions) => (_process, Versions) = (process, versions);

    /// <summary>What is installed, by name.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; }

    /// <summary>Starts the first Python that has NumPy and SciPy; null, with the reason, where none has.</summary>
    public static (Peer? Peer, string? Missing) Start(string[] pythons) =>
        pythons.Select(Start).FirstOrDefault(p => p is not null) is { } peer ? (peer, null)
            : (null, $"{string.Join(" and ", pythons.Select(p => $"`{p}`"))} not installed, or without NumPy and SciPy");

    private static Peer? Start(string python)
    {
        var threads = Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Peers", "peer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OPENBLAS_NUM_THREADS"] = threads, ["OMP_NUM_THREADS"] = threads, ["MKL_NUM_THREADS"] = threads },
        };
        try
        {
            var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var peer = new Peer(process, new Dictionary<string, string>());
            var versions = peer.Ask(new JsonObject { ["versions"] = true });
            return new Peer(process, versions.ToDictionary(v => v.Key, v => v.Value!.GetValue<string>()));
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or PeerException)
        {
            return null;
        }
    }

    public bool Has(string package) => Versions.ContainsKey(package);

    public void SetUp(string operation, string folder, JsonObject arguments)
    {
        arguments["op"] = operation;
        arguments["dir"] = folder;
        Ask(arguments);
    }

    /// <summary>Runs what was set up once; the seconds it took by the peer's own clock.</summary>
    public double Run() => Ask(new JsonObject { ["run"] = true })["seconds"]!.GetValue<double>();

    /// <summary>What the last run gave.</summary>
    public double[] Result(string folder)
    {
        var file = Path.Combine(folder, "result.f64");
        Ask(new JsonObject { ["result"] = file });
        return MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(file)).ToArray();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private JsonObject Ask(JsonObject question)
    {
        string? line;
        try
        {
            _process.StandardInput.WriteLine(question.ToJsonString());
            _process.StandardInput.Flush();
            line = _process.StandardOutput.ReadLine();
        }
        catch (IOException e)
        {
            throw new PeerException("the peer's process has ended: " + e.Message);
        }

        var answer = line is null ? null : JsonSerializer.Deserialize<JsonObject>(line);
        return answer?["error"] is { } error ? throw new PeerException(error.GetValue<string>())
            : answer ?? throw new PeerException("the peer's process has ended");
    }
}
