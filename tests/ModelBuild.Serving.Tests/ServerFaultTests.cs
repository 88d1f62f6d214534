using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Rpc;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>Failures behind a server: each has one status, a body and one count.</summary>
// No other test runs beside these, because the counters are those of all servers of the process.
[Collection(nameof(ServerFaultTests))]
[CollectionDefinition(nameof(ServerFaultTests), DisableParallelization = true)]
public sealed class ServerFaultTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    private static string Request { get; } =
        $$"""{"inputs":[{"name":"features","shape":[1,64],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("0", 64))}}]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(503, HttpStatusCode.ServiceUnavailable)]
    [InlineData(500, HttpStatusCode.BadGateway)]
    [InlineData(302, HttpStatusCode.BadGateway)]
    public async Task A_failure_of_the_server_of_a_remote_model_has_a_status_of_its_own(int failure, HttpStatusCode expected)
    {
        await using var inner = await RunningServer.StartAsync(
            services => services.AddModel<MlpModel>(settings => settings.Path = _files.Write("mlp.onnx", TinyModels.Mlp())),
            before: (context, next) =>
            {
                if (context.Request.Method != "POST")
                    return next(context);
                context.Response.StatusCode = failure;
                context.Response.Headers.Location = "/v2";
                return context.Response.WriteAsync("""{"error":"not now"}""");
            }
        );
        var remote = new RemoteModel(new Uri(inner.Address)) { Retries = 0 };
        await using var server = await RunningServer.StartAsync(services =>
            services.AddModel<MlpModel>(settings => settings.Configure = options => options with { RemoteModel = remote })
        );

        using var answer = await server.PostAsync("/v2/models/MlpModel/infer", Request, Token);
        var call = await RefusedAsync(server, RpcRequest());

        Assert.Contains("not now", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal((expected, StatusCode.Unavailable), (answer.StatusCode, call.StatusCode));
    }

    [Fact]
    public async Task An_unexpected_exception_has_the_status_500_and_a_general_message()
    {
        using var counts = new RequestCounts();
        await using var server = await RunningServer.StartAsync(services =>
            services.AddKeyedModel<MlpModel>(
                "broken",
                settings => (settings.Lazy, settings.Configure) = (true, _ => throw new InvalidOperationException("a secret"))
            )
        );

        using var answer = await server.PostAsync("/v2/models/broken/infer", Request, Token);
        var call = await RefusedAsync(server, new ModelInferRequest { ModelName = "broken" });

        Assert.Equal("""{"error":"The server failed to answer the request."}""", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal((HttpStatusCode.InternalServerError, StatusCode.Internal), (answer.StatusCode, call.StatusCode));
        Assert.Equal("The server failed to answer the request.", call.Status.Detail);
        await Testing.Eventually.IsTrueAsync(() => counts["broken", "http", "500"] == 1 && counts["broken", "grpc", "500"] == 1, Token);
    }

    [Fact]
    public async Task A_message_that_the_service_does_not_see_is_counted()
    {
        using var counts = new RequestCounts();
        await using var server = await RunningServer.StartAsync(
            _ => { },
            options => options.AddFile("free", _files.Write("free.onnx", TinyModels.Free())).MaxRequestBytes = 1000
        );
        var many = new ModelInferRequest { Inputs = { Enumerable.Repeat(new ModelInferRequest.Types.InferInputTensor(), 2000) } };
        var large = new ModelInferRequest { RawInputContents = { Google.Protobuf.ByteString.CopyFrom(new byte[2000]) } };
        string[] statuses = ["400", "413", "415"];
        long[] before = [.. statuses.Select(status => counts["", "grpc", status])];

        await RefusedAsync(server, many);
        await RefusedAsync(server, large);
        await RefusedAsync(server, new ModelInferRequest(), new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        await Testing.Eventually.IsTrueAsync(
            () => statuses.Select(status => counts["", "grpc", status]).Zip(before).All(pair => pair.First == pair.Second + 1),
            Token
        );
    }

    [Fact]
    public async Task A_message_repeats_only_a_part_of_the_request()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, options => options.AddFile("free", _files.Write("free.onnx", TinyModels.Free())));

        using var answer = await server.PostAsync($"/v2/models/{new string('x', 4000)}/infer", "{}", Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.InRange((await answer.Content.ReadAsStringAsync(Token)).Length, 900, 1100);
    }

    private static ModelInferRequest RpcRequest()
    {
        var request = new ModelInferRequest
        {
            ModelName = "MlpModel",
            Inputs =
            {
                new ModelInferRequest.Types.InferInputTensor
                {
                    Name = "features",
                    Datatype = "FP32",
                    Shape = { 1, 64 },
                },
            },
        };
        request.RawInputContents.Add(Google.Protobuf.ByteString.CopyFrom(new byte[256]));
        return request;
    }

    private static async Task<RpcException> RefusedAsync(RunningServer server, ModelInferRequest request, Metadata? headers = null) =>
        await Assert.ThrowsAsync<RpcException>(async () =>
            await new GRPCInferenceService.GRPCInferenceServiceClient(server.Channel).ModelInferAsync(request, headers, cancellationToken: Token)
        );
}
