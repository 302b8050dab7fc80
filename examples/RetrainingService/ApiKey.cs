using System.Security.Cryptography;
using System.Text;

namespace RetrainingService;

/// <summary>Whatever changes the service needs the key in the header X-Api-Key.</summary>
internal sealed class ApiKey(string key) : IEndpointFilter
{
    public const string Header = "X-Api-Key";

    private readonly byte[] _print = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Prints of one length are compared in one time, whatever was sent.
        var sent = SHA256.HashData(Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[Header].ToString()));
        return CryptographicOperations.FixedTimeEquals(sent, _print) ? await next(context)
            : Results.Problem($"The header {Header} is missing, or its key is wrong.", statusCode: StatusCodes.Status401Unauthorized);
    }
}
