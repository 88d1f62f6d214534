using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>
/// The client and the server with an independent reading of the protocol: Prism refuses requests and answers that the published OpenAPI does not allow.
/// </summary>
public sealed class PrismTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_of_the_client_and_answers_of_the_server_are_those_of_the_published_description()
    {
        await using var server = await StartAsync(WithoutBinaryTensors);
        using var prism = await Prism.StartAsync(server.Address, Token);
        using var local = MlpModel.Load(TinyModels.Mlp());
        using var remote = new MlpModel(Options(prism, "MlpModel"));
        using var types = new TypesModel(Options(prism, "types"));
        float[] x = [.. Enumerable.Range(0, 3 * 64).Select(i => MathF.Sin(i))];

        using var expected = local.Run(x);
        using var result = await remote.RunAsync(x, Token);
        using var all = types.Run(
            new TypesModel.Inputs
            {
                Float32 = [1.5f],
                Float64 = [double.Pi],
                Float16 = [(Half)0.5],
                Bfloat16 = [(Microsoft.ML.OnnxRuntime.BFloat16)3.5f],
                Int8 = [-128],
                Uint8 = [255],
                Int16 = [short.MinValue],
                Uint16 = [ushort.MaxValue],
                Int32 = [int.MinValue],
                Uint32 = [uint.MaxValue],
                Int64 = [1L << 40],
                Uint64 = [1UL << 40],
                Bool = [true],
                String = ["grüße"],
            }
        );

        Assert.Equal(expected.Scores.ToArray(), result.Scores.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
        Assert.Equal((1.5f, 1L << 40, true, "grüße"), (all.Float32Out[0], all.Int64Out[0], all.BoolOut[0], all.StringOut.ToArray()[0]));
    }

    [Fact]
    public async Task Other_answers_are_also_described_and_what_is_not_described_does_not_pass()
    {
        var requests = new List<string>();
        await using var server = await StartAsync(
            (context, next) =>
            {
                lock (requests)
                    requests.Add($"{context.Request.Method} {context.Request.Path}");
                if (context.Request.Path != "/v2/models/damaged/versions/1")
                    return next(context);
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync("""{"name":"damaged"}""");
            }
        );
        using var prism = await Prism.StartAsync(server.Address, Token);
        using var client = new HttpClient { BaseAddress = new Uri(prism.Address) };

        foreach (var path in new[] { "/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/types/versions/1", "/v2/models/types/versions/1/ready" })
            Assert.Equal((path, HttpStatusCode.OK), (path, (await client.GetAsync(new Uri(path, UriKind.Relative), Token)).StatusCode));
        var damaged = await client.GetAsync(new Uri("/v2/models/damaged/versions/1", UriKind.Relative), Token);
        var refused = await PostAsync(client, """{"inputs":[{"name":"features","shape":[1,64],"datatype":"FP32","data":[1]}]}""");
        var undescribed = await PostAsync(client, """{"inputs":[{"name":"features","datatype":"FP32","data":[1]}]}""");

        Assert.Equal(HttpStatusCode.InternalServerError, damaged.StatusCode);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity), (refused, undescribed));
        Assert.Single(requests, "POST /v2/models/MlpModel/versions/1/infer");
    }

    public void Dispose() => _files.Dispose();

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string json) =>
        (
            await client.PostAsync(
                new Uri("/v2/models/MlpModel/versions/1/infer", UriKind.Relative),
                new StringContent(json, Encoding.UTF8, "application/json"),
                Token
            )
        ).StatusCode;

    // The published description has only addresses with a version.
    private static ModelOptions Options(Prism prism, string name) =>
        new()
        {
            RemoteModel = new RemoteModel(new Uri(prism.Address)) { Name = name, Version = "1" },
        };

    // The published description has no binary tensors.
    private static Task WithoutBinaryTensors(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path != "/v2")
            return next(context);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""{"name":"plain","version":"1","extensions":[]}""");
    }

    private Task<RunningServer> StartAsync(Func<HttpContext, RequestDelegate, Task> before) =>
        RunningServer.StartAsync(
            services =>
            {
                services.AddModel<MlpModel>(settings => settings.Path = _files.Write("mlp.onnx", TinyModels.Mlp()));
                services.AddKeyedModel<TypesModel>("types", settings => settings.Path = _files.Write("types.onnx", TinyModels.EveryType()));
            },
            before: before
        );
}
