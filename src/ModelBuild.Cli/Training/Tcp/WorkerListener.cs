using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Accepts the connections of workers that have the secret, and closes all others.</summary>
internal sealed class WorkerListener : IDisposable
{
    // The time after which a connection without a complete greeting is closed, because a foreign process may send nothing, or may send its bytes very slowly.
    private static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // The largest number of connections whose greeting is awaited at the same time. Further connections wait.
    private const int MaxGreetings = 64;

    private readonly Socket _socket;
    private readonly string _secret;
    private readonly SemaphoreSlim _greetings = new(MaxGreetings);
    private readonly CancellationTokenSource _end = new();
    private readonly BlockingCollection<(Greeting Greeting, Socket Socket)> _accepted = [];

    /// <summary>Starts to listen for workers.</summary>
    /// <param name="address">The address of this machine.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="SocketException">The address is in use, or is not one of this machine.</exception>
    public WorkerListener(IPAddress address, int port, string secret)
    {
        (_socket, _secret) = (new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp), secret);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
                _socket.DualMode = true;
            _socket.Bind(new IPEndPoint(address, port));
            _socket.Listen();
            EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        new Thread(Accept) { IsBackground = true, Name = "workers" }.Start();
    }

    /// <summary>Gets the address and the port.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Returns the next connection of a worker; null if none comes in time.</summary>
    /// <param name="patience">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public (Greeting Greeting, Socket Socket)? Take(TimeSpan patience, CancellationToken cancellationToken) =>
        _accepted.TryTake(out var connection, Math.Max(0, (int)patience.TotalMilliseconds), cancellationToken) ? connection : null;

    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        if (!_accepted.IsAddingCompleted)
            _accepted.CompleteAdding();
        while (_accepted.TryTake(out var connection))
            connection.Socket.Dispose();
    }

    private void Accept()
    {
        while (!_end.IsCancellationRequested)
            try
            {
                _greetings.Wait(_end.Token);
                var socket = _socket.Accept();
                new Thread(() => Greet(socket)) { IsBackground = true, Name = "greeting" }.Start();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The listener was closed, or the other side closed the connection, or no handles are left. The pause prevents the loop from using a whole
                // core in the last case.
                _end.Token.WaitHandle.WaitOne(Pause);
            }
    }

    private void Greet(Socket socket)
    {
        var isDecided = 0;
        try
        {
            socket.NoDelay = true;
            using var limit = new Timer(_ => CloseUndecided(), state: null, GreetingPatience, Timeout.InfiniteTimeSpan);
            var greeting = Greeting.Receive(socket, _secret);
            if (Interlocked.Exchange(ref isDecided, 1) == 0 && !_accepted.IsAddingCompleted)
                _accepted.Add((greeting, socket));
            else
                socket.Dispose();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            socket.Dispose();
        }
        finally
        {
            _greetings.Release();
        }

        void CloseUndecided()
        {
            if (Interlocked.Exchange(ref isDecided, 1) == 0)
                socket.Dispose();
        }
    }
}
