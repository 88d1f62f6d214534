using System.Net.Sockets;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>
/// Watches the other workers. Each of them has a connection to worker 0 and sends a message every few seconds. A worker that closes its connection or sends
/// no message in time has failed, and worker 0 reports this to all others.
/// </summary>
internal sealed class WorkerWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // The time for which a worker waits for the reason of a broken connection of the ring. The reason arrives by another connection, possibly a moment later.
    private static readonly TimeSpan FaultPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<WatchConnection> _connections = [];
    private readonly ManualResetEvent _done = new(initialState: false);
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<string> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _addresses = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Initializes a new instance of the <see cref="WorkerWatch"/> class, and begins to send messages.</summary>
    public WorkerWatch() => new Thread(Beat) { IsBackground = true, Name = "alive" }.Start();

    /// <summary>Gets a token that is cancelled when a worker has failed.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Gets the addresses of all workers, when worker 0 has sent them.</summary>
    public Task<string> Addresses => _addresses.Task;

    /// <summary>Begins to watch a connection. Worker 0 has a connection to each other worker, and every other worker has one connection to worker 0.</summary>
    public void Add(WatchConnection connection)
    {
        lock (_lock)
            _connections.Add(connection);
        new Thread(() => Watch(connection)) { IsBackground = true, Name = "watch" }.Start();
    }

    /// <summary>Sends a message on all connections.</summary>
    public void Tell(WatchMessage kind, string text = "")
    {
        WatchConnection[] connections;
        lock (_lock)
            connections = [.. _connections];
        foreach (var connection in connections)
            connection.Send(kind, text);
    }

    /// <summary>Returns the exception that reports why a connection of the ring broke.</summary>
    /// <param name="exception">The exception of the connection.</param>
    public CompressionException Fault(Exception exception) =>
        new(
            Codes.WorkerLost,
            (_fault.Task.Wait(FaultPatience) ? _fault.Task.Result : $"The connection to another worker broke: {exception.Message.TrimEnd('.')}.")
                + " All workers have ended.",
            inner: exception
        );

    /// <summary>Ends all workers after a failure of this one.</summary>
    /// <param name="reason">The reason of the failure, as a sentence.</param>
    public void Abort(string reason)
    {
        if (!_fault.TrySetResult(reason))
            return;
        Tell(WatchMessage.Fault, reason);
        try
        {
            _ended.Cancel();
        }
        catch (AggregateException)
        {
            // Callbacks of the token may throw. The reason of the failure is recorded before, so their exceptions are ignored.
        }
    }

    public void Dispose()
    {
        Tell(WatchMessage.Done);
        _done.Set();
        lock (_lock)
            _connections.ForEach(connection => connection.Dispose());
    }

    // Sends signs of life until the work ends. This runs on a dedicated thread, because a pool thread would be late if all threads of the pool were busy.
    private void Beat()
    {
        while (!_done.WaitOne(Interval))
            Tell(WatchMessage.Alive);
    }

    private void Watch(WatchConnection connection)
    {
        try
        {
            while (true)
            {
                var (kind, text) = connection.Receive();
                switch (kind)
                {
                    case WatchMessage.Addresses:
                        _addresses.TrySetResult(text);
                        break;
                    case WatchMessage.Fault:
                        Abort(text);
                        return;
                    case WatchMessage.Done:
                        return;
                }
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
        if (!_done.WaitOne(TimeSpan.Zero))
            Abort(reason);
    }
}
