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

/// <summary>The server of a request: the models of ModelBuild.Serving on addresses of their own, without any configuration of the machine.</summary>
internal static class InferenceServer
{
    /// <summary>The exit code when the server cannot serve.</summary>
    public const int Failed = 1;

    // The program that started this one waits 30 seconds after Ctrl+C.
    private static readonly TimeSpan LastRequests = TimeSpan.FromSeconds(25);

    /// <summary>Serves until the process is asked to end.</summary>
    /// <param name="request">What is served.</param>
    /// <param name="answer">Receives the addresses when the server listens, or the reason why it does not.</param>
    /// <param name="end">Ends the server after the requests in progress.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServeRequest request, Action<ServeAnswer> answer, CancellationToken end)
    {
        var app = Create(request);
        await using (app.ConfigureAwait(false))
        {
            if ((OpenModels(app, request) ?? await ListenAsync(app).ConfigureAwait(false)) is { } failure)
            {
                answer(new ServeAnswer(null, null, null, failure));
                return Failed;
            }

            answer(Answer(app, request));
            using var ended = end.Register(app.Lifetime.StopApplication);
            await app.WaitForShutdownAsync(CancellationToken.None).ConfigureAwait(false);
            return 0;
        }
    }

    private static WebApplication Create(ServeRequest request)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPEndPoint.Parse(request.Address), listen => listen.Protocols = HttpProtocols.Http1);
            // Without TLS, a connection cannot negotiate the version that gRPC needs.
            if (request.RpcAddress is { } address)
                kestrel.Listen(IPEndPoint.Parse(address), listen => listen.Protocols = HttpProtocols.Http2);
        });
        // The standard output is the channel to the program that started this one.
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LastRequests);
        builder.Services.AddModelServing(serving => Configure(serving, request));
        var app = builder.Build();
        app.MapModels();
        return app;
    }

    private static void Configure(ModelServingOptions serving, ServeRequest request)
    {
        var options = new ModelOptions { Providers = [new ModelProvider(request.Provider)], Threads = request.Threads };
        foreach (var model in request.Models)
            serving.AddFile(model.Name, model.Path, options);
        serving.Batching = request.MaxBatch > 1 ? new BatcherOptions { MaxRows = request.MaxBatch } : null;
        serving.MaxConcurrentRequests = request.MaxRequests;
        serving.MaxRequestBytes = request.MaxRequestBytes;
        serving.MaxBufferedBytes = Math.Max(serving.MaxBufferedBytes, request.MaxRequestBytes);
    }

    private static ServeFailure? OpenModels(WebApplication app, ServeRequest request)
    {
        var models = app.Services.GetRequiredService<ServedModels>();
        foreach (var (name, path) in request.Models)
            try
            {
                _ = models.Find(name, version: null).Contract;
            }
            catch (Exception exception) when (ServedModel.IsUnusable(exception))
            {
                return new ServeFailure(exception is ModelProviderException ? Codes.OnnxRuntimeMissing : Codes.ModelUnreadable, path, exception.Message);
            }

        return null;
    }

    private static async Task<ServeFailure?> ListenAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return new ServeFailure(Codes.UnknownOption, null, $"{exception.Message.TrimEnd('.')}. Choose another address with --url or --grpc-url.");
        }
    }

    private static ServeAnswer Answer(WebApplication app, ServeRequest request)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        var first = app.Services.GetRequiredService<ServedModels>().Find(request.Models[0].Name, version: null);
        return new ServeAnswer(addresses[0], addresses.ElementAtOrDefault(1), ExampleRequest.Of(ServedTensor.Of(first.Contract.Inputs)), null);
    }
}
