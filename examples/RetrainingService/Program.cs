// A service that prices houses and is retrained while it serves. docs/production.md explains it.
using System.Security.Cryptography;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.ML;
using OpenTelemetry.Metrics;
using RetrainingService;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = Bodies.Largest);
var ml = new MLContext(seed: 1);
var models = new Models(ml, Path.GetFullPath(builder.Configuration["models"] ?? "models"));
var served = new ServedModel(ml);
var (model, schema, version) = models.LoadOrTrain();
served.Swap(model, schema, version);
var csv = Path.Combine(AppContext.BaseDirectory, "ames.csv");
var ranges = new Ranges([.. Models.Sales(csv, expensive: false), .. Models.Sales(csv, expensive: true)]);

builder.Services.AddSingleton(ml).AddSingleton(models).AddSingleton(served).AddSingleton(new FreshSales(most: 10_000))
    .AddSingleton<Meters>();
builder.Services.AddSingleton<Retrainer>().AddHostedService(services => services.GetRequiredService<Retrainer>());
builder.Services.AddHealthChecks().AddCheck("model", () => HealthCheckResult.Healthy($"version {served.Current.Version}"));

// Whoever asks for more is answered 429: predictions by how many are under way, what changes the service by how many a minute.
builder.Services.AddRateLimiter(limits =>
{
    limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
    limits.AddConcurrencyLimiter("predict", o => (o.PermitLimit, o.QueueLimit) = (64, 512));
    limits.AddFixedWindowLimiter("change", o => (o.PermitLimit, o.Window) =
        (builder.Configuration.GetValue("changes-a-minute", 120), TimeSpan.FromMinutes(1)));
});

// Metrics leave by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT says to.
var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(m => m.AddMeter(Meters.Name, "Microsoft.AspNetCore.Hosting"));
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
{
    telemetry.WithMetrics(m => m.AddOtlpExporter());
}

// Two values of one member: which of them is meant nobody knows.
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.AllowDuplicateProperties = false);

// A body that cannot be read is answered with what is wrong with it, not with an empty 400.
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = Bodies.Tell);
var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = e => e is BadHttpRequestException wrong ? wrong.StatusCode
    : StatusCodes.Status500InternalServerError,
    SuppressDiagnosticsCallback = Bodies.IsOfClient,
});

app.UseStatusCodePages();
app.UseRouting();
app.UseRateLimiter();
app.Use(Bodies.Check);
if (builder.Configuration["api-key"] is not { Length: > 0 } key)
{
    key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    app.Logger.LogWarning("No api-key was given. Until the service ends it is {Key}, in the header {Header}.", key, ApiKey.Header);
}

var changes = app.MapGroup("").RequireRateLimiting("change").AddEndpointFilter(new ApiKey(key));
app.MapPost("/predict", (House? house, ServedModel served) =>
{
    if (house is null)
    {
        return Results.Problem(Bodies.Empty, statusCode: StatusCodes.Status400BadRequest);
    }

    if (ranges.Complaint(house) is { } wrong)
    {
        return Results.Problem(wrong, statusCode: StatusCodes.Status400BadRequest);
    }

    var (price, version) = served.Predict(house);
    return Results.Ok(new { price, version });
}).RequireRateLimiting("predict");

changes.MapPost("/sales", (Sale[]? sales, FreshSales fresh, ServedModel served, Meters meters) =>
{
    if (sales is null)
    {
        return Results.Problem(Bodies.Empty, statusCode: StatusCodes.Status400BadRequest);
    }

    // JSON has null where C# says that there is a sale.
    if (Array.Exists(sales, s => s is null))
    {
        return Results.Problem("A sale is null; give an object with its members.", statusCode: StatusCodes.Status400BadRequest);
    }

    if (sales.FirstOrDefault(s => !(float.IsFinite(s.Price) && s.Price > 0)) is { } wrong)
    {
        return Results.Problem(
            $"A sale has the price {wrong.Price}; give US dollars, above zero.", statusCode: StatusCodes.Status400BadRequest);
    }

    if (sales.Select(ranges.Complaint).FirstOrDefault(c => c is not null) is { } outside)
    {
        return Results.Problem(outside, statusCode: StatusCodes.Status400BadRequest);
    }

    // Each sale is predicted before it is learnt.
    foreach (var sale in sales)
    {
        meters.Reported(Math.Abs(served.Predict(sale).Price - sale.Price));
    }

    return Results.Accepted(value: new { sales = fresh.Add(sales) });
});

// A retraining that is under way has its sales already: its state is told beside the number.
changes.MapDelete("/sales", (FreshSales fresh, Retrainer retrainer) =>
    new { dropped = fresh.Drop(), retraining = retrainer.Last.State });

// As a string, so that a value that is neither is answered with the two that are.
changes.MapPost("/retrain", (Retrainer retrainer, FreshSales fresh, string? acceptShift) =>
    !bool.TryParse(acceptShift ?? bool.FalseString, out var accepts)
    ? Results.Problem("acceptShift is true or false.", statusCode: StatusCodes.Status400BadRequest)
    : fresh.Now().Length < Retrainer.FewestSales
    ? Results.Problem($"There are {fresh.Now().Length} fresh sales; retraining starts at {Retrainer.FewestSales}. POST more to /sales.",
    statusCode: StatusCodes.Status409Conflict)
    : retrainer.Ask(accepts) ? Results.Accepted("/retrain", retrainer.Last)
    : Results.Problem("A retraining is waiting already.", statusCode: StatusCodes.Status409Conflict));

changes.MapPost("/rollback", (Retrainer retrainer) =>
{
    try
    {
        return Results.Ok(new { version = retrainer.RollBack() });
    }
    catch (InvalidOperationException e)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
    }
});

app.MapGet("/versions", (Models models) => models.Store.Versions.Select(v => new
{
    version = v.Number,
    v.Added,
    v.From,
    v.TrainingRows,
    heldOutError = v.HeldOut is { } held ? Math.Sqrt(held.Loss) : (double?)null,
    v.Note,
}));
app.MapGet("/sales", (FreshSales fresh) => fresh.Told());
app.MapGet("/retrain", (Retrainer retrainer) => retrainer.Last);
app.MapGet("/model", (ServedModel served) => new { served.Current.Version, served.Current.Since });
app.MapHealthChecks("/health");
app.Run();
