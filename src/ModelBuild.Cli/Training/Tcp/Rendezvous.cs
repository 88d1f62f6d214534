using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>
/// Connects the workers of a training with each other. All of them connect to worker 0, which sends the addresses of all workers. Then each worker connects
/// to the next one of the ring.
/// </summary>
internal sealed class Rendezvous : IDisposable
{
    // The time for which a worker waits for the others. It is long because batch systems start the tasks of a job at different times.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // The time for which a worker waits for its neighbour in the ring. It is short because all workers connect to their neighbours at the same time.
    private static readonly TimeSpan RingPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly WorkerPlace _place;
    private readonly MeetingPoint _meeting;
    private readonly WorkerListener _listener;

    private Rendezvous(WorkerPlace place, MeetingPoint meeting, IPAddress address, int port) =>
        (_place, _meeting, _listener) = (place, meeting, new WorkerListener(address, port, meeting.Secret));

    /// <summary>Gets the port on which this process listens.</summary>
    public int Port => _listener.EndPoint.Port;

    /// <summary>Connects this process with the other workers.</summary>
    /// <param name="place">The place of this process.</param>
    /// <param name="meeting">The address of worker 0 and the secret of the workers.</param>
    /// <param name="cancellationToken">Ends the wait for the others.</param>
    /// <exception cref="CompressionException">MB1052: the others did not come in time, or the address cannot be used.</exception>
    public static TcpGroup Join(WorkerPlace place, MeetingPoint meeting, CancellationToken cancellationToken)
    {
        if (place.Rank > 0)
            return Guard(place, meeting, () => Follow(place, meeting, cancellationToken));
        using var first = Guard(place, meeting, () => Listen(place, meeting));
        return first.Lead(cancellationToken);
    }

    /// <summary>Begins to listen as worker 0.</summary>
    /// <exception cref="SocketException">The address is in use, or is not one of this machine.</exception>
    public static Rendezvous Listen(WorkerPlace place, MeetingPoint meeting) =>
        // A host name makes worker 0 listen on all addresses of the machine, because a machine often has its own name for its loopback address.
        new(place, meeting, IPAddress.TryParse(meeting.Host, out var address) ? address : Any, meeting.Port);

    /// <summary>Waits for the other workers as worker 0.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CompressionException">MB1052: the others did not come in time.</exception>
    public TcpGroup Lead(CancellationToken cancellationToken) =>
        Guard(
            _place,
            _meeting,
            () =>
                Watched(
                    (watch, either) =>
                    {
                        var addresses = Meet(watch, either);
                        watch.Tell(WatchMessage.Addresses, string.Join(' ', addresses));
                        return FormRing(addresses, watch, either);
                    },
                    cancellationToken
                )
        );

    public void Dispose() => _listener.Dispose();

