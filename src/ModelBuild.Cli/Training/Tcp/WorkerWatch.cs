using System.Net.Sockets;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>
/// Watches the other workers. Each of them has a connection to worker 0 and sends a message every few seconds. A worker that closes its connection or is silent
/// has failed, and worker 0 tells all others.
/// </summary>
internal sealed class WorkerWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // The reason of a broken connection of the ring arrives by another connection, and possibly a moment later.
    private static readonly TimeSpan FaultPatience = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<WatchConnection> _connections;
    private readonly Action _onFault;
    private readonly Timer _timer;
    private readonly TaskCompletionSource<string> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hasEnded;

    /// <summary>Begins to watch.</summary>
    /// <param name="connections">The connections to all other workers in worker 0, and that to worker 0 in others.</param>
    /// <param name="onFault">Is called once after a worker has failed.</param>
    public WorkerWatch(IReadOnlyList<WatchConnection> connections, Action onFault)
    {
        (_connections, _onFault) = (connections, onFault);
        foreach (var connection in connections)
            new Thread(() => Watch(connection)) { IsBackground = true, Name = "watch" }.Start();
        _timer = new Timer(_ => Tell(WatchMessage.Alive), state: null, Interval, Interval);
    }

    /// <summary>Returns the error for a connection of the ring that broke.</summary>
    /// <param name="exception">The exception of the connection.</param>
    public CompressionException Fault(Exception exception) =>
        new(
            Codes.WorkerLost,
            (_fault.Task.Wait(FaultPatience) ? _fault.Task.Result : $"The connection to another worker broke: {exception.Message.TrimEnd('.')}")
                + " All workers have ended.",
            inner: exception
        );

    /// <summary>Ends all workers.</summary>
    /// <param name="reason">What happened, as a sentence.</param>
    public void Abort(string reason)
    {
        if (!_fault.TrySetResult(reason))
            return;
        Tell(WatchMessage.Fault, reason);
        _onFault();
    }

    public void Dispose()
    {
        _timer.Dispose();
        Tell(WatchMessage.Done);
        Volatile.Write(ref _hasEnded, 1);
        foreach (var connection in _connections)
            connection.Dispose();
    }

    private void Tell(WatchMessage kind, string text = "")
    {
        foreach (var connection in _connections)
            connection.Send(kind, text);
    }

    private void Watch(WatchConnection connection)
    {
        try
        {
            while (true)
            {
                var (kind, text) = connection.Receive();
                if (kind == WatchMessage.Done)
                    return;
                if (kind != WatchMessage.Fault)
                    continue;
                Abort(text);
                return;
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            Lose($"Worker {connection.Rank} has not answered for {WatchConnection.Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            Lose($"Worker {connection.Rank} has ended without a message, as a process that was killed does.");
        }
    }

    private void Lose(string reason)
    {
        if (Volatile.Read(ref _hasEnded) == 0)
            Abort(reason);
    }
}
