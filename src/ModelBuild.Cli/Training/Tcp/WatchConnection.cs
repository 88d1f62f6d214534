using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>
/// Represents a connection between worker 0 and another worker, by which they watch each other. A message has a kind, the length of its text, and the text.
/// </summary>
/// <param name="rank">The number of the worker at the other side.</param>
/// <param name="socket">The connection.</param>
internal sealed class WatchConnection(int rank, Socket socket) : IDisposable
{
    /// <summary>The time after which a worker that sends no message counts as dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int HeadLength = 1 + sizeof(int);

    // The largest number of bytes of a message. The longest message has the addresses of all workers.
    private const int MaxLength = 1 << 20;

    private readonly Lock _lock = new();

    /// <summary>Gets the number of the worker at the other side.</summary>
    public int Rank => rank;

    /// <summary>Sends a message. A failure of the connection is ignored, because the receiving side detects it.</summary>
    public void Send(WatchMessage kind, string text = "")
    {
        var body = Encoding.UTF8.GetBytes(text);
        var message = new byte[HeadLength + body.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(1), body.Length);
        body.CopyTo(message, HeadLength);
        try
        {
            lock (_lock)
                socket.SendAll(message);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side has ended. The thread that receives from this connection detects and reports the end.
        }
    }

    /// <summary>Waits for a message.</summary>
    /// <exception cref="IOException">The other side has closed the connection, or sent no message.</exception>
    /// <exception cref="SocketException">The other side is silent, or the connection does not work.</exception>
    public (WatchMessage Kind, string Text) Receive()
    {
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        var head = socket.ReceiveAll(HeadLength);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1));
        if (length is < 0 or > MaxLength)
            throw new IOException("it sent something else than a message");
        return ((WatchMessage)head[0], Encoding.UTF8.GetString(socket.ReceiveAll(length)));
    }

    public void Dispose() => socket.Dispose();
}
