using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Rpc;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>Requests that lie: each ends in one status, and none makes the server allocate what it declares.</summary>
public sealed class HostileTests : IDisposable
{
    private const int Requests = 3000;

    // The largest declared shape would take 8 EiB, and the largest declared body is 1 MB.
    private const long MaxBytesPerRequest = 400_000;

    private const int SlowSenders = 300;

    private static readonly int[] Expected = [200, 400, 404, 406];

    // Calls that declare a compression are not implemented, and those that declare a length beyond the limit exhaust a resource.
    private static readonly StatusCode[] ExpectedOfCalls =
    [
        StatusCode.OK,
        StatusCode.InvalidArgument,
        StatusCode.NotFound,
        StatusCode.ResourceExhausted,
        StatusCode.Unimplemented,
    ];

    private readonly TemporaryFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Each_request_that_lies_has_one_status_and_little_memory()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, options => options.AddFile("free", _files.Write("free.onnx", TinyModels.Free())));
        await server.PostAsync("/v2/models/free/infer", "{}", Token);
        var before = GC.GetTotalAllocatedBytes();
        var statuses = new SortedDictionary<int, int>();

        for (var number = 0; number < Requests; number++)
        {
            var (bytes, isCut) = HostileRequests.Create(number);
            var answer = await SendAsync(server, bytes, isCut);
            var status = answer.Length == 0 ? 0 : int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
            // A request whose end is missing may have no answer.
            Assert.True(Array.IndexOf(Expected, status) >= 0 || (isCut && status == 0), $"Request {number}: {answer}");
            if (status >= 400 && answer.Contains("\r\n\r\n{", StringComparison.Ordinal))
                using (var json = JsonDocument.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]))
                    Assert.NotEqual("", json.RootElement.GetProperty("error").GetString());
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        // The generator creates both valid and invalid requests.
        Assert.True(statuses[200] > Requests / 100 && statuses[400] > Requests / 2, string.Join(", ", statuses));
        Assert.InRange((GC.GetTotalAllocatedBytes() - before) / Requests, 0, MaxBytesPerRequest);
        using var last = await server.PostAsync("/v2/models/free/infer", """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", Token);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    [Fact]
    public async Task Each_call_that_lies_has_one_status_and_little_memory()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, options => options.AddFile("free", _files.Write("free.onnx", TinyModels.Free())));
        using var client = new HttpClient { BaseAddress = new Uri(server.RpcAddress) };
        await CallAsync(client, HostileCalls.Create(0));
        var before = GC.GetTotalAllocatedBytes();
        var statuses = new SortedDictionary<StatusCode, int>();

        for (var number = 0; number < Requests; number++)
        {
            var status = await CallAsync(client, HostileCalls.Create(number));
            Assert.True(Array.IndexOf(ExpectedOfCalls, status) >= 0, $"Call {number}: {status}");
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        Assert.True(statuses[StatusCode.OK] > Requests / 100 && statuses[StatusCode.InvalidArgument] > Requests / 3, string.Join(", ", statuses));
        Assert.InRange((GC.GetTotalAllocatedBytes() - before) / Requests, 0, MaxBytesPerRequest);
        Assert.True(
            (
                await new GRPCInferenceService.GRPCInferenceServiceClient(server.Channel).ServerReadyAsync(new ServerReadyRequest(), cancellationToken: Token)
            ).Ready
        );
    }

    [Fact]
    public async Task Senders_that_stop_do_not_keep_others_waiting()
    {
        await using var server = await RunningServer.StartAsync(
            _ => { },
            options => options.AddFile("free", _files.Write("free.onnx", TinyModels.Free())).ReadTimeout = TimeSpan.FromSeconds(2)
        );
        var bytes = Encoding.ASCII.GetBytes("POST /v2/models/free/infer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n{");

        // There are more senders than requests that the server reads at the same time.
        var answers = await Task.WhenAll(Enumerable.Range(0, SlowSenders).Select(_ => SendAsync(server, bytes, isCut: false)));

        Assert.All(answers, answer => Assert.Contains(answer[..12], new[] { "HTTP/1.1 408", "HTTP/1.1 503" }));
        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 503", StringComparison.Ordinal));
        using var last = await server.PostAsync("/v2/models/free/infer", """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", Token);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    private static async Task<StatusCode> CallAsync(HttpClient client, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "inference.GRPCInferenceService/ModelInfer")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var answer = await client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await answer.Content.ReadAsByteArrayAsync(Token);
        // A call without a message has its status in the headers.
        var headers = answer.TrailingHeaders.Contains("grpc-status") ? (HttpHeaders)answer.TrailingHeaders : answer.Headers;
        return (StatusCode)int.Parse(Assert.Single(headers.GetValues("grpc-status")), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> SendAsync(RunningServer server, byte[] bytes, bool isCut)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port, Token);
        // A socket that is shut down has no stream any more.
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = new StringBuilder();
        try
        {
            await stream.WriteAsync(bytes, Token);
            if (isCut)
                client.Client.Shutdown(SocketShutdown.Send);
            var part = new char[1024];
            for (int read; (read = await reader.ReadAsync(part, Token)) > 0; )
                answer.Append(part, 0, read);
        }
        catch (IOException)
        {
            // The server closes a connection whose request is not HTTP, or whose body does not arrive.
        }

        return answer.ToString();
    }
}
