using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>The same classes and results over the network.</summary>
public sealed class ClientTests : IDisposable
{
    private static readonly RemoteModel Fast = new(new Uri("http://localhost")) { Backoff = TimeSpan.FromMilliseconds(1) };

    private readonly TemporaryFolder _files = new();

    public static TheoryData<bool> Forms => [true, false];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_remote_model_has_the_results_of_a_local_one(bool isBinary)
    {
        await using var server = await ServedModels.StartAsync(_files, isBinary ? null : WithoutBinaryTensors);
        using var local = MlpModel.Load(TinyModels.Mlp());
        using var remote = new MlpModel(ModelOptions.Remote(server.Address));

        foreach (var rows in new[] { 1, 5, 2, 0 })
        {
            float[] x = [.. Enumerable.Range(0, rows * 64).Select(i => MathF.Sin(i))];
            using var expected = local.Run(x);
            using var blocking = remote.Run(x);
            using var result = await remote.RunAsync(x, Token);
            Assert.Equal([rows, 10L], result.Scores.Shape);
            Assert.Equal(expected.Scores.ToArray(), result.Scores.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
            Assert.Equal(result.Scores.ToArray(), blocking.Scores.ToArray());
        }

        Assert.Equal("remote", remote.Provider);
        Assert.Throws<NotSupportedException>(() => remote.Session);
        Assert.Throws<NotSupportedException>(() => remote.Reload("other.onnx"));
        remote.Reload();
        Assert.True(remote.WarmUp());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task All_element_types_pass(bool isBinary)
    {
        await using var server = await ServedModels.StartAsync(_files, isBinary ? null : WithoutBinaryTensors);
        using var model = new TypesModel(ModelOptions.Remote(server.Address, "types"));

        using var result = model.Run(
            new TypesModel.Inputs
            {
                Float32 = [1.5f, -2],
                Float64 = [double.Pi, 1e-300],
                Float16 = [(Half)0.5, Half.MaxValue],
                Bfloat16 = [(Microsoft.ML.OnnxRuntime.BFloat16)3.5f, (Microsoft.ML.OnnxRuntime.BFloat16)(-1f)],
                Int8 = [-128, 127],
                Uint8 = [0, 255],
                Int16 = [short.MinValue, short.MaxValue],
                Uint16 = [0, ushort.MaxValue],
                Int32 = [int.MinValue, int.MaxValue],
                Uint32 = [0, uint.MaxValue],
                Int64 = [long.MinValue, long.MaxValue],
                Uint64 = [0, ulong.MaxValue],
                Bool = [true, false],
                String = ["grüße 🙂", ""],
            }
        );

        Assert.Equal([1.5f, -2], result.Float32Out.ToArray());
        Assert.Equal([double.Pi, 1e-300], result.Float64Out.ToArray());
        Assert.Equal([(Half)0.5, Half.MaxValue], result.Float16Out.ToArray());
        Assert.Equal([3.5f, -1f], result.Bfloat16Out.ToArray().Select(value => value.ToFloat()));
        Assert.Equal([-128, 127], result.Int8Out.ToArray());
        Assert.Equal([0, 255], result.Uint8Out.ToArray());
        Assert.Equal([short.MinValue, short.MaxValue], result.Int16Out.ToArray());
        Assert.Equal([0, ushort.MaxValue], result.Uint16Out.ToArray());
        Assert.Equal([int.MinValue, int.MaxValue], result.Int32Out.ToArray());
        Assert.Equal([0, uint.MaxValue], result.Uint32Out.ToArray());
        Assert.Equal([long.MinValue, long.MaxValue], result.Int64Out.ToArray());
        Assert.Equal([0, ulong.MaxValue], result.Uint64Out.ToArray());
        Assert.Equal([true, false], result.BoolOut.ToArray());
        Assert.Equal(["grüße 🙂", ""], result.StringOut.ToArray());
    }

    [Fact]
    public async Task Numbers_that_JSON_lacks_pass_in_binary_form_only()
    {
        await using var server = await ServedModels.StartAsync(_files);
        await using var plain = await ServedModels.StartAsync(_files, WithoutBinaryTensors);
        using var binary = new ReluModel(ModelOptions.Remote(server.Address));
        using var json = new ReluModel(ModelOptions.Remote(plain.Address));
        float[] x = [.. Enumerable.Repeat(float.PositiveInfinity, 16)];

        using (var result = binary.Run(x))
            Assert.Equal(x, result.Y.ToArray());
        Assert.Contains("'x' has an element that is infinite", Assert.Throws<ArgumentException>(() => json.Run(x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_length_is_noticed_before_anything_is_sent()
    {
        await using var server = await ServedModels.StartAsync(_files);
        using var model = new MlpModel(ModelOptions.Remote(server.Address));

        Assert.Contains("a multiple of 64 elements", Assert.Throws<ArgumentException>(() => model.Run(new float[65])).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => model.RunAsync(new float[65], Token));
    }

    [Fact]
    public async Task Batchers_and_many_threads_use_a_remote_model()
    {
        await using var server = await ServedModels.StartAsync(_files);
        using var model = new MlpModel(ModelOptions.Remote(server.Address));
        await using var batcher = model.OpenBatcher();
        using var expected = model.Run(new float[64]);
        var scores = expected.Scores.ToArray();

        var results = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? model.RunAsync(new float[64], Token) : batcher.RunAsync(new float[64], Token))
        );

        Assert.All(results, result => Assert.Equal(scores, result.Scores.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-6f));
    }

    [Fact]
    public async Task Another_signature_is_an_error_of_loading()
    {
        await using var server = await ServedModels.StartAsync(_files);

        var exception = Assert.Throws<ModelSignatureException>(() => new MlpModel(ModelOptions.Remote(server.Address, "ReluModel")));

        Assert.Contains("input 'features' is missing; the model has 'x'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_share_connections_and_the_trace_reaches_the_server()
    {
        var (connections, traces) = (new HashSet<string>(), new HashSet<string?>());
        await using var server = await ServedModels.StartAsync(
            _files,
            (context, next) =>
            {
                lock (connections)
                {
                    connections.Add(context.Connection.Id);
                    traces.Add(context.Request.Headers.TraceParent.ToString().Split('-').ElementAtOrDefault(1));
                }

                return next(context);
            }
        );
        using var model = new MlpModel(ModelOptions.Remote(server.Address));
        using var activity = new Activity("caller").Start();

        for (var i = 0; i < 20; i++)
            (await model.RunAsync(new float[64], Token)).Dispose();

        Assert.Single(connections);
        Assert.Contains(activity.TraceId.ToString(), traces);
    }

    [Fact]
    public void An_address_has_no_user_query_or_fragment()
    {
        var secret = Assert.Throws<ArgumentException>(() => new RemoteModel(new Uri("http://user:password@localhost")));
        Assert.DoesNotContain("password@", secret.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RemoteModel(new Uri("http://localhost?x=1")));
        Assert.Throws<ArgumentException>(() => Fast with { Address = new Uri("http://localhost#x") });
    }

    [Fact]
    public void Contradictory_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MlpModel(new ModelOptions { RemoteModel = Fast with { Timeout = TimeSpan.FromDays(25) } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MlpModel(new ModelOptions { RemoteModel = Fast with { MaxResponseBytes = 0 } }));
        Assert.Throws<ArgumentException>(() => new MlpModel(ModelOptions.Remote("http://localhost:1") with { Path = "x.onnx" }));
        Assert.Throws<ArgumentException>(() => MlpModel.Load(TinyModels.Mlp(), ModelOptions.Remote("http://localhost:1")));
        Assert.Throws<ArgumentException>(() => new MlpModel(ModelOptions.Remote("ftp://localhost")));
        Assert.Throws<UriFormatException>(() => ModelOptions.Remote("localhost"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MlpModel(new ModelOptions { RemoteModel = Fast with { Retries = -1 } }));
    }

    /// <summary>Answers as a server without Triton's extension.</summary>
    private static Task WithoutBinaryTensors(HttpContext context, RequestDelegate next)
    {
        Assert.False(context.Request.Headers.ContainsKey("Inference-Header-Content-Length"));
        return context.Request.Path == "/v2" ? context.Response.WriteAsync("""{"name":"plain","version":"1","extensions":[]}""") : next(context);
    }
}
