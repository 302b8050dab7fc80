using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML;
using Xunit;

namespace RetrainingService.Tests;

public sealed class RetrainingServiceTests
{
    private static readonly House s_house =
        new() { LotArea = 12_000, YearBuilt = 2005, BasementArea = 1_600, LivingArea = 2_200, GarageCars = 3 };

    private static Sale[] Expensive => [.. Models.Sales(Path.Combine(AppContext.BaseDirectory, "ames.csv"), expensive: true)];

    [Fact]
    public async Task A_model_is_retrained_and_swapped_under_load_without_dropping_a_request()
    {
        await using var service = await RunningService.Start();
        var client = service.Client;
        using var end = new CancellationTokenSource();
        var answers = new ConcurrentBag<(Answer Answer, long When)>();
        var failures = new ConcurrentBag<string>();
        async Task Load()
        {
            while (!end.IsCancellationRequested)
            {
                try
                {
                    using var response = await client.PostAsJsonAsync("/predict", s_house);
                    if (response.IsSuccessStatusCode)
                    {
                        answers.Add(((await response.Content.ReadFromJsonAsync<Answer>())!, Stopwatch.GetTimestamp()));
                    }
                    else
                    {
                        failures.Add($"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
                    }
                }
                catch (HttpRequestException e)
                {
                    failures.Add(e.Message);
                }
            }
        }

        Task[] clients = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(Load))];

        // Three retrainings one after the other, while the eight clients keep asking.
        for (var expected = 2; expected <= 4; expected++)
        {
            // Prices have risen by a half again: each retraining has something to learn.
            var risen = Expensive;
            foreach (var sale in risen)
            {
                sale.Price *= MathF.Pow(1.5f, expected - 1);
            }

            await client.PostAsJsonAsync("/sales", risen);
            Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/retrain?acceptShift=true", null)).StatusCode);
            await Until(async () => (await client.GetFromJsonAsync<Served>("/model"))!.Version == expected, service);
            var before = answers.Count;
            await Until(() => Task.FromResult(answers.Count >= before + 20), service);
        }

        await end.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Empty(failures);

        // Every generation answered, each with one price of its own, and the swaps went forwards.
        var byVersion = answers.GroupBy(a => a.Answer.Version).OrderBy(g => g.Key).ToArray();
        Assert.Equal([1, 2, 3, 4], byVersion.Select(g => g.Key));
        Assert.All(byVersion, g => Assert.Single(g.Select(a => a.Answer.Price).Distinct()));
        Assert.True(byVersion[0].First().Answer.Price < byVersion[3].First().Answer.Price);
        Assert.True(answers.Count > 200, $"{answers.Count} requests are no load");

        // What lies on the disk is the last one, readable by ML.NET alone.
        var ml = new MLContext(1);
        var saved = ml.Model.CreatePredictionEngine<House, PricePrediction>(
            ml.Model.Load(Path.Combine(service.Models, "000004.zip"), out _)).Predict(s_house).Score;
        Assert.Equal(byVersion[3].First().Answer.Price, saved, 1f);

