using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Transfer.MLNet.Fuzz.Damage;

namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>
/// Bodies that are posted to the service of examples/RetrainingService, which runs in this process: each is taken, or refused by 4xx with
/// the name of what is wrong.
/// </summary>
internal sealed class ServiceReader : Reader
{
    private const string Key = "fuzz";
    private const long LargestAtOnce = 1 << 20;

    // What was sent is not sent back.
    private const int LongestAnswer = 2000;
    private static readonly string[] s_members = ["lotArea", "yearBuilt", "basementArea", "livingArea", "garageCars", "price"];

    private static readonly string[] s_types =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "application/json; charset=bogus",
        "application/problem+json", "text/plain", "application/x-www-form-urlencoded", "json", "",
    ];

    private HttpClient? _client;

    public override string Name => "service";

    public override int Share => 6;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        const string House = "\"lotArea\":12000,\"yearBuilt\":2005,\"basementArea\":1600,\"livingArea\":2200,\"garageCars\":3";
        yield return ("house.json", Encoding.UTF8.GetBytes($"{{{House}}}"));
        yield return ("sales.json", Encoding.UTF8.GetBytes($"[{{{House},\"price\":310000}},\n {{{House},\"price\":290000.5}}]"));
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        _client ??= Start(folder);
        var toSales = input.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
        var path = random.Next(10) == 0 != toSales ? "/sales" : "/predict";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(input) };
        // Who sends much asks first: an answer of 413 comes before the body.
        request.Headers.ExpectContinue = input.LongLength > LargestAtOnce;
        var type = s_types[random.Next(8) == 0 ? random.Next(s_types.Length) : 0];
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = _client.Send(request);
        using var said = new StreamReader(answer.Content.ReadAsStream());
        var text = said.ReadToEnd();
        return answer.IsSuccessStatusCode || ((int)answer.StatusCode is >= 400 and < 500 && IsTold(answer.StatusCode, text) ? false
            : throw new WrongAnswerException($"POST {path} of {type}: {(int)answer.StatusCode} {text}"));
    }

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random)
    {
        var text = Encoding.UTF8.GetString(sound);
        var member = s_members[random.Next(s_members.Length)];
        var depth = random.Next(3) switch { 0 => 10, 1 => 70, _ => 100_000 };
        // A member that comes twice is put before all others.
        string With(string name, string value) => text.Insert(text.IndexOf('{') + 1, $"\"{name}\":{value},");
        string Other(string value) => text.Replace("2200", value, StringComparison.Ordinal);
        var crafted = random.Next(16) switch
        {
            0 => With(member, "1500"),
            1 => With(member.ToUpperInvariant(), "1500"),
            2 => Other(new string('[', depth)),
            3 => Other(new string('[', depth) + new string(']', depth)),
            4 => Other(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)),
            5 => Other($"\"{new string('x', 1 << random.Next(23))}\""),
            6 => With(new string('x', 1 << random.Next(24)), "1"),
            7 => Other(new string('9', 1 << random.Next(18))),
            8 => Other("0." + new string('0', 1 << random.Next(18)) + "1"),
            9 => With("\\ud800", "1"),
            10 => With("a\\udc00", "\"\\ud800\""),
            11 => text.Replace(member, "\\ud800", StringComparison.Ordinal),
            12 => new string(' ', 1 << random.Next(23)) + text,
            _ => null,
        };
        return crafted is null ? TextMutator.Json(sound, random) : Encoding.UTF8.GetBytes(crafted);
    }

    // What was wrong: a member by its name, or the place in the text, or a header.
    private static bool IsTold(HttpStatusCode status, string text)
    {
        if (text.Length is 0 or > LongestAnswer)
        {
            return false;
        }

        using var problem = JsonDocument.Parse(text);
        var detail = problem.RootElement.TryGetProperty("detail", out var value) ? value.GetString()! : "";
        string[] named = status switch
        {
            HttpStatusCode.BadRequest => [.. s_members, "JSON property '", "Path: $", "is null", "from body", "body is empty"],
            HttpStatusCode.RequestEntityTooLarge => ["4194304"],
            HttpStatusCode.UnsupportedMediaType => ["media type", "charset"],
            _ => [],
        };
        return named.Any(n => detail.Contains(n, StringComparison.OrdinalIgnoreCase));
    }

    private static HttpClient Start(string folder)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        string[] arguments =
        [
            "--urls", address, "--models", Path.Combine(folder, "models"), "--api-key", Key, "--changes-a-minute", "1000000",
            // Standard output tells of the inputs.
            "--Logging:LogLevel:Default", "None",
        ];
        var main = typeof(RetrainingService.House).Assembly.EntryPoint!;
        var service = Task.Factory.StartNew(
            () => main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null), TaskCreationOptions.LongRunning);
        var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        while (true)
        {
            try
            {
                using var health = client.Send(new HttpRequestMessage(HttpMethod.Get, "/health"));
                return client;
            }
            catch (HttpRequestException) when (!service.IsCompleted)
            {
                Thread.Sleep(50);
            }
        }
    }
}

internal sealed class WrongAnswerException(string message) : Exception(message);
