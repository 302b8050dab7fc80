using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>The options of ML.NET's text loader as text: they go to other machines, into hashes, and beside moments.</summary>
internal static class LoaderJson
{
    private static readonly JsonSerializerOptions s_fields = new()
    {
        IncludeFields = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Of(TextLoader.Options options) => JsonSerializer.Serialize(options, s_fields);

    /// <exception cref="FormatException">It was not written by <see cref="Of"/>.</exception>
    public static TextLoader.Options Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<TextLoader.Options>(json, s_fields)!;
        }
        catch (JsonException e)
        {
            throw new FormatException($"The loader's options cannot be read: {e.Message} Start the job anew.", e);
        }
    }
}
