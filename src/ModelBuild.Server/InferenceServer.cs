using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelBuild.Runtime;
using ModelBuild.Serving;
using ModelBuild.Serving.Models;

namespace ModelBuild.Server;

/// <summary>Runs the server of a request: the models of ModelBuild.Serving on the addresses of the request, without any configuration of the machine.</summary>
internal static class InferenceServer
{
    // The time limits for requests in progress and for runs of models after Ctrl+C. Their sum is below 30 seconds, after which the program that started the
    // server kills it.
    private static readonly TimeSpan LastRequests = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan LastRuns = TimeSpan.FromSeconds(2);

    /// <summary>Serves models until the process receives the request to end.</summary>
    /// <param name="request">The models, addresses and limits of the server.</param>
    /// <param name="answer">Receives the addresses when the server listens, or the reason why it does not.</param>
    /// <param name="end">Ends the server after the requests in progress. Before the server listens, it ends the process at once.</param>
    /// <returns>The exit code of <see cref="ServeExit"/>.</returns>
    public static async Task<int> RunAsync(ServeRequest request, Action<ServeAnswer> answer, CancellationToken end)
    {
        // The loading of a model cannot be interrupted, so the process exits at once when the end is requested during that time.
        var early = end.Register(() => Environment.Exit(ServeExit.Ended));
        var (app, started) = await StartAsync(request).ConfigureAwait(false);
        await early.DisposeAsync().ConfigureAwait(false);
        answer(started);
        return app is null ? ServeExit.Failed : await ServeAsync(app, end).ConfigureAwait(false);
    }

    private static async Task<(WebApplication? App, ServeAnswer Answer)> StartAsync(ServeRequest request)
    {
        try
        {
            if (ListeningAddress.Try(Addresses(request)) is { } unusable)
                return Failed(unusable);
            var app = Create(request);
            return (OpenModels(app, request) ?? await ListenAsync(app, request).ConfigureAwait(false)) is { } failure
                ? Failed(failure)
                : (app, Answer(app, request));
        }
#pragma warning disable CA1031 // The program that started this process reports any exception.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Failed(ServerFailure.Of(exception, model: null));
        }

        static (WebApplication?, ServeAnswer) Failed(ServeFailure failure) => (null, new ServeAnswer(null, null, null, failure));
    }

    private static async Task<int> ServeAsync(WebApplication app, CancellationToken end)
    {
        await using var ended = end.Register(app.Lifetime.StopApplication).ConfigureAwait(false);
        try
        {
            await app.WaitForShutdownAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // An exception here means that the requests in progress did not end within the time limit.
        }

        // Disposing the application waits for the runs of the batchers, and some runs cannot be stopped. The wait is therefore limited.
        var disposed = Task.Run(async () => await app.DisposeAsync().ConfigureAwait(false), CancellationToken.None);
        return await Task.WhenAny(disposed, Task.Delay(LastRuns, CancellationToken.None)).ConfigureAwait(false) == disposed
            ? ServeExit.Ended
            : ServeExit.Interrupted;
    }

    private static IEnumerable<IPEndPoint> Addresses(ServeRequest request) =>
        new[] { request.Address, request.RpcAddress }.OfType<string>().Select(IPEndPoint.Parse);

    private static WebApplication Create(ServeRequest request)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPEndPoint.Parse(request.Address), listen => listen.Protocols = HttpProtocols.Http1);
            // The gRPC service has an address of its own, because without TLS a connection cannot negotiate HTTP/2, which gRPC needs.
            if (request.RpcAddress is { } address)
                kestrel.Listen(IPEndPoint.Parse(address), listen => listen.Protocols = HttpProtocols.Http2);
        });
        // All log messages are written to standard error, because the program that started this process reads its answer from standard output.
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        // The gRPC library logs an error for each message that it cannot read. The log of the library is turned off below critical messages, because the caller
        // gets a status and the server has not failed.
        builder.Logging.AddFilter("Grpc", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LastRequests);
        builder.Services.AddModelServing(serving => Configure(serving, request));
        builder.Services.AddSingleton<MetricsEndpoint>();
        var app = builder.Build();
        if (Addresses(request).All(address => IPAddress.IsLoopback(address.Address)))
            LocalRequests.Require(app);
        app.MapModels();
        MetricsEndpoint.Map(app);
        return app;
    }

    private static void Configure(ModelServingOptions serving, ServeRequest request)
    {
        var options = new ModelOptions { Providers = [new ModelProvider(request.Provider)], Threads = request.Threads };
        foreach (var model in request.Models)
            serving.AddFile(model.Name, model.Path, options);
        serving.Batching = request.MaxBatch > 1 ? new BatcherOptions { MaxRows = request.MaxBatch } : null;
        serving.MaxConcurrentRequests = request.MaxRequests;
        serving.MaxRequestBytes = request.MaxRequestBytes ?? serving.MaxRequestBytes;
    }

    private static ServeFailure? OpenModels(WebApplication app, ServeRequest request)
    {
        var models = app.Services.GetRequiredService<ServedModels>();
        foreach (var (name, path) in request.Models)
            try
            {
                _ = models.Find(name, version: null).Contract;
            }
#pragma warning disable CA1031 // The program that started this process reports any exception.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                return ServerFailure.Of(exception, path);
            }

        return null;
    }

    private static async Task<ServeFailure?> ListenAsync(WebApplication app, ServeRequest request)
    {
        try
        {
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return ListeningAddress.Failure(string.Join(" and ", Addresses(request).Select(address => $"http://{address}")), exception.Message.TrimEnd('.'));
        }
    }

    private static ServeAnswer Answer(WebApplication app, ServeRequest request)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        var first = app.Services.GetRequiredService<ServedModels>().Find(request.Models[0].Name, version: null);
        return new ServeAnswer(addresses[0], addresses.ElementAtOrDefault(1), ExampleRequest.Of(ServedTensor.Of(first.Contract.Inputs)), null);
    }
}
