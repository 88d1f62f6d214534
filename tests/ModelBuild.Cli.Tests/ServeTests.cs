using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>serve</c> answers requests of the Open Inference Protocol. ModelBuild.Serving.Tests tests the server in detail.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_has_the_result_of_ONNX_Runtime()
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        float[] x = [.. Enumerable.Range(0, 128).Select(i => MathF.Sin(i))];
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx", "--threads", "1");
        using var client = new HttpClient { BaseAddress = serving.Address };

        var answer = await client.PostAsync(new Uri("v2/models/digits/infer", UriKind.Relative), new StringContent(Body(x)), Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var output = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("outputs")[0];
        Assert.Equal([2, 8], output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal(Run(x), output.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()), (a, b) => MathF.Abs(a - b) < 1e-4f);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("v2/health/ready", UriKind.Relative), Token)).StatusCode);
        var metadata = await client.GetFromJsonAsync<JsonElement>("v2/models/digits", Token);
        Assert.Equal("[-1,64]", JsonSerializer.Serialize(metadata.GetProperty("inputs")[0].GetProperty("shape")));
    }

    [Fact]
    public async Task The_line_that_is_shown_is_a_request_that_works()
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        new Net().Input("s", 2).Node("Relu", "s", "y").Output("y", DataType.Float, 2).Save(_folder.File("small.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "small.onnx", "digits.onnx", "--name", "a b", "--name", "net");
        using var client = new HttpClient();

        Assert.Equal(["a b: small.onnx", "net: digits.onnx"], serving.Lines.Take(2));
        var words = serving.Lines.Single(line => line.StartsWith("curl ", StringComparison.Ordinal)).Split(' ', 4);
        var answer = await client.PostAsync(new Uri(words[1]), new StringContent(words[3].Trim('\'')), Token);

        Assert.Equal($"{serving.Address}v2/models/a%20b/infer", words[1]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"data\":[0,0]", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_of_gRPC_have_a_port_of_their_own()
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx", "--grpc-url", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = serving.RpcAddress };
        // A message of gRPC has a byte for compression, four bytes for the length, and its fields. This one has the name of the model as field 1.
        using var request = new HttpRequestMessage(HttpMethod.Post, "inference.GRPCInferenceService/ModelReady")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 8, 0x0A, 6, .. "digits"u8]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        var answer = await client.SendAsync(request, Token);

        // The field 1 of the answer is true.
        Assert.Equal([0, 0, 0, 0, 2, 0x08, 1], await answer.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Metrics_count_the_requests_and_the_runs()
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");
        using var client = new HttpClient { BaseAddress = serving.Address };
        string[] bodies = [Body(new float[64]), Body(new float[64]), "{}"];
        foreach (var body in bodies)
            (await client.PostAsync(new Uri("v2/models/digits/infer", UriKind.Relative), new StringContent(body), Token)).Dispose();
        (await client.PostAsync(new Uri("v2/models/other/infer", UriKind.Relative), new StringContent("{}"), Token)).Dispose();

        using var answer = await client.GetAsync(new Uri("metrics", UriKind.Relative), Token);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var lines = (await answer.Content.ReadAsStringAsync(Token)).Split('\n');
        Assert.Contains(Requests("digits", 200) + " 2", lines);
        Assert.Contains(Requests("digits", 400) + " 1", lines);
        Assert.Contains(Requests("", 404) + " 1", lines);
        Assert.Contains("modelbuild_server_active_requests{network_protocol_name=\"http\"} 0", lines);
        Assert.Contains(lines, line => line.StartsWith("modelbuild_run_duration_count{modelbuild_model=\"digits\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("http_server_request_duration_count{", StringComparison.Ordinal));

        static string Requests(string model, int status) =>
            $"modelbuild_server_requests{{modelbuild_model=\"{model}\",network_protocol_name=\"http\",http_response_status_code=\"{status}\"}}";
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_signal_ends_the_server_after_the_request_in_progress(string signal)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows sends Ctrl+C to a console, not to a process.");
        if (signal == "-INT" && Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");
        var body = Body(new float[64]);
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, serving.Address.Port, Token);
        var stream = connection.GetStream();

        // The server asks for the body, so that it has begun the request.
        var head = $"POST /v2/models/digits/infer HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {body.Length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Token);
        Assert.Equal("HTTP/1.1 100 Continue", await ReadLineAsync(stream));
        await serving.SignalAsync(signal);
        await Eventually.IsTrueAsync(() => !Listens(serving.Address.Port), Token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body), Token);

        Assert.Equal("", await ReadLineAsync(stream));
        Assert.Equal("HTTP/1.1 200 OK", await ReadLineAsync(stream));
        Assert.Equal(new ModelBuildProgram.Result(0, "", ""), serving.Wait());
    }

    [Theory]
    [InlineData(null, null, null, HttpStatusCode.OK)]
    [InlineData("localhost:80", null, null, HttpStatusCode.OK)]
    [InlineData("[::1]:80", "Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    [InlineData("pages.example", null, null, HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.pages.example", null, null, HttpStatusCode.Forbidden)]
    [InlineData("192.0.2.1", null, null, HttpStatusCode.Forbidden)]
    [InlineData(null, "Origin", "https://pages.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData(null, "Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData(null, "Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    public async Task Web_pages_do_not_reach_a_server_on_the_loopback_address(string? host, string? header, string? value, HttpStatusCode status)
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(serving.Address, "v2/models/digits"));
        request.Headers.Host = host;
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(status, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal(status == HttpStatusCode.Forbidden, body.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task A_server_on_all_addresses_says_that_it_has_no_authentication_and_shows_an_address_that_works()
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAtAsync(Program(), "http://0.0.0.0:0", "digits.onnx");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{serving.Address.Port}/v2/models/digits");
        request.Headers.Host = "models.example";

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(serving.Lines, line => line.StartsWith("The server has no authentication", StringComparison.Ordinal));
        Assert.Contains(serving.Lines, line => line.StartsWith($"curl http://127.0.0.1:{serving.Address.Port}/v2/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_loopback_address_of_IPv6_is_an_address()
    {
        if (!Socket.OSSupportsIPv6 || !CanListen(IPAddress.IPv6Loopback))
            Assert.Skip("This machine has no IPv6.");
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAtAsync(Program(), "http://[::1]:0", "digits.onnx");
        using var client = new HttpClient { BaseAddress = serving.Address };

        Assert.StartsWith("http://[::1]:", serving.Address.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("v2/health/ready", UriKind.Relative), Token)).StatusCode);
        Assert.DoesNotContain(serving.Lines, line => line.StartsWith("The server has no authentication", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_server_ends_when_the_program_is_killed()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux lists children in /proc.");
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");
        var port = serving.Address.Port;

        await serving.SignalAsync("-KILL");

        await Eventually.IsTrueAsync(() => !Listens(port), Token);
        Assert.Equal(128 + 9, serving.Wait().ExitCode);
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_signal_before_the_server_listens_ends_it(string signal)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux lists children in /proc.");
        if (signal == "-INT" && Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var process = Program().Start("serve", "digits.onnx", "--url", "http://127.0.0.1:0");
        await Eventually.IsTrueInAsync(process, () => ChildProcesses.Of(process).Length > 0, Token);
        var child = ChildProcesses.Of(process).Single();

        await ChildProcesses.SignalAsync(signal, $"{process.Id}");

        // If the server listens before the signal arrives, it ends as well.
        var result = ModelBuildProgram.Wait(process);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.False(Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task A_second_interrupt_ends_the_request_in_progress()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows sends Ctrl+C to a console, not to a process.");
        if (Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, serving.Address.Port, Token);
        var stream = connection.GetStream();
        var head = "POST /v2/models/digits/infer HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Token);
        Assert.Equal("HTTP/1.1 100 Continue", await ReadLineAsync(stream));

        await serving.SignalAsync("-INT");
        await Eventually.IsTrueAsync(() => !Listens(serving.Address.Port), Token);
        await serving.SignalAsync("-INT");

        serving.Wait().Fails(1, "MB1014", "digits.onnx", "The server ended before the requests in progress");
    }

    public void Dispose() => _folder.Dispose();

    private static string Body(float[] x) =>
        JsonSerializer.Serialize(
            new
            {
                inputs = new[]
                {
                    new
                    {
                        name = "x",
                        shape = new[] { x.Length / 64, 64 },
                        datatype = "FP32",
                        data = x,
                    },
                },
            }
        );

    private static bool CanListen(IPAddress address)
    {
        try
        {
            using var listener = new TcpListener(address, 0);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length == 0 || line[^1] != '\n')
        {
            await stream.ReadExactlyAsync(one, Token);
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd();
    }

    private float[] Run(float[] x)
    {
        using var session = new InferenceSession(_folder.File("digits.onnx"));
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, [2, 64]))]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private ModelBuildProgram Program() => new(_folder);
}
