using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using StackExchange.Redis;
using Transfer.MLNet;

namespace Cluster;

/// <summary>
/// Three silos, each a process of its own, and a client. Membership is kept by a Redis of our own where the system has one (Debian: apt-get
/// install redis-server), and else by the first silo (localhost clustering), which is then never killed.
/// </summary>
internal sealed class Fleet : IAsyncDisposable
{
    public const string Service = "transfer-cluster";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly List<(Process Process, int Port, int Gateway)> _silos = [];
    private readonly string _membership;
    private readonly TimeSpan _probe;
    private readonly Process? _redis;
    private IHost? _client;

    private Fleet(string folder, TimeSpan probe, bool withRedis)
    {
        (Folder, _probe) = (folder, probe);
        var redis = "/usr/bin:/usr/local/bin:/opt/homebrew/bin".Split(':').Select(f => Path.Combine(f, "redis-server"))
            .FirstOrDefault(File.Exists);
        if (redis is not null && withRedis)
        {
            var port = FreePort();
            _redis = Process.Start(new ProcessStartInfo(
                redis, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"])
            {
                RedirectStandardOutput = true,
            })!;
            _redis.OutputDataReceived += (_, _) => { };
            _redis.BeginOutputReadLine();
            _membership = $"redis:{port}";
        }
        else
        {
            _membership = $"localhost:{FreePort()}";
        }

        Console.WriteLine(_redis is not null ? "Membership: Redis."
            : $"Membership: the first silo (localhost clustering{(withRedis ? ": there is no Redis here" : string.Empty)}).");
    }

    public string Folder { get; }

    public IClusterClient Client => _client!.Services.GetRequiredService<IClusterClient>();

    /// <summary>Silos that may be killed.</summary>
    public int FirstMortal => _redis is null ? 1 : 0;

    public int Count => _silos.Count;

    /// <summary>Of all silos that live.</summary>
    public TimeSpan ProcessorTime => _silos.Aggregate(TimeSpan.Zero, (sum, s) =>
    {
        s.Process.Refresh();
        return sum + s.Process.TotalProcessorTime;
    });

    public static void Named(ClusterOptions options) => (options.ClusterId, options.ServiceId) = (Service, Service);

    /// <param name="folder">Of the store; made where it is not there.</param>
    /// <param name="probe">Silos that do not answer for this long, three times, are taken for dead.</param>
    /// <param name="withRedis">Whether a Redis keeps membership where there is one.</param>
    /// <param name="silos">Processes.</param>
    /// <exception cref="TimeoutException">The silos do not come up.</exception>
    public static async Task<Fleet> StartAsync(string folder, TimeSpan probe, bool withRedis, int silos = 3)
    {
        Directory.CreateDirectory(folder);
        var fleet = new Fleet(folder, probe, withRedis);
        for (var i = 0; i < silos; i++)
        {
            fleet.Add();
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            if (fleet._redis is not null)
            {
                client.UseRedisClustering(o => o.ConfigurationOptions = ConfigurationOptions.Parse($"127.0.0.1:{fleet._membership[6..]}"));
                client.Configure<ClusterOptions>(Named);
            }
            else
            {
                client.UseLocalhostClustering([.. fleet._silos.Select(s => s.Gateway)], Service, Service);
            }

            client.UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(200, token);
                return true;
            });
            client.AddTransferLearning(o => o.Store = new FolderStore(folder));
        });
        fleet._client = builder.Build();
        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            await fleet._client.StartAsync(patience.Token);
            await fleet.AllActiveAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public void Add()
    {
        var port = _silos.Count == 0 && _redis is null ? int.Parse(_membership[10..]) : FreePort();
        var gateway = FreePort();
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(Fleet).Assembly.Location, "silo", Folder, $"{port}", $"{gateway}", _membership,
                $"{Environment.ProcessId}", $"{_probe.TotalSeconds}"]))!;
        _silos.Add((process, port, gateway));
    }

    /// <summary>SIGKILL: nothing is told to anybody.</summary>
    public void Kill(int silo)
    {
        _silos[silo].Process.Kill();
        _silos[silo].Process.WaitForExit();
        _silos.RemoveAt(silo);
    }

    public async Task AllActiveAsync()
    {
        var clock = Stopwatch.StartNew();
        while ((await Client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count < _silos.Count)
        {
            await Task.Delay(100);
            if (clock.Elapsed > s_patience)
            {
                throw new TimeoutException($"The silos have not come up in {s_patience.TotalSeconds:F0} s.");
            }
        }
    }

    /// <summary>The silo that a grain is on.</summary>
    public async Task<int> HostOf(string job)
    {
        var statistics = await Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        var host = statistics.First(s => s.GrainId.ToString().Contains(job)).SiloAddress!;
        return _silos.FindIndex(s => s.Port == host.Endpoint.Port);
    }

    /// <summary>Bytes that the silos have sent, and that they have in memory, as they told last.</summary>
    public (long Sent, long Memory) Told()
    {
        var (sent, memory) = (0L, 0L);
        foreach (var file in _silos.Select(s => Path.Combine(Folder, $"silo-{s.Port}")).Where(File.Exists))
        {
            if (File.ReadAllText(file).Split(' ') is [var a, var b])
            {
                (sent, memory) = (sent + long.Parse(a), memory + long.Parse(b));
            }
        }

        return (sent, memory);
    }

    /// <summary>Memory after a collection.</summary>
    public async Task<long> CollectedAsync()
    {
        _silos.ForEach(s => File.WriteAllText(Path.Combine(Folder, $"silo-{s.Port}.collect"), string.Empty));
        await Task.Delay(3000);
        var memory = Told().Memory;
        _silos.ForEach(s => File.Delete(Path.Combine(Folder, $"silo-{s.Port}.collect")));
        return memory;
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _client.StopAsync(brief.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _client.Dispose();
        }

        foreach (var process in _silos.Select(s => s.Process).Append(_redis).OfType<Process>())
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
