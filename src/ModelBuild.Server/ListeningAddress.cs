using System.Net;
using System.Net.Sockets;

namespace ModelBuild.Server;

/// <summary>Checks whether the server can listen on the addresses of a request before models are loaded, which can take minutes.</summary>
internal static class ListeningAddress
{
    /// <summary>Listens on all addresses at the same time, and closes them again.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <returns>The reason why the server cannot listen on one of the addresses; null if it can listen on all.</returns>
    public static ServeFailure? Try(IEnumerable<IPEndPoint> addresses)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach (var address in addresses)
                try
                {
                    sockets.Add(Listen(address));
                }
                catch (SocketException exception)
                {
                    return Failure($"http://{address}", Reason(exception));
                }

            return null;
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Creates the failure that reports an address on which the server cannot listen.</summary>
    /// <param name="address">The address.</param>
    /// <param name="reason">The reason, without a full stop.</param>
    public static ServeFailure Failure(string address, string reason) =>
        new(Codes.UnknownOption, null, $"The server cannot listen on {address}: {reason}. Choose another address with --url or --grpc-url.");

    // Opens a socket with the options that the web server Kestrel uses, so that it fails where Kestrel would fail.
    private static Socket Listen(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(address);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Reason(SocketException exception) =>
        exception.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "address already in use",
            SocketError.AddressNotAvailable => "this machine does not have the address",
            SocketError.AccessDenied => "this user may not use the port",
            _ => exception.Message.TrimEnd('.'),
        };
}
