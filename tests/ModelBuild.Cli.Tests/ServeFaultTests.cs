using System.Net;
using System.Net.Sockets;
using ModelBuild.Cli.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>What <c>serve</c> says where it cannot serve.</summary>
public sealed class ServeFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_address_in_use_is_an_error()
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        Program().Run("serve", "digits.onnx", "--url", url).Fails(2, "MB1005", "digits.onnx", $"{url}: address already in use. Choose another address");
    }

    [Fact]
    public void An_address_of_another_machine_is_an_error_that_names_it()
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));

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

    [Fact]
    public async Task A_server_that_is_killed_is_one_error()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux lists children in /proc.");
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        using var serving = await ServingProgram.StartAsync(Program(), "digits.onnx");

        await ChildProcesses.SignalAsync("-KILL", Assert.Single(serving.Children()));

        serving.Wait().Fails(1, "MB1013", "digits.onnx", "The process that serves ended with exit code 137");
    }

    [Fact]
    public void An_ONNX_Runtime_that_does_not_load_is_an_error()
    {
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
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
        ServingProgram.Product().Save(_folder.File("digits.onnx"));

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
        ServingProgram.Product().Save(_folder.File("digits.onnx"));
        var host = HostWithoutAspNetCore();

        Program().On(host).Run("serve", "digits.onnx").Fails(1, "MB1051", "digits.onnx", $"which '{host}' does not have");
        var inspected = Program().On(host).Run("inspect", "digits.onnx");
        Assert.Equal((0, ""), (inspected.ExitCode, inspected.Error));
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
