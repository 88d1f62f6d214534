using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace ModelBuild.Tasks.Program;

/// <summary>
/// Represents one run of the program. Its standard input stays open while this process runs. When it is closed, because the build was cancelled or its process
/// ended, the program stops and deletes its temporary files.
/// </summary>
internal sealed class ProgramRun : IDisposable
{
    private readonly Process _process;
    private readonly BlockingCollection<(string Line, bool IsError)> _lines = [];
    private readonly TimeSpan _grace;
    private int _openStreams = 2;
    private Timer? _killer;

    private ProgramRun(Process process, TimeSpan grace)
    {
        _process = process;
        _grace = grace;
        process.OutputDataReceived += (_, data) => Receive(data.Data, false);
        process.ErrorDataReceived += (_, data) => Receive(data.Data, true);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts the program.</summary>
    /// <param name="host">The absolute path of <c>dotnet</c>.</param>
    /// <param name="arguments">The arguments of the host.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="grace">The time that a cancelled program may take to end before it is killed.</param>
    public static ProgramRun Start(string host, IEnumerable<string> arguments, string folder, TimeSpan grace)
    {
        var info = new ProcessStartInfo(host, CommandLine.Join(arguments))
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        return new ProgramRun(Process.Start(info) ?? throw new InvalidOperationException($"'{host}' did not start."), grace);
    }

    /// <summary>Gets the identifier of the program's process.</summary>
    public int Id => _process.Id;

    /// <summary>Gets the output lines as they arrive, until the program closes both of its streams.</summary>
    public IEnumerable<(string Line, bool IsError)> Lines => _lines.GetConsumingEnumerable();

    /// <summary>Gets the exit code of the program. It is available when <see cref="Lines"/> have ended.</summary>
    public int ExitCode
    {
        get
        {
            _process.WaitForExit();
            return _process.ExitCode;
        }
    }

    /// <summary>Cancels the program, and kills it if it does not end in time. The method may be called from any thread at any time.</summary>
    public void Cancel()
    {
        try
        {
            _process.StandardInput.Close();
            _killer = new Timer(_ => Kill(), null, _grace, Timeout.InfiniteTimeSpan);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // The process has already ended, so there is nothing to cancel.
        }
    }

    public void Dispose()
    {
        _killer?.Dispose();
        _process.Dispose();
        _lines.Dispose();
    }

    private void Receive(string? line, bool isError)
    {
        if (line is not null)
            _lines.Add((line, isError));
        else if (Interlocked.Decrement(ref _openStreams) == 0)
            _lines.CompleteAdding();
    }

    private void Kill()
    {
        try
        {
            // The method that kills the process tree is found by reflection, because netstandard2.0 can only kill the process itself.
            if (typeof(Process).GetMethod("Kill", [typeof(bool)]) is { } killTree)
                killTree.Invoke(_process, [true]);
            else
                _process.Kill();
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or System.Reflection.TargetInvocationException)
        {
            // The process has already ended, so it cannot be killed.
        }
    }
}
