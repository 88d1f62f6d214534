using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Serving.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>Requests that lie: each ends in one status, and none makes the server allocate what it declares.</summary>
public sealed class HostileTests : IDisposable
{
    private const int Requests = 3000;

    // The largest declared shape would take 8 EiB, and the largest declared body is 1 MB.
    private const long MaxBytesPerRequest = 400_000;

    private static readonly int[] Expected = [200, 400, 404, 406];

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

        // The generator reaches both sides.
        Assert.True(statuses[200] > Requests / 100 && statuses[400] > Requests / 2, string.Join(", ", statuses));
        Assert.InRange((GC.GetTotalAllocatedBytes() - before) / Requests, 0, MaxBytesPerRequest);
        using var last = await server.PostAsync("/v2/models/free/infer", """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", Token);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    private static async Task<string> SendAsync(RunningServer server, byte[] bytes, bool isCut)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port, Token);
        // A socket that is shut down has no stream any more.
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes, Token);
            if (isCut)
                client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(Token);
        }
        catch (IOException)
        {
            // The server closes the connection of a request that is no HTTP.
            return "";
        }
    }
}
