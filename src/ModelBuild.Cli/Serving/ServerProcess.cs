using System.Diagnostics;
using System.Globalization;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Processes;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Serving;

/// <summary>
/// Serves models in a child process, because only that process needs ASP.NET Core. The child ends when its standard input ends, so that it does not outlive
/// this process.
/// </summary>
internal static class ServerProcess
{
    // The last byte of the exit code of `dotnet` when a shared framework is missing (0x80008096). Unix keeps only that byte of an exit code.
    private const int FrameworkMissing = 0x96;

    // The time after which the serving process is killed. The serving process ends itself after 27 seconds, and this program ends after 30 seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(28);

    /// <summary>Serves models until the token is cancelled or the process ends.</summary>
    /// <param name="request">The models, addresses and limits of the server.</param>
    /// <param name="started">Receives the addresses when the server listens.</param>
    /// <param name="cancellationToken">Ends the server after the requests in progress. The process is killed when it does not end in time.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CompressionException">
    /// MB1051: there is no ASP.NET Core; MB1013: the process failed; MB1014: requests in progress did not end in time, or a second Ctrl+C ended them; other
    /// codes:
    /// the process reports why it does not serve.
    /// </exception>
    public static int Run(ServeRequest request, Action<ServeAnswer> started, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo())!;
        using var impatience = new Impatience(process, Patience);
        var errors = new ServerErrors();
        var output = new ServerOutput(errors);
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data);
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        Send(process, request);
        using var end = cancellationToken.Register(() =>
        {
            impatience.Begin();
            End(process);
        });
        var answer = output.WaitForAnswer();
        if (answer is { Failure: null })
        {
            errors.Show();
            started(answer);
        }

        process.WaitForExit();
        if (answer?.Failure is { } failure)
            throw new CompressionException(failure.Code, failure.Text, failure.File);
        // The process may have ended without an answer, because Ctrl+C also reaches it, possibly before it listens.
        if (process.ExitCode == ServeExit.Ended || (answer is null && cancellationToken.IsCancellationRequested))
            return ExitCode.Good;
        if (impatience.HasKilled || process.ExitCode == ServeExit.Interrupted)
            throw new CompressionException(Codes.Cancelled, "The server ended before the requests in progress.");
        throw answer is null && (process.ExitCode & 0xFF) == FrameworkMissing ? Missing() : Failed(process.ExitCode, errors.Reason());
    }

    private static ProcessStartInfo StartInfo() =>
        new(ThisProgram.Dotnet, [Path.Combine(AppContext.BaseDirectory, "serve", "ModelBuild.Server.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    private static void Send(Process process, ServeRequest request)
    {
        try
        {
            process.StandardInput.WriteLine(ServeMessages.Line(request));
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The serving process ended before it read the whole request. Its exit code is reported later.
        }
    }

    private static void End(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The serving process has already ended.
        }
    }

    private static CompressionException Missing() =>
        new(
            Codes.AspNetCoreMissing,
            $"This command needs the ASP.NET Core runtime, which '{ThisProgram.Dotnet}' does not have. Install it: the package aspnetcore-runtime-"
                + string.Create(CultureInfo.InvariantCulture, $"{Environment.Version.Major}.0 of a package manager, or the installer of ")
                + "https://dotnet.microsoft.com/download. The .NET SDK contains it."
        );

    private static CompressionException Failed(int exitCode, string? reason) =>
        new(
            Codes.ProgramFailed,
            string.Create(CultureInfo.InvariantCulture, $"The process that serves ended with exit code {exitCode}") + (reason is null ? "." : $": {reason}")
        );
}
