using System.Diagnostics;
using System.Net;
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
        await using var server = await StartAsync(isBinary ? null : WithoutBinaryTensors);
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
        await using var server = await StartAsync(isBinary ? null : WithoutBinaryTensors);
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
        await using var server = await StartAsync();
        await using var plain = await StartAsync(WithoutBinaryTensors);
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
        await using var server = await StartAsync();
        using var model = new MlpModel(ModelOptions.Remote(server.Address));

        Assert.Contains("a multiple of 64 elements", Assert.Throws<ArgumentException>(() => model.Run(new float[65])).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => model.RunAsync(new float[65], Token));
    }

    [Fact]
    public async Task Batchers_and_many_threads_use_a_remote_model()
    {
        await using var server = await StartAsync();
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
        await using var server = await StartAsync();

        var exception = Assert.Throws<ModelSignatureException>(() => new MlpModel(ModelOptions.Remote(server.Address, "ReluModel")));

        Assert.Contains("input 'features' is missing; the model has 'x'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_and_a_server_that_is_not_there_are_errors_of_loading()
    {
        string address;
        await using (var server = await StartAsync())
        {
            address = server.Address;
            var unknown = Assert.Throws<ModelLoadException>(() => new MlpModel(ModelOptions.Remote(address, "nothing")));
            Assert.Contains("no model 'nothing'", unknown.Message, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, Assert.IsType<RemoteModelException>(unknown.InnerException).StatusCode);
            using var lazy = new MlpModel(ModelOptions.Remote(address, "nothing") with { Lazy = true });
            Assert.Throws<ModelLoadException>(() => lazy.Run(new float[64]));
        }

        var gone = Assert.Throws<ModelLoadException>(() => new MlpModel(ModelOptions.Remote(address)));
        Assert.Contains("cannot be reached", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_and_other_errors_are_not_repeated()
    {
        var (requests, failures, status) = (0, 2, StatusCodes.Status503ServiceUnavailable);
        await using var server = await StartAsync(
            (context, next) =>
            {
                if (context.Request.Method != "POST" || Interlocked.Increment(ref requests) > failures)
                    return next(context);
                context.Response.StatusCode = status;
                return context.Response.WriteAsync("""{"error":"not now"}""");
            }
        );
        using var model = new MlpModel(Options(server, Fast));

        (await model.RunAsync(new float[64], Token)).Dispose();
        Assert.Equal(3, requests);

        (requests, failures) = (0, 100);
        var busy = await Assert.ThrowsAsync<RemoteModelException>(() => model.RunAsync(new float[64], Token));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 4), (busy.StatusCode, requests));
        Assert.Contains("not now", busy.Message, StringComparison.Ordinal);

        (requests, status) = (0, StatusCodes.Status500InternalServerError);
        var failed = Assert.Throws<RemoteModelException>(() => model.Run(new float[64]));
        Assert.Equal((HttpStatusCode.InternalServerError, 1), (failed.StatusCode, requests));
    }

    [Fact]
    public async Task A_deadline_and_a_token_end_a_call_and_the_model_stays_usable()
    {
        using var release = new SemaphoreSlim(0);
        var isHeld = true;
        await using var server = await StartAsync(
            async (context, next) =>
            {
                if (context.Request.Method == "POST" && isHeld)
                    await release.WaitAsync(context.RequestAborted);
                await next(context);
            }
        );
        using var model = new MlpModel(Options(server, Fast));
        using var impatient = new MlpModel(Options(server, Fast with { Timeout = TimeSpan.FromMilliseconds(200) }));

        var late = await Assert.ThrowsAsync<RemoteModelException>(() => impatient.RunAsync(new float[64], Token));
        Assert.IsType<TimeoutException>(late.InnerException);

        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = model.RunAsync(new float[64], source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        isHeld = false;
        (await model.RunAsync(new float[64], Token)).Dispose();
    }

    [Theory]
    [InlineData("{}", "output 'y' is missing")]
    [InlineData("""{"outputs":[{"name":"y","datatype":"FP32","shape":[1,16],"parameters":{"binary_data_size":64}}]}""", "64 bytes, and 0 follow")]
    [InlineData("""{"outputs":[{"name":"y","datatype":"FP64","shape":[1,16],"data":[1]}]}""", "is FP64 instead of FP32")]
    [InlineData("""{"outputs":[{"name":"y","datatype":"FP32","shape":[1,15],"data":[1]}]}""", "[1, 15] instead of float32[1, 16]")]
    [InlineData("""{"outputs":[{"name":"y","datatype":"FP32","shape":[1,16],"data":[1]}]}""", "has fewer elements")]
    [InlineData("""{"outputs":[{"name":"y","datatype":"FP32","data":[1]}]}""", "has no shape")]
    [InlineData("<html>", "not one of the protocol")]
    public async Task An_answer_that_is_not_one_of_the_protocol_is_an_error(string body, string error)
    {
        await using var server = await StartAsync((context, next) => context.Request.Method == "POST" ? context.Response.WriteAsync(body) : next(context));
        using var model = new ReluModel(ModelOptions.Remote(server.Address));

        var exception = Assert.Throws<RemoteModelException>(() => model.Run(new float[16]));

        Assert.Contains(error, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(5)]
    public async Task An_answer_has_the_rows_of_the_call(int rows)
    {
        var data = string.Join(',', Enumerable.Repeat("1", rows * 10));
        var body = $$"""{"id":null,"outputs":[{"name":"scores","datatype":"FP32","shape":[{{rows}},10],"parameters":null,"data":[{{data}}]}]}""";
        await using var server = await StartAsync((context, next) => context.Request.Method == "POST" ? context.Response.WriteAsync(body) : next(context));
        using var model = new MlpModel(ModelOptions.Remote(server.Address));

        var exception = await Record.ExceptionAsync(async () => (await model.RunAsync(new float[5 * 64], Token)).Dispose());

        if (rows == 5)
            Assert.Null(exception);
        else
            Assert.Contains($"[{rows}, 10] instead of [5, 10]", Assert.IsType<RemoteModelException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_share_connections_and_the_trace_reaches_the_server()
    {
        var (connections, traces) = (new HashSet<string>(), new HashSet<string?>());
        await using var server = await StartAsync(
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
    public async Task A_wait_beyond_the_deadline_ends_the_call_at_once_and_a_shorter_one_is_kept()
    {
        var (requests, after) = (0, "3600");
        await using var server = await StartAsync(
            (context, next) =>
            {
                if (context.Request.Method != "POST" || Interlocked.Increment(ref requests) > 1)
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = after;
                return Task.CompletedTask;
            }
        );
        using var model = new MlpModel(Options(server, Fast));

        var busy = await Assert.ThrowsAsync<RemoteModelException>(() => model.RunAsync(new float[64], Token));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (busy.StatusCode, requests));

        (requests, after) = (0, "1");
        (await model.RunAsync(new float[64], Token)).Dispose();
        Assert.Equal(2, requests);
    }

    [Fact]
    public async Task The_number_of_repetitions_does_not_overflow_the_wait()
    {
        var requests = 0;
        await using var server = await StartAsync(
            (context, next) =>
            {
                if (context.Request.Method != "POST" || Interlocked.Increment(ref requests) > 1100)
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }
        );
        using var model = new MlpModel(Options(server, Fast with { Backoff = TimeSpan.Zero, Retries = int.MaxValue }));

        (await model.RunAsync(new float[64], Token)).Dispose();

        Assert.Equal(1101, requests);
    }

    [Fact]
    public async Task Redirections_are_not_followed()
    {
        var paths = new List<string>();
        await using var server = await StartAsync(
            (context, next) =>
            {
                lock (paths)
                    paths.Add(context.Request.Path);
                if (context.Request.Method == "POST")
                    context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
                return context.Request.Method == "POST" ? Task.CompletedTask : next(context);
            }
        );
        using var model = new MlpModel(Options(server, Fast));

        var exception = await Assert.ThrowsAsync<RemoteModelException>(() => model.RunAsync(new float[64], Token));

        Assert.Equal(HttpStatusCode.TemporaryRedirect, exception.StatusCode);
        Assert.DoesNotContain("/elsewhere", paths);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_answer_is_an_error(bool hasLength)
    {
        await using var server = await StartAsync(
            (context, next) =>
            {
                if (context.Request.Method != "POST")
                    return next(context);
                if (hasLength)
                    context.Response.ContentLength = 100_000;
                return context.Response.WriteAsync(new string(' ', 100_000));
            }
        );
        using var model = new MlpModel(Options(server, Fast with { MaxResponseBytes = 50_000 }));

        var exception = await Assert.ThrowsAsync<RemoteModelException>(() => model.RunAsync(new float[64], Token));

        Assert.Contains("more than 50000 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1048577", "more than 1048576 bytes")]
    [InlineData("[\"99999999999999999999\"]", "is no integer")]
    public async Task Metadata_that_are_too_large_are_an_error_of_loading(string shape, string error)
    {
        var body = int.TryParse(shape, out var length)
            ? new string(' ', length)
            : $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":{{shape}}}],"outputs":[]}""";
        await using var server = await StartAsync((context, _) => context.Response.WriteAsync(body));

        var exception = Assert.Throws<ModelLoadException>(() => new MlpModel(Options(server, Fast)));

        Assert.Contains(error, exception.Message, StringComparison.Ordinal);
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

    private static ModelOptions Options(RunningServer server, RemoteModel remote) => new() { RemoteModel = remote with { Address = new Uri(server.Address) } };

    /// <summary>Answers as a server without Triton's extension.</summary>
    private static Task WithoutBinaryTensors(HttpContext context, RequestDelegate next)
    {
        Assert.False(context.Request.Headers.ContainsKey("Inference-Header-Content-Length"));
        return context.Request.Path == "/v2" ? context.Response.WriteAsync("""{"name":"plain","version":"1","extensions":[]}""") : next(context);
    }

    private Task<RunningServer> StartAsync(Func<HttpContext, RequestDelegate, Task>? before = null) =>
        RunningServer.StartAsync(
            services =>
            {
                services.AddModel<MlpModel>(settings => settings.Path = _files.Write("mlp.onnx", TinyModels.Mlp()));
                services.AddModel<ReluModel>(settings => settings.Path = _files.Write("relu.onnx", TinyModels.Relu()));
                services.AddKeyedModel<TypesModel>("types", settings => settings.Path = _files.Write("types.onnx", TinyModels.EveryType()));
            },
            before: before
        );
}
