using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Transfer.MLNet.Files;

namespace Transfer.MLNet.Production;

/// <summary>
/// The files of a store: <c>000001.zip</c>, <c>000001.rows</c> (held-out rows, where there are some) and <c>000001.json</c>, which is
/// written last and makes the version one; and <c>current.json</c>. A version without its JSON was never finished and is not seen.
/// </summary>
internal static class VersionFiles
{
    private const string Current = "current.json";

    public static string Model(string folder, int number) => At(folder, number, ".zip");

    public static string Rows(string folder, int number) => At(folder, number, ".rows");

    public static string Json(string folder, int number) => At(folder, number, ".json");

    /// <summary>The numbers of the versions that are finished, ascending.</summary>
    public static int[] Numbers(string folder) => [.. Directory.EnumerateFiles(folder, "*.json").Select(Number).OfType<int>().Order()];

    /// <summary>
    /// The largest number that any file has, finished or not; a new version takes the next, so that nothing is written over.
    /// </summary>
    public static int Last(string folder) => Directory.EnumerateFiles(folder).Select(Number).OfType<int>().DefaultIfEmpty(0).Max();

    public static void Write(string folder, ModelVersion version) =>
        AtomicFile.WriteText(Json(folder, version.Number), JsonSerializer.Serialize(version, StoreJson.Default.ModelVersion),
            overwrite: false);

    /// <summary>A version; null where there is none of that number.</summary>
    /// <exception cref="FormatException">Its file is damaged.</exception>
    public static ModelVersion? Find(string folder, int number)
    {
        var path = Json(folder, number);
        try
        {
            var version = JsonSerializer.Deserialize(File.ReadAllText(path), StoreJson.Default.ModelVersion);
            return version?.Number == number ? version : throw new JsonException($"it says it is version {version?.Number}");
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        // The second is half of a surrogate pair in a text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"'{path}' is damaged: {e.Message} Put the file back from a copy, or move the three files of "
                + $"version {number} away.", e);
        }
    }

    public static int? ReadCurrent(string folder)
    {
        var path = Path.Combine(folder, Current);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), StoreJson.Default.CurrentVersion)!.Number;
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new FormatException($"'{path}' is damaged. Say which version is current: MakeCurrent.", e);
        }
    }

    public static void WriteCurrent(string folder, int number) =>
        AtomicFile.WriteText(Path.Combine(folder, Current),
            JsonSerializer.Serialize(new CurrentVersion(number), StoreJson.Default.CurrentVersion));

    /// <summary>
    /// Deletes files of the versions between, ends not included, that have no JSON: of writers that were killed. The store must be held.
    /// </summary>
    public static void DeleteUnfinished(string folder, int after, int before)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".zip" or ".rows").ToArray())
        {
            if (Number(file) is { } number && number > after && number < before && !File.Exists(Json(folder, number)))
            {
                File.Delete(file);
            }
        }
    }

    public static string Print(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string At(string folder, int number, string kind) =>
        Path.Combine(folder, number.ToString("D6", CultureInfo.InvariantCulture) + kind);

    private static int? Number(string path) => Path.GetFileNameWithoutExtension(path) is { Length: >= 6 } name
        && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>Which version is current.</summary>
internal sealed record CurrentVersion(int Number);

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ModelVersion))]
[JsonSerializable(typeof(CurrentVersion))]
internal sealed partial class StoreJson : JsonSerializerContext;
