using System.Net;
using System.Text;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModelBuild.Serving.Tests.Support;

/// <summary>A server on two ports of this machine: one for HTTP/1.1, one for gRPC.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningServer(WebApplication app, string address, string rpcAddress)
    {
        (_app, Address, RpcAddress) = (app, address, rpcAddress);
        Client = new HttpClient { BaseAddress = new Uri(address) };
        Channel = GrpcChannel.ForAddress(rpcAddress);
    }

    public string Address { get; }

    public string RpcAddress { get; }

    public HttpClient Client { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="services">Adds the models.</param>
    /// <param name="options">Sets the options; null for the defaults.</param>
    /// <param name="before">Is part of each request, before the endpoints; null for nothing.</param>
    public static async Task<RunningServer> StartAsync(
        Action<IServiceCollection> services,
        Action<ModelServingOptions>? options = null,
        Func<HttpContext, RequestDelegate, Task>? before = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        services(builder.Services);
        builder.Services.AddModelServing(options);
        var app = builder.Build();
        if (before is not null)
            app.Use(before);
        app.MapModels();
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        return new RunningServer(app, addresses[0], addresses[1]);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken token) =>
        Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), token);

    /// <summary>Sends a request with bytes after the JSON object.</summary>
    public Task<HttpResponseMessage> PostBinaryAsync(string path, string json, byte[] bytes, CancellationToken token, int? header = null)
    {
        var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(json), .. bytes]);
        content.Headers.Add("Inference-Header-Content-Length", $"{header ?? Encoding.UTF8.GetByteCount(json)}");
        return Client.PostAsync(path, content, token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
