using DigitService;
using ModelBuild.Runtime;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSingleton<MetricsText>();
builder
    .Services.AddModel<DigitsModel>(builder.Configuration.GetSection("Digits"))
    .AddBatcher((model, options) => model.OpenBatcher(options), new BatcherOptions { MaxRows = 64 })
    .AddHealthCheck()
    .ReloadOnChange();

var app = builder.Build();

// The object is created here, so that the metrics include the first request.
var metrics = app.Services.GetRequiredService<MetricsText>();

// The body is one image: 28 × 28 bytes, white on black. Concurrent requests are combined into one run of the model.
app.MapPost(
    "/digit",
    async (HttpRequest request, DigitsModel.Batcher digits, CancellationToken cancellationToken) =>
    {
        if (await Image.ReadAsync(request.Body, cancellationToken) is not { } image)
            return Results.BadRequest($"The body must be {Image.Pixels} bytes.");
        using var result = await digits.RunAsync(image, cancellationToken);
        return Results.Text($"{result.Logits.ArgMax()}");
    }
);

// This endpoint runs the model once for each request, for a comparison.
app.MapPost(
    "/digit/alone",
    async (HttpRequest request, DigitsModel digits, CancellationToken cancellationToken) =>
    {
        if (await Image.ReadAsync(request.Body, cancellationToken) is not { } image)
            return Results.BadRequest($"The body must be {Image.Pixels} bytes.");
        using var result = digits.Run(image);
        return Results.Text($"{result.Logits.ArgMax()}");
    }
);

app.MapHealthChecks("/health");
app.MapGet("/metrics", () => metrics.ToString());
app.Run();
