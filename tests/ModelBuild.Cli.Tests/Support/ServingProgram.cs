using System.Diagnostics;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>A running <c>modelbuild serve</c>, on ports that the system chose.</summary>
internal sealed class ServingProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ServingProgram(Process process) => _process = process;

    /// <summary>The lines that the program wrote until it served.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The address of HTTP.</summary>
    public Uri Address => new(Line("HTTP: "));

    /// <summary>The address of gRPC.</summary>
    public Uri RpcAddress => new(Line("gRPC: "));

    /// <summary>Makes a model for the server.</summary>
    public static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 8).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 8);

    /// <summary>Starts the program on a port of the loopback address, and waits until it serves.</summary>
    public static Task<ServingProgram> StartAsync(ModelBuildProgram program, params string[] arguments) =>
        StartAtAsync(program, "http://127.0.0.1:0", arguments);

    /// <summary>Starts the program on an address, and waits until it serves.</summary>
    public static async Task<ServingProgram> StartAtAsync(ModelBuildProgram program, string url, params string[] arguments)
    {
        var serving = new ServingProgram(program.Start(["serve", .. arguments, "--url", url]));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            while (serving.Lines.Count == 0 || !serving.Lines[^1].StartsWith("Ctrl+C", StringComparison.Ordinal))
                serving._lines.Add(await serving._process.StandardOutput.ReadLineAsync(limit.Token) ?? await serving.FailAsync(limit.Token));
            return serving;
        }
        catch
        {
            serving.Dispose();
            throw;
        }
    }

    /// <summary>Returns the numbers of the child processes.</summary>
    public string[] Children() => ChildProcesses.Of(_process);

    /// <summary>Sends a signal to the program alone, not to the process that serves.</summary>
    public Task SignalAsync(string signal) => ChildProcesses.SignalAsync(signal, $"{_process.Id}");

    /// <summary>Waits for the end.</summary>
    public ModelBuildProgram.Result Wait() => ModelBuildProgram.Wait(_process);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private string Line(string start) => _lines.Single(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..];

    private async Task<string> FailAsync(CancellationToken token)
    {
        Assert.Fail($"The program does not serve: {await _process.StandardError.ReadToEndAsync(token)}");
        return "";
    }
}
