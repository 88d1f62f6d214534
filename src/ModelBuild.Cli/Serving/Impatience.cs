using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ModelBuild.Cli.Serving;

/// <summary>Kills a process that was asked to end, when it does not end within a time limit, or at the second Ctrl+C.</summary>
internal sealed class Impatience : IDisposable
{
    private readonly Process _process;
    private readonly TimeSpan _limit;
    private readonly PosixSignalRegistration _interrupts;
    private readonly Timer _timer;
    private int _count;

    /// <summary>Initializes a new instance of the <see cref="Impatience"/> class.</summary>
    /// <param name="process">The process that may be killed.</param>
    /// <param name="limit">The time that the process has after <see cref="Begin"/>.</param>
    public Impatience(Process process, TimeSpan limit)
    {
        (_process, _limit) = (process, limit);
        _timer = new Timer(_ => Kill());
        _interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
    }

    /// <summary>Gets whether this object has killed the process.</summary>
    public bool HasKilled { get; private set; }

    /// <summary>Starts the time limit.</summary>
    public void Begin() => _timer.Change(_limit, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _interrupts.Dispose();
        _timer.Dispose();
    }

    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
            Kill();
    }

    private void Kill()
    {
        try
        {
            HasKilled = true;
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // The process has already ended and need not be killed.
        }
    }
}
