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
        Product().Save(_folder.File("digits.onnx"));
        float[] x = [.. Enumerable.Range(0, 128).Select(i => MathF.Sin(i))];
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx", "--threads", "1");
        using var client = new HttpClient { BaseAddress = serving.Address };

        var answer = await client.PostAsJsonAsync(
            "v2/models/digits/infer",
            new
            {
                inputs = new[]
                {
                    new
                    {
                        name = "x",
                        shape = new[] { 2, 64 },
                        datatype = "FP32",
                        data = x,
                    },
                },
            },
            Token
        );

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
        Product().Save(_folder.File("digits.onnx"));
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
        Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx", "--grpc-url", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = serving.RpcAddress };
        // A message is a byte for compression, four bytes for its length, and its fields: here the name of the model, field 1.
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

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_signal_ends_the_server_after_the_request_in_progress(string signal)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows sends Ctrl+C to a console, not to a process.");
        if (signal == "-INT" && Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");
        var body = $"{{\"inputs\":[{{\"name\":\"x\",\"shape\":[1,64],\"datatype\":\"FP32\",\"data\":[{string.Join(',', new int[64])}]}}]}}";
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

    [Fact]
    public void An_address_in_use_is_an_error()
    {
        Product().Save(_folder.File("digits.onnx"));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        Program().Run("serve", "digits.onnx", "--url", url).Fails(2, "MB1005", "digits.onnx", $"{url}: address already in use. Choose another address");
    }

    [Fact]
    public void An_address_of_another_machine_is_an_error_that_names_it()
    {
        Product().Save(_folder.File("digits.onnx"));

        // The address is reserved for documentation (RFC 5737).
        Program().Run("serve", "digits.onnx", "--url", "http://192.0.2.1:5000").Fails(2, "MB1005", "digits.onnx", "listen on http://192.0.2.1:5000: ");
    }

    [Fact]
    public void Addresses_are_tried_before_models_are_loaded()
    {
        new Net().Input("x", 2).Node("Unknown", "x", "y").Output("y", DataType.Float, 2).Save(_folder.File("unknown.onnx"));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        Program().Run("serve", "unknown.onnx", "--url", url).Fails(2, "MB1005", "unknown.onnx", "address already in use");
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
        Product().Save(_folder.File("digits.onnx"));
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
        Product().Save(_folder.File("digits.onnx"));
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
        Product().Save(_folder.File("digits.onnx"));
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
        Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");
        var port = serving.Address.Port;

        await serving.SignalAsync("-KILL");

        await Eventually.IsTrueAsync(() => !Listens(port), Token);
        Assert.Equal(128 + 9, serving.Wait().ExitCode);
    }

    [Fact]
    public async Task A_server_that_is_killed_is_one_error()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux lists children in /proc.");
        Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");

        await ChildProcesses.SignalAsync("-KILL", Assert.Single(serving.Children()));

        serving.Wait().Fails(1, "MB1013", "digits.onnx", "The process that serves ended with exit code 137");
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
        Product().Save(_folder.File("digits.onnx"));
        using var process = Program().Start("serve", "digits.onnx", "--url", "http://127.0.0.1:0");
        await Eventually.IsTrueInAsync(process, () => ChildProcesses.Of(process).Length > 0, Token);
        var child = ChildProcesses.Of(process).Single();

        await ChildProcesses.SignalAsync(signal, $"{process.Id}");

        // The server may listen before the signal arrives, and ends then as well.
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
        Product().Save(_folder.File("digits.onnx"));
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

    [Fact]
    public void An_ONNX_Runtime_that_does_not_load_is_an_error()
    {
        Product().Save(_folder.File("digits.onnx"));
        Directory.CreateDirectory(_folder.File("broken"));
        File.Copy(Path.Combine(ModelBuildProgram.OnnxRuntimeFolder, "Microsoft.ML.OnnxRuntime.dll"), _folder.File("broken/Microsoft.ML.OnnxRuntime.dll"));
        var native =
            OperatingSystem.IsWindows() ? "onnxruntime.dll"
            : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib"
            : "libonnxruntime.so";
        File.WriteAllText(_folder.File($"broken/{native}"), "no library");

        Program()
            .Run("serve", "digits.onnx", "--url", "http://127.0.0.1:0", "--onnxruntime", "broken")
            .Fails(1, "MB1016", "digits.onnx", "or name its folder with --onnxruntime");
    }

    [Fact]
    public void A_model_that_is_not_there_or_does_not_load_is_an_error()
    {
        File.WriteAllText(_folder.File("text.onnx"), "no model");
        new Net().Input("x", 2).Node("Unknown", "x", "y").Output("y", DataType.Float, 2).Save(_folder.File("unknown.onnx"));

        Program().Run("serve", "missing.onnx").Fails(1, "MB1001", "missing.onnx", "there is no such file");
        Program().Run("serve", "text.onnx").Fails(1, "MB1003", "text.onnx", "");
        Program().Run("serve", "unknown.onnx", "--url", "http://127.0.0.1:0").Fails(1, "MB1003", "unknown.onnx", "Unknown");
    }

    [Theory]
    [InlineData("must have the form http://127.0.0.1:5000", "--url", "https://127.0.0.1:5000")]
    [InlineData("must have the form http://127.0.0.1:5000", "--url", "http://models:5000")]
    [InlineData("and with a port", "--url", "http://127.0.0.1")]
    [InlineData("and with a port", "--url", "http://[::1]")]
    [InlineData("neither '.' nor '..'", "--name", "..")]
    [InlineData("--grpc-url '127.0.0.1:5001' must have the form", "--grpc-url", "127.0.0.1:5001")]
    [InlineData("Without TLS, gRPC needs a port of its own", "--grpc-url", "http://localhost:5000")]
    [InlineData("There are 1 models and 2 --name", "--name", "a", "--name", "b")]
    [InlineData("--name 'a/b' must be a name without a slash", "--name", "a/b")]
    [InlineData("'gpu' is not an execution provider", "--provider", "gpu")]
    [InlineData("--threads 0: the number must be 1 or more", "--threads", "0")]
    [InlineData("--max-batch 0: the number must be 1 or more", "--max-batch", "0")]
    [InlineData("--max-request-size '2GB' must be a size up to 1GB", "--max-request-size", "2GB")]
    public void An_option_without_sense_is_an_error(string message, params string[] options)
    {
        Product().Save(_folder.File("digits.onnx"));

        Program().Run(["serve", "digits.onnx", .. options]).Fails(2, "MB1005", "digits.onnx", message);
    }

    [Fact]
    public void Two_models_with_one_name_are_an_error()
    {
        Program().Run("serve", "a/digits.onnx", "b/digits.onnx").Fails(2, "MB1005", "a/digits.onnx", "Two models have the name 'digits'");
    }

    [Fact]
    public void Without_the_runtime_of_ASP_NET_Core_only_this_command_fails()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows allows symbolic links only to some users.");
        Product().Save(_folder.File("digits.onnx"));
        var host = HostWithoutAspNetCore();

        Program().On(host).Run("serve", "digits.onnx").Fails(1, "MB1051", "digits.onnx", $"which '{host}' does not have");
        var inspected = Program().On(host).Run("inspect", "digits.onnx");
        Assert.Equal((0, ""), (inspected.ExitCode, inspected.Error));
    }

    public void Dispose() => _folder.Dispose();

    private static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 8).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 8);

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

    // The host finds the frameworks in the folder of its file, so that the file itself is a copy.
    private string HostWithoutAspNetCore()
    {
        var real = Path.GetDirectoryName(ModelBuildProgram.Host())!;
        var root = _folder.File("dotnet");
        Directory.CreateDirectory(Path.Combine(root, "shared"));
        Directory.CreateSymbolicLink(Path.Combine(root, "host"), Path.Combine(real, "host"));
        Directory.CreateSymbolicLink(Path.Combine(root, "shared/Microsoft.NETCore.App"), Path.Combine(real, "shared/Microsoft.NETCore.App"));
        File.Copy(ModelBuildProgram.Host(), Path.Combine(root, "dotnet"));
        return Path.Combine(root, "dotnet");
    }

    private ModelBuildProgram Program() => new(_folder);
}
