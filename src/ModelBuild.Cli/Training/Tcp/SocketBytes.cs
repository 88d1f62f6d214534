using System.Net.Sockets;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Sends and receives all bytes of a message.</summary>
internal static class SocketBytes
{
    /// <summary>Sends all bytes of a message.</summary>
    /// <exception cref="SocketException">The connection does not work.</exception>
    public static void SendAll(this Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>Receives bytes until the memory is full.</summary>
    /// <exception cref="SocketException">The connection does not work.</exception>
    /// <exception cref="EndOfStreamException">The other side has closed the connection.</exception>
    public static void ReceiveAll(this Socket socket, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var count = socket.Receive(bytes);
            if (count == 0)
                throw new EndOfStreamException("the other side has closed the connection");
            bytes = bytes[count..];
        }
    }

    /// <summary>Receives a number of bytes.</summary>
    /// <exception cref="SocketException">The connection does not work.</exception>
    /// <exception cref="EndOfStreamException">The other side has closed the connection.</exception>
    public static byte[] ReceiveAll(this Socket socket, int count)
    {
        var bytes = new byte[count];
        socket.ReceiveAll(bytes.AsSpan());
        return bytes;
    }
}
