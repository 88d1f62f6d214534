using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModelBuild.Testing;

namespace ModelBuild.Serving.Tests.Support;

/// <summary>
/// Prism before a server: it compares requests and answers with the published OpenAPI of the protocol, and answers those that do not fit with an error.
/// Requests that the description refuses have the status 422, and answers that it does not allow the status 500.
/// </summary>
internal sealed class Prism : IDisposable
{
    private const string Description = "MODELBUILD_OPENAPI";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    private Prism(Process process, TemporaryFolder folder, string address) => (_process, _folder, Address) = (process, folder, address);

    public string Address { get; }

    /// <summary>Starts the program before a server. Where it or the OpenAPI is not there, the calling test is skipped.</summary>
    public static async Task<Prism> StartAsync(string server, CancellationToken token)
    {
        if (Environment.GetEnvironmentVariable(Description) is not { Length: > 0 } description)
        {
            Assert.Skip($"{Description} does not name the file open_inference_rest.yaml of the protocol.");
            return null;
        }

        if (Program() is not { } program)
        {
            Assert.Skip("prism is not among the programs of PATH (npm install -g @stoplight/prism-cli).");
            return null;
        }

        var folder = new TemporaryFolder();
        var file = folder.Write("description.yaml", System.Text.Encoding.UTF8.GetBytes(Mended(await File.ReadAllTextAsync(description, token))));
        var port = FreePort();
        var start = new ProcessStartInfo(program, ["proxy", file, server, "--errors", "--host", "127.0.0.1", "--port", $"{port}"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        var prism = new Prism(process, folder, $"http://127.0.0.1:{port}");
        try
        {
            await Eventually.IsTrueInAsync(process, () => Listens(port), token);
            return prism;
        }
        catch
        {
            prism.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit(Patience);
        _process.Dispose();
        _folder.Dispose();
    }

    // The published file writes parameters of paths as ${NAME} instead of {NAME}, and the address of the server's metadata with a slash at its end.
    private static string Mended(string description) =>
        description.Replace("${", "{", StringComparison.Ordinal).Replace("/v2/:", "/v2:", StringComparison.Ordinal);

    private static string? Program() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "prism.cmd" : "prism"))
            .FirstOrDefault(File.Exists);

    // Prism needs a port. Another program can take it in the meantime: then prism ends, and the test fails.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
}
