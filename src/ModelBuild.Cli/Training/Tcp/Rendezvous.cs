using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>
/// Brings the workers of a training together. All of them connect to worker 0, which tells each where the others listen. Then each connects to the next one.
/// </summary>
internal sealed class Rendezvous : IDisposable
{
    // Batch systems start the tasks of a job at different times.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly WorkerPlace _place;
    private readonly MeetingPoint _meeting;
    private readonly WorkerListener _listener;
    private readonly List<WatchConnection> _watches = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationToken _cancellationToken;

    private Rendezvous(WorkerPlace place, MeetingPoint meeting, WorkerListener listener, CancellationToken cancellationToken) =>
        (_place, _meeting, _listener, _cancellationToken) = (place, meeting, listener, cancellationToken);

    /// <summary>Connects this process with the other workers.</summary>
    /// <param name="place">The place of this process.</param>
    /// <param name="meeting">Where the workers meet.</param>
    /// <param name="cancellationToken">Ends the wait for the others.</param>
    /// <exception cref="CompressionException">MB1052: the others did not come in time, or the address cannot be used.</exception>
    public static TcpGroup Join(WorkerPlace place, MeetingPoint meeting, CancellationToken cancellationToken)
    {
        try
        {
            if (place.Rank == 0)
            {
                using var first = Listen(place, meeting, cancellationToken);
                return first.Lead(cancellationToken);
            }

            var clock = Stopwatch.StartNew();
            var socket = Connect(meeting, clock, cancellationToken);
            var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
            var listener = new WorkerListener(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port: 0, meeting.Secret);
            using var other = new Rendezvous(place, meeting, listener, cancellationToken);
            return other.Follow(socket);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new CompressionException(
                Codes.WorkerLost,
                $"Worker {place.Rank} of {place.Size} did not find the others at {meeting.Host}:{meeting.Port}: {exception.Message.TrimEnd('.')}.",
                inner: exception
            );
        }
    }

    /// <summary>Begins to listen as worker 0.</summary>
    /// <exception cref="SocketException">The address is in use, or is not one of this machine.</exception>
    public static Rendezvous Listen(WorkerPlace place, MeetingPoint meeting, CancellationToken cancellationToken)
    {
        // The name of a machine is often that of its loopback address in its own table of names, so a name stands for all addresses of the machine.
        var address =
            IPAddress.TryParse(meeting.Host, out var parsed) ? parsed
            : meeting.Host == "localhost" ? IPAddress.Loopback
            : IPAddress.Any;
        return new Rendezvous(place, meeting, new WorkerListener(address, meeting.Port, meeting.Secret), cancellationToken);
    }

    /// <summary>The port on which this process listens.</summary>
    public int Port => _listener.EndPoint.Port;

    /// <summary>Waits for the other workers as worker 0.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CompressionException">MB1052: the others did not come in time.</exception>
    public TcpGroup Lead(CancellationToken cancellationToken)
    {
        var addresses = new string[_place.Size];
        addresses[0] = _listener.EndPoint.ToString();
        Socket? previous = null;
        try
        {
            while (_watches.Count < _place.Size - 1)
            {
                var (greeting, socket) = Take(cancellationToken);
                if (greeting.Purpose != ConnectionPurpose.Watch || greeting.Rank <= 0 || greeting.Rank >= _place.Size || addresses[greeting.Rank] is not null)
                {
                    socket.Dispose();
                    continue;
                }

                addresses[greeting.Rank] = new IPEndPoint(((IPEndPoint)socket.RemoteEndPoint!).Address, greeting.Port).ToString();
                _watches.Add(new WatchConnection(greeting.Rank, socket));
            }

            Tell(WatchMessage.Addresses, string.Join(' ', addresses));
            var next = Ring(addresses[1]);
            previous = Previous(cancellationToken);
            return new TcpGroup(_place, next, previous, _watches);
        }
        catch (Exception exception)
        {
            Tell(WatchMessage.Fault, exception.Message);
            _watches.ForEach(watch => watch.Dispose());
            previous?.Dispose();
            throw;
        }
    }

    public void Dispose() => _listener.Dispose();

    private TcpGroup Follow(Socket socket)
    {
        var watch = new WatchConnection(rank: 0, socket);
        try
        {
            new Greeting(ConnectionPurpose.Watch, _place.Rank, Port).Send(socket, _meeting.Secret);
            var addresses = Addresses(watch);
            // The address of worker 0 is that to which this worker has connected.
            addresses[0] = socket.RemoteEndPoint!.ToString()!;
            var next = Ring(addresses[(_place.Rank + 1) % _place.Size]);
            return new TcpGroup(_place, next, Previous(_cancellationToken), [watch]);
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    // Worker 0 sends the addresses when all workers are there.
    private string[] Addresses(WatchConnection watch)
    {
        while (true)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var (kind, text) = watch.Receive();
            if (kind == WatchMessage.Addresses)
                return text.Split(' ');
            if (kind == WatchMessage.Fault)
                throw new CompressionException(Codes.WorkerLost, text);
        }
    }

    private static Socket Connect(MeetingPoint meeting, Stopwatch clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Connect(meeting.Host, meeting.Port);
                return socket;
            }
            catch (SocketException) when (clock.Elapsed < Patience)
            {
                socket.Dispose();
                Thread.Sleep(Pause);
            }
        }
    }

    private Socket Ring(string address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(IPEndPoint.Parse(address));
            new Greeting(ConnectionPurpose.Ring, _place.Rank, Port).Send(socket, _meeting.Secret);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Socket Previous(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (greeting, socket) = Take(cancellationToken);
            if (greeting.Purpose == ConnectionPurpose.Ring && greeting.Rank == (_place.Rank + _place.Size - 1) % _place.Size)
                return socket;
            socket.Dispose();
        }
    }

    private void Tell(WatchMessage kind, string text = "")
    {
        foreach (var watch in _watches)
            watch.Send(kind, text);
    }

    private (Greeting Greeting, Socket Socket) Take(CancellationToken cancellationToken)
    {
        while (_clock.Elapsed < Patience)
        {
            if (_listener.Take(Pause, cancellationToken) is { } connection)
                return connection;
            // Workers that wait hear that worker 0 is alive.
            Tell(WatchMessage.Alive);
        }

        throw new CompressionException(
            Codes.WorkerLost,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Only {Math.Min(_watches.Count + 1, _place.Size)} of {_place.Size} workers were there after {Patience.TotalSeconds:0} seconds: "
            ) + "all need the same address, secret and network."
        );
    }
}
