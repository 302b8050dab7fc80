using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Transfer.MLNet.Retraining;

/// <summary>A file name for each key, that every file system takes and that is the key's own where it can be.</summary>
internal static class KeyFiles
{
    private const string Extension = ".zip";

    // With the extension and a number below what file systems take (255 bytes).
    private const int Longest = 200;

    // Windows keeps these for devices, with any extension and with blanks before it.
    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"COM{i}", $"LPT{i}" })],
            StringComparer.OrdinalIgnoreCase);

    /// <summary>As many names as keys, different even where case does not count.</summary>
    public static string[] NamesOf(IReadOnlyList<string> keys)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new string[keys.Count];
        var next = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            var name = Escape(keys[i]);
            var candidate = name;
            while (!taken.Add(candidate))
            {
                // '~' is never in an escaped key. The count goes on where it stood: thousands of keys may differ in case alone.
                var number = next[name] = next.GetValueOrDefault(name, 1) + 1;
                candidate = $"{name}~{number.ToString(CultureInfo.InvariantCulture)}";
            }

            names[i] = candidate + Extension;
        }

        return names;
    }

    private static string Escape(string key)
    {
        var name = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(key))
        {
            var c = (char)value;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (c is '.' or ' ' && name.Length > 0))
            {
                name.Append(c);
            }
            else
            {
                name.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        if (Devices.Contains(name.ToString().Split('.')[0].TrimEnd(' ')))
        {
            // %XX of its first letter.
            name.Replace(name[0].ToString(), $"%{(int)name[0]:X2}", 0, 1);
        }

        if (name.Length <= Longest)
        {
            return name.ToString();
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16];
        return $"{name.ToString(0, Longest - 20)}~{hash}";
    }
}
