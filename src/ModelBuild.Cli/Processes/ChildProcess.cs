using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ModelBuild.Cli.Processes;

/// <summary>
/// Starts a command of this program as a child process, which reads a request from its standard input. A crash of ONNX Runtime ends only the child process, and
/// the memory of the child process is separate from that of this process. The standard input stays open while the child process runs, so that the child process
/// ends if this process is killed.
/// </summary>
/// <param name="command">The name of the command.</param>
/// <param name="onnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
/// <param name="temporaryFolder">The folder of the temporary files of the child, which remain if it is killed; null for that of this process.</param>
internal sealed class ChildProcess(string command, string? onnxRuntime, string? temporaryFolder = null)
{
    /// <summary>The encoding of requests and answers, which may have paths with any characters.</summary>
    public static readonly Encoding Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    // The environment variables that set the temporary folder on Unix and on Windows.
    private static readonly string[] _temporaryVariables = ["TMPDIR", "TMP", "TEMP"];

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a request in a new child process to its end.</summary>
    /// <param name="request">The text of the request.</param>
    /// <param name="limits">The limits, beyond which the process is killed.</param>
    /// <param name="cancellationToken">Kills the process.</param>
    public ProcessEnd Run(string request, ProcessLimits limits, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo())!;
        using var cancelled = cancellationToken.Register(() => Kill(process));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        Send(process, request);
        var exceeded = Wait(process, limits);
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        return new ProcessEnd(output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult(), process.ExitCode, exceeded);
    }

    private static string? Wait(Process process, ProcessLimits limits)
    {
        var clock = Stopwatch.StartNew();
        while (!process.WaitForExit(Interval))
        {
            if (Exceeded(process, limits, clock.Elapsed) is not { } exceeded)
                continue;
            Kill(process);
            return exceeded;
        }

        return null;
    }

    private static string? Exceeded(Process process, ProcessLimits limits, TimeSpan elapsed)
    {
        if (limits.Time is { } time && elapsed > time)
            return string.Create(CultureInfo.InvariantCulture, $"it took more than {time.TotalSeconds:0} seconds");
        return limits.Bytes is { } bytes && Memory(process) > bytes
            ? string.Create(CultureInfo.InvariantCulture, $"it needed more than {bytes >> 20:N0} MiB of memory")
            : null;
    }

    private static long Memory(Process process)
    {
        try
        {
            process.Refresh();
            return process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // The process has ended in the meantime, so it has no memory.
            return 0;
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(ThisProgram.Host, ThisProgram.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding,
            StandardOutputEncoding = Encoding,
        };
        foreach (var name in temporaryFolder is null ? [] : _temporaryVariables)
            start.Environment[name] = temporaryFolder;
        start.ArgumentList.Add(command);
        if (onnxRuntime is not null)
        {
            start.ArgumentList.Add("--onnxruntime");
            start.ArgumentList.Add(onnxRuntime);
        }

        return start;
    }

    private static void Send(Process process, string text)
    {
        try
        {
            process.StandardInput.Write(text);
            process.StandardInput.Write(ParentProcess.EndOfRequest);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The child process ended before it read the whole request. Its exit code is reported later.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or AggregateException or Win32Exception)
        {
            // The child process, or a process that it started, has already ended and need not be killed.
        }
    }
}
