using System.Net.Sockets;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>
/// Describes why a request got no answer. The texts of .NET are not used, because they may contain the password of a proxy, or text of the server.
/// </summary>
internal static class RequestFaults
{
    /// <summary>Returns the reason why a request got no answer, without a full stop.</summary>
    /// <param name="exception">The exception of the request.</param>
    public static string Text(HttpRequestException exception) =>
        // The text of a socket error can be shown, because it comes from the operating system and not from .NET or the server.
        exception.GetBaseException()
            is SocketException socket
            ? socket.Message.TrimEnd('.')
            : exception.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "the name of the server is unknown",
                HttpRequestError.ConnectionError => "no connection was made",
                HttpRequestError.SecureConnectionError => "no encrypted connection was made, because the certificate is not trusted or TLS fails",
                HttpRequestError.ProxyTunnelError => "the proxy refuses the connection",
                HttpRequestError.ResponseEnded => "the connection was closed before the end of an answer",
                HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => "its answer is not valid HTTP",
                HttpRequestError.ConfigurationLimitExceeded => "the headers of its answer are too long",
                _ => "the request failed",
            };
}
