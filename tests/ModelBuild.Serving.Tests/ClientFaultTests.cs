using System.Net;
using Microsoft.AspNetCore.Http;
using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>What a remote model does with servers that fail, are slow, or answer something else.</summary>
public sealed class ClientFaultTests : IDisposable
{
    private static readonly RemoteModel Fast = new(new Uri("http://localhost")) { Backoff = TimeSpan.FromMilliseconds(1) };

    private readonly TemporaryFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task An_unknown_model_and_a_server_that_is_not_there_are_errors_of_loading()
    {
        string address;
        await using (var server = await ServedModels.StartAsync(_files))
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
        await using var server = await ServedModels.StartAsync(
            _files,
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
        await using var server = await ServedModels.StartAsync(
            _files,
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
        await using var server = await ServedModels.StartAsync(
            _files,
            (context, next) => context.Request.Method == "POST" ? context.Response.WriteAsync(body) : next(context)
        );
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
        await using var server = await ServedModels.StartAsync(
            _files,
            (context, next) => context.Request.Method == "POST" ? context.Response.WriteAsync(body) : next(context)
        );
        using var model = new MlpModel(ModelOptions.Remote(server.Address));

        var exception = await Record.ExceptionAsync(async () => (await model.RunAsync(new float[5 * 64], Token)).Dispose());

        if (rows == 5)
            Assert.Null(exception);
        else
            Assert.Contains($"[{rows}, 10] instead of [5, 10]", Assert.IsType<RemoteModelException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_beyond_the_deadline_ends_the_call_at_once_and_a_shorter_one_is_kept()
    {
        var (requests, after) = (0, "3600");
        await using var server = await ServedModels.StartAsync(
            _files,
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
    public async Task A_busy_server_without_a_wait_is_reported_with_its_status_where_the_backoff_is_beyond_the_deadline()
    {
        await using var server = await ServedModels.StartAsync(
            _files,
            (context, next) =>
            {
                if (context.Request.Method != "POST")
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }
        );
        using var model = new MlpModel(Options(server, Fast with { Timeout = TimeSpan.FromSeconds(5), Backoff = TimeSpan.FromSeconds(9) }));

        var busy = await Assert.ThrowsAsync<RemoteModelException>(() => model.RunAsync(new float[64], Token));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, busy.StatusCode);
    }

    [Fact]
    public async Task The_number_of_repetitions_does_not_overflow_the_wait()
    {
        var requests = 0;
        await using var server = await ServedModels.StartAsync(
            _files,
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
        await using var server = await ServedModels.StartAsync(
            _files,
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
        await using var server = await ServedModels.StartAsync(
            _files,
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
        await using var server = await ServedModels.StartAsync(_files, (context, _) => context.Response.WriteAsync(body));

        var exception = Assert.Throws<ModelLoadException>(() => new MlpModel(Options(server, Fast)));

        Assert.Contains(error, exception.Message, StringComparison.Ordinal);
    }

    private static ModelOptions Options(RunningServer server, RemoteModel remote) => new() { RemoteModel = remote with { Address = new Uri(server.Address) } };
}
