using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;

namespace RetrainingService;

/// <summary>
/// What is wrong with a body before it is read, and how what is found in reading is told: by the member's name where there is one, and
/// never with megabytes of what was sent.
/// </summary>
internal static class Bodies
{
    public const int Largest = 4 << 20;

    public const string Empty = "The body is empty; send JSON.";

    private const int LongestDetail = 400;

    private static readonly string s_tooLarge = string.Create(
        CultureInfo.InvariantCulture, $"A body may have {Largest} bytes. Send the sales in several requests.");

    /// <summary>Refuses a body that is too large, in another charset, or not there where an end point reads one.</summary>
    public static Task Check(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null || Complaint(context.Request) is not var (status, wrong)
            ? next(context) : Results.Problem(wrong, statusCode: status).ExecuteAsync(context);

    /// <summary>Of an exception in reading what it says, of a status without words what it means.</summary>
    public static void Tell(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (context.Exception is BadHttpRequestException wrong)
        {
            problem.Detail = wrong.InnerException?.Message ?? wrong.Message;
        }
        else if (problem.Status is { } status)
        {
            problem.Detail ??= status switch
            {
                StatusCodes.Status413PayloadTooLarge => s_tooLarge,
                StatusCodes.Status415UnsupportedMediaType =>
                    $"The media type of the body is '{context.HttpContext.Request.ContentType}'; send application/json.",
                _ => null,
            };
        }

        if (problem.Detail is { Length: > LongestDetail } detail)
        {
            problem.Detail = $"{detail[..(LongestDetail / 2)]} … {detail[^(LongestDetail / 2)..]}";
        }

        if (context.Exception is BadHttpRequestException)
        {
            Log(context.HttpContext, problem.Status, problem.Detail);
        }
    }

    /// <summary>What a client sends wrongly is no fault of the service: it is told to the client, and logged in one line.</summary>
    public static bool IsOfClient(ExceptionHandlerSuppressDiagnosticsContext context) => context.Exception is BadHttpRequestException;

    // A name that the client made up may have line ends.
    private static void Log(HttpContext context, int? status, string? detail) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Bodies)).LogInformation(
            "{Method} {Path} was refused by {Status}: {Detail}", context.Request.Method, context.Request.Path, status,
            string.Concat((detail ?? "").Select(c => char.IsControl(c) ? ' ' : c)));

    private static (int Status, string What)? Complaint(HttpRequest request) => request switch
    {
        { ContentLength: > Largest } => (StatusCodes.Status413PayloadTooLarge, s_tooLarge),
        { ContentLength: 0 } => (StatusCodes.Status400BadRequest, Empty),
        _ when request.GetTypedHeaders().ContentType is { Charset: { Length: > 0 } charset } && !charset.Equals(
            "utf-8", StringComparison.OrdinalIgnoreCase) => (StatusCodes.Status415UnsupportedMediaType,
            $"The charset of the body is {charset}; JSON is sent as UTF-8 (RFC 8259)."),
        _ => null,
    };
}
