using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Xunit;

namespace ModelBuild.Testing.Browsers;

/// <summary>
/// Chromium without a window, controlled by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/). The environment variable
/// <c>MODELBUILD_CHROMIUM</c> names its program if it has another place than those of Linux distributions.
/// </summary>
public sealed partial class Browser : IAsyncDisposable
{
    private const string Variable = "MODELBUILD_CHROMIUM";

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly DevTools _tools;

    private Browser(Process process, DirectoryInfo profile, DevTools tools) => (_process, _profile, _tools) = (process, profile, tools);

    /// <summary>Starts the browser. The calling test is skipped if there is none.</summary>
    public static async Task<Browser> StartAsync(CancellationToken cancellationToken)
    {
        var program = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Array.Find(Places, File.Exists);
        if (program is null || !File.Exists(program))
            Assert.Skip($"Chromium is not installed. {Variable} names its program.");
        var profile = Directory.CreateTempSubdirectory("modelbuild-browser-");
        string[] arguments =
        [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--remote-debugging-port=0",
            $"--user-data-dir={profile.FullName}",
            "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(program!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var address = await ReadAddressAsync(process, cancellationToken);
        // The output is read continuously, because the browser stops when the pipe is full.
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, cancellationToken);
        return new Browser(process, profile, new DevTools(socket));
    }

    /// <summary>Opens a page file in a viewport.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">The width of the viewport in pixels.</param>
    /// <param name="cancellationToken">Cancels the wait for the page.</param>
    public Task<BrowserPage> OpenAsync(string path, int width, CancellationToken cancellationToken) =>
        BrowserPage.OpenAsync(_tools, new Uri(Path.GetFullPath(path)), width, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        // The processes of the browser write to the profile until they have ended.
        await Eventually.IsTrueAsync(TryDelete, CancellationToken.None);
    }

    private bool TryDelete()
    {
        try
        {
            _profile.Delete(recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<Uri> ReadAddressAsync(Process process, CancellationToken cancellationToken)
    {
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            if (Address().Match(line) is { Success: true } match)
                return new Uri(match.Value);
        throw new InvalidOperationException("Chromium ended before it opened its port.");
    }

    [GeneratedRegex(@"ws://\S+")]
    private static partial Regex Address();
}
