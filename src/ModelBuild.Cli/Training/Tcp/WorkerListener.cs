using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Accepts the connections of workers that know the secret, and closes all others.</summary>
internal sealed class WorkerListener : IDisposable
{
    // A stranger that connects and is silent is closed after this time.
    private static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(5);

    // More connections wait until others have greeted or were closed.
    private const int MaxGreetings = 64;

    private readonly SemaphoreSlim _greetings = new(MaxGreetings);

    private readonly TcpListener _listener;
    private readonly string _secret;
    private readonly BlockingCollection<(Greeting Greeting, Socket Socket)> _accepted = [];

    /// <summary>Starts to listen.</summary>
    /// <param name="address">The address of this machine.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="SocketException">The address is in use, or is not one of this machine.</exception>
    public WorkerListener(IPAddress address, int port, string secret)
    {
        (_listener, _secret) = (new TcpListener(address, port), secret);
        if (address.Equals(IPAddress.IPv6Any))
            _listener.Server.DualMode = true;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "workers" }.Start();
    }

    /// <summary>The address and the port.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Returns the next connection of a worker; null if none comes in time.</summary>
    /// <param name="patience">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public (Greeting Greeting, Socket Socket)? Take(TimeSpan patience, CancellationToken cancellationToken) =>
        _accepted.TryTake(out var connection, Math.Max(0, (int)patience.TotalMilliseconds), cancellationToken) ? connection : null;

    public void Dispose()
    {
        _listener.Dispose();
        while (_accepted.TryTake(out var connection))
            connection.Socket.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                _greetings.Wait();
                var socket = _listener.AcceptSocket();
                new Thread(() => Greet(socket)) { IsBackground = true, Name = "greeting" }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    private void Greet(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            // A stranger may send one byte after another, each in time.
            using var limit = new Timer(_ => socket.Dispose(), state: null, GreetingPatience, Timeout.InfiniteTimeSpan);
            var greeting = Greeting.Receive(socket, _secret);
            if (limit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
                _accepted.Add((greeting, socket));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            socket.Dispose();
        }
        finally
        {
            _greetings.Release();
        }
    }
}