        // And there is a way back, and back again.
        var versions = (await client.GetFromJsonAsync<Version[]>("/versions"))!;
        Assert.Equal([(1, null), (2, 1), (3, 2), (4, 3)], versions.Select(v => (v.Number, v.From)));
        Assert.All(versions, v => Assert.True(v.HeldOutError > 0));
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/rollback", null)).StatusCode);
        var back = (await (await client.PostAsJsonAsync("/predict", s_house)).Content.ReadFromJsonAsync<Answer>())!;
        Assert.Equal((3, byVersion[2].First().Answer.Price), (back.Version, back.Price));
    }

    [Fact]
    public async Task A_retraining_that_does_not_help_or_cannot_be_done_leaves_the_model_in_service()
    {
        await using var service = await RunningService.Start();
        var client = service.Client;
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync("/retrain", null)).StatusCode);
        var bad = await client.PostAsJsonAsync("/sales", new[] { new Sale { Price = -1 } });
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("US dollars", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Prices in thousands: the batch looks like a mistake.
        Sale[] wrong = [.. Expensive.Take(100)];
        foreach (var sale in wrong)
        {
            sale.Price /= 1000;
        }

        await client.PostAsJsonAsync("/sales", wrong);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/retrain", null)).StatusCode);
        await Until(async () => (await client.GetFromJsonAsync<Ended>("/retrain"))!.State == "kept", service);
        Assert.Contains("LabelUnit", (await client.GetFromJsonAsync<Ended>("/retrain"))!.Message, StringComparison.Ordinal);
        Assert.Contains("DELETE /sales", (await client.GetFromJsonAsync<Ended>("/retrain"))!.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await client.GetFromJsonAsync<Served>("/model"))!.Version);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync("/rollback", null)).StatusCode);

        // What waits is told and dropped: the right sales after it are learnt.
        var waiting = (await client.GetFromJsonAsync<Waiting>("/sales"))!;
        Assert.Equal((100, wrong.Min(s => s.Price), wrong.Max(s => s.Price)), (waiting.Sales, waiting.LeastPrice, waiting.MostPrice));
        Assert.NotNull(waiting.Since);
        using var dropped = await client.DeleteAsync("/sales");
        Assert.Equal("{\"dropped\":100,\"retraining\":\"kept\"}", await dropped.Content.ReadAsStringAsync());
        Assert.Equal(new Waiting(0, null, null, null), await client.GetFromJsonAsync<Waiting>("/sales"));
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync("/retrain", null)).StatusCode);
        await client.PostAsJsonAsync("/sales", Expensive);
        await client.PostAsync("/retrain?acceptShift=true", null);
        await Until(async () => (await client.GetFromJsonAsync<Served>("/model"))!.Version == 2, service);
        await Until(async () => (await client.GetFromJsonAsync<Ended>("/retrain"))!.State == "swapped", service);
        Assert.Equal(0, (await client.GetFromJsonAsync<Waiting>("/sales"))!.Sales);
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task What_changes_the_service_wants_the_key()
    {
        await using var service = await RunningService.Start();
        using var stranger = new HttpClient { BaseAddress = service.Client.BaseAddress };
        stranger.DefaultRequestHeaders.Add("X-Api-Key", "another");
        foreach (var path in new[] { "/sales", "/retrain", "/rollback" })
        {
            using var nothing = JsonContent.Create(Array.Empty<Sale>());
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync(path, nothing)).StatusCode);
        }

        await service.Client.PostAsJsonAsync("/sales", Expensive);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.DeleteAsync("/sales")).StatusCode);
        Assert.Equal(Expensive.Length, (await stranger.GetFromJsonAsync<Waiting>("/sales"))!.Sales);
        Assert.Equal(HttpStatusCode.OK, (await stranger.PostAsJsonAsync("/predict", s_house)).StatusCode);
    }

    /// <summary>What a damaged or spiteful client sends; tests/Transfer.MLNet.Fuzz has thousands of these.</summary>
    [Fact]
    public async Task A_body_that_makes_no_sense_is_answered_4xx_with_what_is_wrong()
    {
        await using var service = await RunningService.Start();
        const string Fewer = "\"yearBuilt\":2005,\"basementArea\":1600,\"garageCars\":3", Others = Fewer + ",\"livingArea\":2200";
        async Task Refused(HttpStatusCode status, string path, string body, string named, string type = "application/json")
        {
            using var content = new StringContent(body);
            content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            // Asked first, so that the answer does not meet a client in the midst of ten megabytes.
            request.Headers.ExpectContinue = body.Length > 1 << 20;
            using var answer = await service.Client.SendAsync(request);
            var said = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == status && said.Contains(named, StringComparison.Ordinal), $"{answer.StatusCode}: {said}");
            Assert.InRange(said.Length, 1, 2000);
        }

        Task Bad(string body, string named) => Refused(HttpStatusCode.BadRequest, "/predict", body, named);
        await Bad($"{{\"lotArea\":12000,{Fewer}}}", "livingArea");
        await Bad($"{{\"lotArea\":12000,\"garages\":3,{Others}}}", "garages");
        foreach (var value in new[] { "\"large\"", "1e39", "1e9", "-1", "null", "NaN", "true", "-1e400", new string('9', 100_000) })
        {
            await Bad($"{{\"lotArea\":{value},{Others}}}", "lotArea");
        }

        await Bad($"{{\"lotArea\":1,\"lotArea\":12000,{Others}}}", "lotArea");
        await Bad($"{{\"lotArea\":1,\"LOTAREA\":12000,{Others}}}", "'lotArea'");
        await Bad($"{{\"lotArea\":{new string('[', 100_000)},{Others}}}", "lotArea");
        await Bad($"{{\"lotArea\":{{\"a\":1}},{Others}}}", "lotArea");
        await Bad($"{{\"lotArea\":\"\\ud800\",{Others}}}", "lotArea");
        await Bad($"{{\"\\ud800\":1,\"lotArea\":12000,{Others}}}", "$");
        await Bad($"{{\"{new string('x', 1 << 20)}\":1,\"lotArea\":12000,{Others}}}", "could not be mapped");
        await Refused(HttpStatusCode.BadRequest, "/sales", "[{\"house\":{\"lotArea\":12000},\"price\":200000}]", "house");
        await Refused(HttpStatusCode.BadRequest, "/sales", "[null]", "null");
        await Bad("[]", "Path: $");
        await Bad("null", "The body is empty; send JSON.");
        await Refused(HttpStatusCode.BadRequest, "/sales", "null", "The body is empty; send JSON.");
        await Bad("", "The body is empty");
        await Bad("{", "Path: $");
        var large = $"{{\"lotArea\":\"{new string('x', 10 << 20)}\",{Others}}}";
        await Refused(HttpStatusCode.RequestEntityTooLarge, "/predict", large, "4194304 bytes");
        await Refused(HttpStatusCode.UnsupportedMediaType, "/sales", "[]", "text/plain", "text/plain");
        await Refused(HttpStatusCode.UnsupportedMediaType, "/sales", "[]", "charset of the body is bogus",
            "application/json; charset=bogus");
        await Refused(HttpStatusCode.BadRequest, "/retrain?acceptShift=maybe", "", "acceptShift is true or false.");
        await Bad($"{{\"a\\nb\":1,\"lotArea\":12000,{Others}}}", "could not be mapped");
        await Bad($"{{\"lotArea\":-200000,{Others}}}", "0 to ");
        Assert.Equal(HttpStatusCode.OK, (await service.Client.PostAsJsonAsync("/predict", s_house)).StatusCode);

        // Told to the client and logged in a line each; an alarm on errors stays silent.
        await Until(() => Task.FromResult(service.Log.Contains("POST /predict was refused by 400: ", StringComparison.Ordinal)), service);
        Assert.DoesNotContain("fail: ", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_batch_says_of_drift_is_among_the_metrics_with_the_version_that_it_was_compared_with()
    {
        var folder = Directory.CreateTempSubdirectory("retraining-service-").FullName;
        try
        {
            var ml = new MLContext(seed: 1);
            var (models, served, fresh) = (new Models(ml, folder), new ServedModel(ml), new FreshSales(most: 10_000));
            var (model, schema, version) = models.LoadOrTrain();
            served.Swap(model, schema, version);
            using var meters = new Meters(served);
            using var retrainer = new Retrainer(ml, served, fresh, models, meters, NullLogger<Retrainer>.Instance);
            Assert.Empty(Read());
            fresh.Add([.. Expensive]);
            await retrainer.StartAsync(CancellationToken.None);
            Assert.True(retrainer.Ask(acceptShift: true));
            for (var patience = Stopwatch.StartNew(); retrainer.Last.State is "waiting" or "running"; await Task.Delay(50))
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "It does not end.");
            }

            await retrainer.StopAsync(CancellationToken.None);
            Assert.Equal("swapped", retrainer.Last.State);

            // Expensive houses are other houses, at other prices; both are told against version 1, though 2 is current by now.
            var read = Read();
            Assert.Equal(2, served.Current.Version);
            Assert.Equal(["model.drift.changed features 1", "model.drift.changed relation 1", "model.drift.p_value features 1",
                "model.drift.p_value relation 1"], read.Keys.Order(StringComparer.Ordinal));
            Assert.All(read, r => Assert.True(r.Key.Contains("changed", StringComparison.Ordinal) ? r.Value == 1 : r.Value < 0.05));

            Dictionary<string, double> Read()
            {
                var values = new Dictionary<string, double>();
                using var listener = new MeterListener
                {
                    InstrumentPublished = (instrument, listener) =>
                    {
                        if (instrument.Meter.Name == Meters.Name && instrument.Name.StartsWith("model.drift", StringComparison.Ordinal))
                        {
                            listener.EnableMeasurementEvents(instrument);
                        }
                    },
                };
                listener.SetMeasurementEventCallback<double>((i, value, tags, _) => values.Add(Name(i, tags), value));
                listener.SetMeasurementEventCallback<int>((i, value, tags, _) => values.Add(Name(i, tags), value));
                listener.Start();
                listener.RecordObservableInstruments();
                return values;
            }

            static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            {
                var (of, version) = (string.Empty, string.Empty);
                foreach (var (name, value) in tags)
                {
                    (of, version) = name == "of" ? ($"{value}", version) : (of, $"{value}");
                }

                return $"{instrument.Name} {of} {version}";
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Until(Func<Task<bool>> condition, RunningService service)
    {
        for (var patience = Stopwatch.StartNew(); !await condition(); await Task.Delay(50))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "It does not happen.\n" + service.Log);
        }
    }

    private sealed record Answer(float Price, int Version);

    private sealed record Served(int Version);

    private sealed record Ended(string State, string Message);

    private sealed record Version([property: System.Text.Json.Serialization.JsonPropertyName("version")] int Number, int? From,
        double? HeldOutError);
}