    private static IPAddress Any => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    private static TcpGroup Follow(WorkerPlace place, MeetingPoint meeting, CancellationToken cancellationToken)
    {
        var socket = Connect(meeting, cancellationToken);
        try
        {
            var first = Plain((IPEndPoint)socket.RemoteEndPoint!);
            using var other = new Rendezvous(
                place,
                meeting,
                ListeningAddress(Plain((IPEndPoint)socket.LocalEndPoint!).Address, first.Address, meeting),
                port: 0
            );
            new Greeting(ConnectionPurpose.Watch, place.Rank, other.Port).Send(socket, meeting.Secret);
            return Watched(
                (watch, either) =>
                {
                    watch.Add(new WatchConnection(rank: 0, socket));
                    if (!watch.Addresses.Wait((int)Patience.TotalMilliseconds, either))
                        throw Late(place, present: null, Patience);
                    var addresses = watch.Addresses.Result.Split(' ');
                    return other.FormRing(Array.ConvertAll(addresses, address => Reachable(address, first)), watch, either);
                },
                cancellationToken
            );
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Returns the address on which a worker listens. A worker on the machine of worker 0 may reach it by the loopback address, which other machines cannot use.
    private static IPAddress ListeningAddress(IPAddress own, IPAddress first, MeetingPoint meeting) =>
        IPAddress.IsLoopback(own) && !(IPAddress.TryParse(meeting.Host, out var given) && IPAddress.IsLoopback(given)) && IPAddress.IsLoopback(first)
            ? Any
            : own;

    private static string Reachable(string address, IPEndPoint first)
    {
        var point = IPEndPoint.Parse(address);
        if (point.Address.Equals(IPAddress.Any) || point.Address.Equals(IPAddress.IPv6Any))
            return first.ToString();
        return IPAddress.IsLoopback(point.Address) ? new IPEndPoint(first.Address, point.Port).ToString() : address;
    }

    private static IPEndPoint Plain(IPEndPoint point) => new(point.Address.IsIPv4MappedToIPv6 ? point.Address.MapToIPv4() : point.Address, point.Port);

    private static TcpGroup Watched(Func<WorkerWatch, CancellationToken, TcpGroup> connect, CancellationToken cancellationToken)
    {
        var watch = new WorkerWatch();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Ended);
        try
        {
            return connect(watch, either.Token);
        }
        catch (OperationCanceledException exception) when (watch.Ended.IsCancellationRequested)
        {
            watch.Dispose();
            throw watch.Fault(exception);
        }
        catch (Exception exception)
        {
            watch.Abort(exception.Message);
            watch.Dispose();
            throw;
        }
    }

    private string[] Meet(WorkerWatch watch, CancellationToken cancellationToken)
    {
        var (clock, addresses) = (Stopwatch.StartNew(), new string?[_place.Size]);
        addresses[0] = _listener.EndPoint.ToString();
        while (addresses.Contains(null))
        {
            if (_listener.Take(Patience - clock.Elapsed, cancellationToken) is not var (greeting, socket))
                throw Late(_place, addresses.Count(address => address is not null), Patience);
            if (greeting.Purpose != ConnectionPurpose.Watch || greeting.Rank <= 0 || greeting.Rank >= _place.Size || addresses[greeting.Rank] is not null)
            {
                socket.Dispose();
                continue;
            }

            addresses[greeting.Rank] = new IPEndPoint(Plain((IPEndPoint)socket.RemoteEndPoint!).Address, greeting.Port).ToString();
            watch.Add(new WatchConnection(greeting.Rank, socket));
        }

        return addresses!;
    }

    private TcpGroup FormRing(string[] addresses, WorkerWatch watch, CancellationToken cancellationToken)
    {
        Socket? next = null;
        Socket? previous = null;
        try
        {
            next = Open(IPEndPoint.Parse(addresses[(_place.Rank + 1) % _place.Size]), cancellationToken);
            new Greeting(ConnectionPurpose.Ring, _place.Rank, Port).Send(next, _meeting.Secret);
            previous = Previous(cancellationToken);
            return new TcpGroup(_place, next, previous, watch);
        }
        catch
        {
            next?.Dispose();
            previous?.Dispose();
            throw;
        }
    }

    private Socket Previous(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (_listener.Take(RingPatience - clock.Elapsed, cancellationToken) is var (greeting, socket))
        {
            if (greeting.Purpose == ConnectionPurpose.Ring && greeting.Rank == (_place.Rank + _place.Size - 1) % _place.Size)
                return socket;
            socket.Dispose();
        }

        throw new CompressionException(
            Codes.WorkerLost,
            $"The worker before worker {_place.Rank} could not connect to it in {RingPatience.TotalSeconds:0} seconds: the workers must reach each other on "
                + "any port."
        );
    }

    private static Socket Connect(MeetingPoint meeting, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
            try
            {
                return Open(new DnsEndPoint(meeting.Host, meeting.Port), cancellationToken);
            }
            catch (SocketException) when (clock.Elapsed < Patience)
            {
                cancellationToken.WaitHandle.WaitOne(Pause);
            }
    }

    private static Socket Open(EndPoint address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectPatience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.ConnectAsync(address, limit.Token).AsTask().GetAwaiter().GetResult();
            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
    }

    private static T Guard<T>(WorkerPlace place, MeetingPoint meeting, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            throw new CompressionException(
                Codes.WorkerLost,
                $"Worker {place.Rank} of {place.Size} did not find the others at {meeting.Host}:{meeting.Port}: {exception.Message.TrimEnd('.')}.",
                inner: exception
            );
        }
    }

    private static CompressionException Late(WorkerPlace place, int? present, TimeSpan patience) =>
        new(
            Codes.WorkerLost,
            (present is { } count ? $"Only {count} of {place.Size} workers were there" : $"Not all of {place.Size} workers were there")
                + $" after {patience.TotalSeconds:0} seconds: all need the same address, secret and network."
        );
}
