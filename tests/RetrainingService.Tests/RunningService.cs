using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RetrainingService.Tests;

/// <summary>The service as a process, on a port that the system chose, with a model in a folder of its own.</summary>
internal sealed partial class RunningService : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retraining-service-").FullName;
    private readonly Process _process;
    private readonly List<string> _log = [];

    private RunningService()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "RetrainingService.dll"), "--urls", "http://127.0.0.1:0",
            "--models", Models, "--api-key", Key })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
    }

    public const string Key = "a key of this test";

    public string Models => Path.Combine(_folder, "models");

    public HttpClient Client { get; } = new();

    public static async Task<RunningService> Start()
    {
        var service = new RunningService();
        var listening = new TaskCompletionSource<string>();
        void Heard(string? line)
        {
            if (line is not null)
            {
                lock (service._log)
                {
                    service._log.Add(line);
                }

                if (Address().Match(line) is { Success: true } found)
                {
                    listening.TrySetResult(found.Groups[1].Value);
                }
            }
        }

        service._process.OutputDataReceived += (_, e) => Heard(e.Data);
        service._process.ErrorDataReceived += (_, e) => Heard(e.Data);
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        if (await Task.WhenAny(listening.Task, service._process.WaitForExitAsync(), Task.Delay(TimeSpan.FromMinutes(2))) != listening.Task)
        {
            throw new InvalidOperationException("The service does not listen:\n" + service.Log);
        }

        service.Client.BaseAddress = new Uri(await listening.Task);
        service.Client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        return service;
    }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("Now listening on: (http://[0-9.:]+)")]
    private static partial Regex Address();
}
