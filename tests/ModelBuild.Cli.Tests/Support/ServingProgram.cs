using System.Diagnostics;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>A running <c>modelbuild serve</c>, on ports that the system chose.</summary>
internal sealed class ServingProgram : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ServingProgram(Process process) => _process = process;

    /// <summary>The lines that the program wrote until it served.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The address of HTTP.</summary>
    public Uri Address => new(Line("HTTP: "));

    /// <summary>The address of gRPC.</summary>
    public Uri RpcAddress => new(Line("gRPC: "));

    /// <summary>Starts the program and waits until it serves.</summary>
    public static async Task<ServingProgram> StartAsync(ModelBuildProgram program, params string[] arguments)
    {
        var serving = new ServingProgram(program.Start(["serve", .. arguments, "--url", "http://127.0.0.1:0"]));
        while (serving.Lines.Count == 0 || !serving.Lines[^1].StartsWith("Ctrl+C", StringComparison.Ordinal))
            serving._lines.Add(await serving._process.StandardOutput.ReadLineAsync() ?? await serving.FailAsync());
        return serving;
    }

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

    private async Task<string> FailAsync()
    {
        Assert.Fail($"The program does not serve: {await _process.StandardError.ReadToEndAsync()}");
        return "";
    }
}
