using System.Net.Sockets;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>
/// Connects workers in a ring of TCP connections. A sum divides the numbers into one part for each worker: every part goes around the ring once and is added
/// up, and goes around again as the result, so that each worker sends and receives about twice the bytes of the numbers, however many workers there are
/// (Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", 2009).
/// </summary>
internal sealed class TcpGroup : IProcessGroup
{
    // The number of bytes up to which a message is small. Small messages fit the buffers of the operating system, so that sending them does not wait for the
    // receiver.
    private const int Small = 4096;

    private const int KeepAliveSeconds = 5;
    private const int KeepAliveTries = 3;

    // The number of bytes of the pieces in which a broadcast is forwarded along the ring.
    private const int Piece = 1 << 20;

    private readonly WorkerPlace _place;
    private readonly Socket _next;
    private readonly Socket _previous;
    private readonly RingSender _sender;
    private readonly WorkerWatch _watch;
    private readonly CancellationTokenRegistration _closing;

    /// <summary>Initializes a new instance of the <see cref="TcpGroup"/> class.</summary>
    /// <param name="place">The place of this process.</param>
    /// <param name="next">The connection to the next worker.</param>
    /// <param name="previous">The connection from the worker before.</param>
    /// <param name="watch">Watches the other workers.</param>
    public TcpGroup(WorkerPlace place, Socket next, Socket previous, WorkerWatch watch)
    {
        (_place, _next, _previous, _watch) = (place, next, previous, watch);
        KeepAlive(next);
        KeepAlive(previous);
        _sender = new RingSender(next);
        _closing = watch.Ended.Register(CloseRing);
    }

    /// <inheritdoc/>
    public int Rank => _place.Rank;

    /// <inheritdoc/>
    public int Size => _place.Size;

    /// <inheritdoc/>
    public int Threads => _place.Threads;

    /// <inheritdoc/>
    public int OnMachine => _place.OnMachine;

    /// <inheritdoc/>
    public bool IsTraining { get; set; }

    /// <inheritdoc/>
    public bool IsEndedByLauncher => false;

    /// <inheritdoc/>
    public CancellationToken Ended => _watch.Ended;

    /// <inheritdoc/>
    public string Transport => "TCP";

    /// <inheritdoc/>
    public void Sum(Memory<float> values) => Guard(() => Add(values.Span));

    /// <inheritdoc/>
    public void Sum(Memory<double> values) => Guard(() => Add(values.Span));

    /// <inheritdoc/>
    public void Broadcast(Memory<byte> bytes) => Guard(() => PassOn(bytes.Span));

    /// <inheritdoc/>
    public void Abort(Failure failure, string model) =>
        _watch.Abort($"Worker {Rank} has failed: {failure.Text}{(failure.File is { } file ? $" ({file})" : "")}");

    /// <inheritdoc/>
    public CompressionException Fault(Exception exception) => _watch.Fault(exception);

    public void Dispose()
    {
        _closing.Dispose();
        _watch.Dispose();
        _sender.Dispose();
        CloseRing();
    }

    private void Add<T>(Span<T> values)
        where T : unmanaged, INumber<T>
    {
        var parts = new Parts(values.Length, Size);
        var received = new T[parts.Longest];
        for (var step = 0; step < Size - 1; step++)
        {
            var (start, count) = parts[Rank - step - 1];
            var target = values.Slice(start, count);
            Exchange(Part(values, parts, Rank - step), received.AsSpan(0, count));
            TensorPrimitives.Add<T>(received.AsSpan(0, count), target, target);
        }

        for (var step = 0; step < Size - 1; step++)
            Exchange(Part(values, parts, Rank + 1 - step), Part(values, parts, Rank - step));
    }

    private static Span<T> Part<T>(Span<T> values, Parts parts, int index) => values.Slice(parts[index].Start, parts[index].Count);

    // Sends and receives at the same time, because all workers send before they receive.
    private unsafe void Exchange<T>(ReadOnlySpan<T> sent, Span<T> received)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(sent);
        if (bytes.Length <= Small)
        {
            _next.SendAll(bytes);
            _previous.ReceiveAll(MemoryMarshal.AsBytes(received));
            return;
        }

        fixed (byte* start = bytes)
        {
            _sender.Begin(start, bytes.Length);
            try
            {
                _previous.ReceiveAll(MemoryMarshal.AsBytes(received));
            }
            catch
            {
                // The connections are closed and the sender is awaited, because the memory must not move while the sender still reads it.
                CloseRing();
                _sender.Wait();
                throw;
            }

            if (_sender.Wait() is { } fault)
                throw new IOException(fault.Message, fault);
        }
    }

    private void PassOn(Span<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(Piece, bytes.Length)..])
        {
            var piece = bytes[..Math.Min(Piece, bytes.Length)];
            if (Rank > 0)
                _previous.ReceiveAll(piece);
            if (Rank < Size - 1)
                _next.SendAll(piece);
        }
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            throw _watch.Fault(exception);
        }
    }

    // Turns on TCP keep-alive, which detects a connection that is lost between two workers although both still reach worker 0.
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveTries);
    }

    private void CloseRing()
    {
        _next.Dispose();
        _previous.Dispose();
    }

    // Represents the division of numbers into parts of almost the same size. The number of a part counts around the ring.
    private readonly record struct Parts(int Length, int Size)
    {
        public int Longest => (Length + Size - 1) / Size;

        public (int Start, int Count) this[int index]
        {
            get
            {
                var part = ((index % Size) + Size) % Size;
                var (start, end) = ((int)((long)Length * part / Size), (int)((long)Length * (part + 1) / Size));
                return (start, end - start);
            }
        }
    }
}
