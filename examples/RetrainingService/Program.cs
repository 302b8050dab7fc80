// A service that prices houses and is retrained while it serves. docs/retrain-in-production.md explains it.
using Microsoft.ML;
using RetrainingService;

var builder = WebApplication.CreateBuilder(args);
var ml = new MLContext(seed: 1);
var file = new ModelFile(ml, Path.GetFullPath(builder.Configuration["model"] ?? "model.zip"));
var served = new ServedModel(ml);
var (model, schema) = file.LoadOrTrain();
served.Swap(model, schema);

builder.Services.AddSingleton(ml).AddSingleton(file).AddSingleton(served).AddSingleton(new FreshSales(most: 10_000));
builder.Services.AddSingleton<Retrainer>().AddHostedService(services => services.GetRequiredService<Retrainer>());

// A body that cannot be read is answered with what is wrong with it, not with an empty 400.
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
{
    if (context.Exception is BadHttpRequestException wrong)
    {
        context.ProblemDetails.Detail = wrong.InnerException?.Message ?? wrong.Message;
    }
});
var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = e => e is BadHttpRequestException wrong ? wrong.StatusCode
    : StatusCodes.Status500InternalServerError });

app.MapPost("/predict", (House house, ServedModel served) =>
{
    var (price, version) = served.Predict(house);
    return new { price, version };
});

app.MapPost("/sales", (Sale[] sales, FreshSales fresh) => sales.FirstOrDefault(s => !(float.IsFinite(s.Price) && s.Price > 0)) is { } wrong
    ? Results.Problem($"A sale has the price {wrong.Price}; give US dollars, above zero.", statusCode: StatusCodes.Status400BadRequest)
    : Results.Accepted(value: new { sales = fresh.Add(sales) }));

app.MapPost("/retrain", (Retrainer retrainer, FreshSales fresh) => fresh.Now().Length < Retrainer.FewestSales
    ? Results.Problem($"There are {fresh.Now().Length} fresh sales; retraining starts at {Retrainer.FewestSales}. POST more to /sales.",
    statusCode: StatusCodes.Status409Conflict)
    : retrainer.Ask() ? Results.Accepted("/retrain", retrainer.Last)
    : Results.Problem("A retraining is waiting already.", statusCode: StatusCodes.Status409Conflict));

app.MapGet("/retrain", (Retrainer retrainer) => retrainer.Last);
app.MapGet("/model", (ServedModel served) => new { served.Current.Version, served.Current.Since });
app.Run();
