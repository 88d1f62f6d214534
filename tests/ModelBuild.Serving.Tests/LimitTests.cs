using System.Net;
using System.Net.Sockets;
using System.Text;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Rpc;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>The limits of a server, and what it counts.</summary>
public sealed class LimitTests : IDisposable
{
    private const string Request = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""";

    // A request that has its answer may still count for a moment, so that one refusal does not show which request is counted.
    private const int RefusalsInTurn = 3;

    private readonly TemporaryFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_body_has_the_status_413(bool hasLength)
    {
        await using var server = await StartAsync(options => options.MaxRequestBytes = 1000);
        using var content = new StringContent(new string(' ', 2000));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/free/infer") { Content = content };
        request.Headers.TransferEncodingChunked = !hasLength;

        using var answer = await server.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("more than 1000 bytes", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var next = await server.PostAsync("/v2/models/free/infer", Request, Token);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task A_slow_sender_has_the_status_408()
    {
        await using var server = await StartAsync(options => options.ReadTimeout = TimeSpan.FromMilliseconds(100));

        Assert.StartsWith(
            "HTTP/1.1 408",
            await SendAsync(server, "POST /v2/models/free/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_full_queue_has_the_status_503_in_both_protocols()
    {
        await using var server = await StartAsync(options => (options.MaxConcurrentRequests, options.ReadTimeout) = (1, TimeSpan.FromMinutes(5)));
        using var slow = await HoldAsync(server, "POST /v2/models/free/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", Request);

        var busy = await server.PostAsync("/v2/models/free/infer", Request, Token);

        Assert.Equal(TimeSpan.FromSeconds(1), busy.Headers.RetryAfter!.Delta);
        Assert.Contains("The queue is full", await busy.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        busy.Dispose();
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(server.Channel);
        var call = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await client.ModelInferAsync(new ModelInferRequest { ModelName = "free" }, cancellationToken: Token)
        );
        Assert.Equal(Grpc.Core.StatusCode.Unavailable, call.StatusCode);
        Assert.Contains("The queue is full", call.Status.Detail, StringComparison.Ordinal);
        Assert.True((await client.ServerLiveAsync(new ServerLiveRequest(), cancellationToken: Token)).Live);
        Assert.Equal("free", (await client.ModelMetadataAsync(new ModelMetadataRequest { Name = "free" }, cancellationToken: Token)).Name);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v2/health/ready", Token)).StatusCode);
    }

    [Fact]
    public async Task Bodies_share_the_memory_and_return_it()
    {
        await using var server = await StartAsync(options =>
            (options.MaxRequestBytes, options.MaxBufferedBytes, options.ReadTimeout) = (100_000, 300_000, TimeSpan.FromMinutes(5))
        );
        var large = new string(' ', 90_000) + Request;
        const string Head = "POST /v2/models/free/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
        // Arrays have powers of two: 131,072 and 65,536 bytes are used, so that another 131,072 are too many, and 16,384 are not.
        using var first = await OpenAsync(server, Head + new string(' ', 60_000));
        var slow = await HoldAsync(server, Head + new string(' ', 90_000), large);

        for (var i = 0; i < 10; i++)
        {
            using var answer = await server.PostAsync("/v2/models/free/infer", large, Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            using var small = await server.PostAsync("/v2/models/free/infer", Request, Token);
            Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        }

        slow.Dispose();
        await EventuallyAsync(server, large, HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_texts_of_a_message_count_with_the_memory_that_they_take()
    {
        await using var server = await StartAsync(options => (options.MaxRequestBytes, options.MaxBufferedBytes) = (100_000, 300_000));
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(server.Channel);

        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, (await RefusedAsync(client, Texts(2000))).StatusCode);
        Assert.Equal(Grpc.Core.StatusCode.ResourceExhausted, (await RefusedAsync(client, Texts(20_000))).StatusCode);
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, (await RefusedAsync(client, Texts(2000))).StatusCode);

        static ModelInferRequest Texts(int count)
        {
            var input = new ModelInferRequest.Types.InferInputTensor
            {
                Name = "x",
                Datatype = "BYTES",
                Shape = { count },
            };
            input.Contents = new InferTensorContents { BytesContents = { Enumerable.Repeat(Google.Protobuf.ByteString.Empty, count) } };
            return new ModelInferRequest { ModelName = "free", Inputs = { input } };
        }
    }

    [Theory]
    [InlineData("parameters of the request")]
    [InlineData("parameters of an input")]
    [InlineData("raw contents")]
    [InlineData("unknown fields")]
    [InlineData("unknown fields of contents")]
    public async Task A_message_with_too_many_fields_is_refused_before_it_is_read(string fields)
    {
        await using var server = await StartAsync(_ => { });
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(server.Channel);

        Assert.DoesNotContain("more than", (await RefusedAsync(client, Request(fields, 16_000))).Status.Detail, StringComparison.Ordinal);
        var refused = await RefusedAsync(client, Request(fields, 17_000));

        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("more than 16384 names, parameters, raw contents and unknown fields", refused.Status.Detail, StringComparison.Ordinal);

        static ModelInferRequest Request(string fields, int count)
        {
            // The field 15, which the protocol does not have, with the number 1.
            var unknown = Enumerable.Repeat((byte[])[0x78, 1], count).SelectMany(bytes => bytes).ToArray();
            var request = fields == "unknown fields" ? ModelInferRequest.Parser.ParseFrom(unknown) : new ModelInferRequest();
            request.ModelName = "free";
            var input = new ModelInferRequest.Types.InferInputTensor { Name = "y" };
            request.Inputs.Add(input);
            for (var i = 0; i < count; i++)
                if (fields == "parameters of the request")
                    request.Parameters.Add($"{i}", new InferParameter());
                else if (fields == "parameters of an input")
                    input.Parameters.Add($"{i}", new InferParameter());
                else if (fields == "raw contents")
                    request.RawInputContents.Add(Google.Protobuf.ByteString.Empty);
            if (fields == "unknown fields of contents")
                input.Contents = InferTensorContents.Parser.ParseFrom(unknown);
            return request;
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(128 * 1024)]
    [InlineData(128 * 1024 + 1)]
    [InlineData(300_000)]
    public async Task A_body_of_the_largest_size_fits_the_smallest_memory(int bytes)
    {
        await using var server = await StartAsync(options => (options.MaxRequestBytes, options.MaxBufferedBytes) = (bytes, 3L * Math.Max(16 * 1024, bytes)));

        using var answer = await server.PostAsync("/v2/models/free/infer", Request.PadLeft(bytes), Token);
        using var larger = await server.PostAsync("/v2/models/free/infer", Request.PadLeft(bytes + 1), Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, larger.StatusCode);
    }

    [Fact]
    public async Task The_memory_follows_the_size_of_a_request_and_cannot_be_too_small_for_one()
    {
        Assert.Equal(512L * 1024 * 1024, new ModelServingOptions().MaxBufferedBytes);
        Assert.Equal(900_000_000, new ModelServingOptions { MaxRequestBytes = 300_000_000 }.MaxBufferedBytes);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            StartAsync(options => (options.MaxRequestBytes, options.MaxBufferedBytes) = (100_000, 299_999))
        );
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void A_name_that_addresses_cannot_have_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => new ModelServingOptions().AddFile(name, "m.onnx"));
        Assert.Throws<ArgumentException>(() => new ModelServingOptions().AddFile("m", "m.onnx", version: name));
        Assert.Throws<ArgumentException>(() => new ModelServingOptions().Rename("m", name));
    }

    [Theory]
    [InlineData("[0,100]", HttpStatusCode.OK, "\"shape\":[100,100]")]
    [InlineData("[0,16000000]", HttpStatusCode.BadRequest, "larger than 1000000")]
    [InlineData("[0,9223372036854775807]", HttpStatusCode.BadRequest, "larger than 1000000")]
    public async Task The_dimensions_of_an_empty_input_are_limited(string shape, HttpStatusCode status, string text)
    {
        // The output has a dimension of the input twice, so that it has elements when the input has none.
        var model = new TinyModel().Input("x: float32[a, n]").Output("y: float32[n, n]").Node("Transpose(x) -> t").Node("MatMul(t, x) -> y");
        await using var server = await RunningServer.StartAsync(_ => { }, options => options.AddFile("m", _files.Write("m.onnx", model.ToBytes())));

        using var answer = await server.PostAsync("/v2/models/m/infer", $$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"FP32","data":[]}]}""", Token);

        Assert.Contains(text, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Many_tensors_have_the_status_400()
    {
        await using var server = await StartAsync(_ => { });

        using var inputs = await server.PostAsync("/v2/models/free/infer", $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("{}", 1025))}}]}""", Token);
        using var fewer = await server.PostAsync("/v2/models/free/infer", $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("{}", 1024))}}]}""", Token);

        Assert.Equal(HttpStatusCode.BadRequest, inputs.StatusCode);
        Assert.Contains("more than 1024 tensors", await inputs.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Contains("no input ''", await fewer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_fails_has_the_status_500()
    {
        await using var server = await RunningServer.StartAsync(
            _ => { },
            options =>
                options.AddFile(
                    "add",
                    _files.Write("add.onnx", new TinyModel().Input("a: float32[?]", "b: float32[?]").Output("c: float32[?]").Node("Add(a, b) -> c").ToBytes())
                )
        );

        using var answer = await server.PostAsync(
            "/v2/models/add/infer",
            """{"inputs":[{"name":"a","shape":[2],"datatype":"FP32","data":[1,2]},{"name":"b","shape":[3],"datatype":"FP32","data":[1,2,3]}]}""",
            Token
        );

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("cannot run on these inputs", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_counted_by_model_protocol_and_status()
    {
        using var counts = new RequestCounts();
        await using var server = await RunningServer.StartAsync(
            _ => { },
            options => options.AddFile("counted", _files.Write("counted.onnx", TinyModels.Free()))
        );

        (await server.PostAsync("/v2/models/counted/infer", Request, Token)).Dispose();
        (await server.PostAsync("/v2/models/counted/infer", "{}", Token)).Dispose();

        await Testing.Eventually.IsTrueAsync(() => counts["counted", "http", "200"] == 1 && counts["counted", "http", "400"] == 1, Token);
    }

    private static async Task EventuallyAsync(RunningServer server, string body, HttpStatusCode status)
    {
        const int MaxRequests = 20_000;
        HttpStatusCode? last = null;
        for (var i = 0; i < MaxRequests && last != status; i++)
        {
            using var answer = await server.PostAsync("/v2/models/free/infer", body, Token);
            last = answer.StatusCode;
        }

        Assert.Equal(status, last);
    }

    private static Task<Grpc.Core.RpcException> RefusedAsync(GRPCInferenceService.GRPCInferenceServiceClient client, ModelInferRequest request) =>
        Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await client.ModelInferAsync(request, cancellationToken: Token));

    // Returns a connection whose request reaches a limit, so that others have the status 503. The first requests may arrive before it. While one of them runs,
    // the request of the connection is the one that is refused: then it is sent again.
    private static async Task<TcpClient> HoldAsync(RunningServer server, string text, string other)
    {
        var holding = await OpenAsync(server, text);
        for (var refused = 0; refused < RefusalsInTurn; )
        {
            using var answer = await server.PostAsync("/v2/models/free/infer", other, Token);
            refused = answer.StatusCode == HttpStatusCode.ServiceUnavailable ? refused + 1 : 0;
            if (holding.Available == 0)
                continue;
            holding.Dispose();
            (holding, refused) = (await OpenAsync(server, text), 0);
        }

        return holding;
    }

    private static async Task<TcpClient> OpenAsync(RunningServer server, string text)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Token);
        return client;
    }

    private static async Task<string> SendAsync(RunningServer server, string text)
    {
        using var client = await OpenAsync(server, text);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(Token) ?? "";
    }

    private Task<RunningServer> StartAsync(Action<ModelServingOptions> options) =>
        RunningServer.StartAsync(
            _ => { },
            all =>
            {
                all.AddFile("free", _files.Write("free.onnx", TinyModels.Free()));
                options(all);
            }
        );
}
