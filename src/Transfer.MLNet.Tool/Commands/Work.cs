using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>What every command works with: ML.NET, the screen, and what the user said of the whole run.</summary>
internal sealed class Work
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
        // For files and pipes, not for web pages: a name stays as it is.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly bool _jsonWanted;
    private readonly NewFile? _jsonFile;
    private readonly IReadOnlyList<(string Option, string Path)> _inputs;

    public Work(
        int seed, int? threads, bool force, bool jsonWanted, string? jsonPath, IReadOnlyList<(string Option, string Path)> inputs,
        CancellationToken cancellation)
    {
        if (threads < 1)
        {
            throw Failure.Usage($"--threads {threads}: give 1 or more.");
        }

        Seed = seed;
        Threads = threads;
        Force = force;
        Cancellation = cancellation;
        _jsonWanted = jsonWanted;
        _inputs = inputs;
        _jsonFile = RequireNoInput(Output.NewFile.At(jsonPath, force), null);
        Screen = new Screen(silent: jsonWanted && jsonPath is null);
        Ml = new MLContext(seed);
        Ml.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Warning)
            {
                Screen.Warning(message.RawMessage);
            }
        };
    }

    public MLContext Ml { get; }

    public Screen Screen { get; }

    public int Seed { get; }

    public int? Threads { get; }

    public bool Force { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>A file that the command is to write; null where none is wanted.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="mayReplace">The input that it may take the place of, with <c>--force</c>; null: that of none.</param>
    public NewFile? NewFile(string? path, string? mayReplace = null)
    {
        var file = RequireNoInput(Output.NewFile.At(path, Force), mayReplace);
        Output.NewFile.RequireDifferent(file, _jsonFile);
        return file;
    }

    /// <summary>The result for a machine, where it is wanted: to the file, or to standard output.</summary>
    public void Json(Func<object> result)
    {
        if (_jsonWanted)
        {
            JsonText(() => JsonSerializer.Serialize(result(), s_json));
        }
    }

    /// <summary>The same for what already is JSON.</summary>
    public void JsonText(Func<string> result)
    {
        if (_jsonFile is { } file)
        {
            file.WriteText(result());
            Screen.Wrote(file, "JSON");
        }
        else if (_jsonWanted)
        {
            Screen.Raw(result());
        }
    }

    private NewFile? RequireNoInput(NewFile? file, string? mayReplace)
    {
        foreach (var (option, path) in _inputs)
        {
            if (file is not null && path != mayReplace && file.Replaces(path))
            {
                throw Failure.Usage($"'{file.Name}' is to be written, and is read as {option}: it would be lost, --force or not. Give the "
                    + "output another name.");
            }
        }

        return file;
    }
}
