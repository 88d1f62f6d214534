using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace ModelBuild.Tasks.Program;

/// <summary>
/// One start of the program. Its standard input stays open as long as this process lives: when it closes, because the build was cancelled
/// or its process is gone, the program stops by itself and takes its temporary files along.
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
    /// <param name="arguments">What follows it.</param>
    /// <param name="folder">The folder to run in.</param>
    /// <param name="grace">How long a program that was told to stop may take before it is killed.</param>
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

    /// <summary>The number of its process.</summary>
    public int Id => _process.Id;

    /// <summary>The lines as they come, until the program has closed both its streams.</summary>
    public IEnumerable<(string Line, bool IsError)> Lines => _lines.GetConsumingEnumerable();

    /// <summary>The exit code, when the lines have ended.</summary>
    public int ExitCode
    {
        get
        {
            _process.WaitForExit();
            return _process.ExitCode;
        }
    }

    /// <summary>Tells the program to stop, and kills it if it does not. May be called from any thread, at any time.</summary>
    public void Cancel()
    {
        try
        {
            _process.StandardInput.Close();
            _killer = new Timer(_ => Kill(), null, _grace, Timeout.InfiniteTimeSpan);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // It has ended meanwhile.
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
            // The whole tree, where the runtime can: netstandard2.0 only knows the process itself.
            if (typeof(Process).GetMethod("Kill", [typeof(bool)]) is { } killTree)
                killTree.Invoke(_process, [true]);
            else
                _process.Kill();
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or System.Reflection.TargetInvocationException)
        {
            // It has ended meanwhile.
        }
    }
}
