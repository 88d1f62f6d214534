using System.Globalization;
using System.Net;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Serving;

/// <summary>Reads the addresses that a server listens on, such as <c>http://127.0.0.1:5000</c>.</summary>
internal static class ServerAddress
{
    /// <summary>
    /// Returns the IP address and the port that a text states. Names other than <c>localhost</c> are refused, because a name does not state on which addresses
    /// the server listens.
    /// </summary>
    /// <param name="option">The name of the option.</param>
    /// <param name="text">The value of the option.</param>
    /// <exception cref="CompressionException">MB1005: the text is no such address.</exception>
    public static IPEndPoint Parse(string option, string text)
    {
        if (
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
            && address.Scheme == Uri.UriSchemeHttp
            && HasPort(text, address.Port)
            && Host(address) is { } host
        )
            return new IPEndPoint(host, address.Port);
        throw new CompressionException(
            Codes.UnknownOption,
            $"{option} '{text}' must have the form http://127.0.0.1:5000, with localhost or an IP address, and with a port. "
                + "http://0.0.0.0:5000 listens on all addresses. "
                + "The command has no TLS: use a proxy that ends it, or an application with the package ModelBuild.Serving."
        );
    }

    /// <summary>Returns the address at which a program on this machine reaches a server: the loopback address if the server listens on all addresses.</summary>
    /// <param name="address">The address of the server.</param>
    public static string ForCaller(string address)
    {
        var uri = new Uri(address);
        return !IPAddress.TryParse(uri.DnsSafeHost, out var host) ? address
            : host.Equals(IPAddress.Any) ? string.Create(CultureInfo.InvariantCulture, $"http://{IPAddress.Loopback}:{uri.Port}")
            : host.Equals(IPAddress.IPv6Any) ? string.Create(CultureInfo.InvariantCulture, $"http://[{IPAddress.IPv6Loopback}]:{uri.Port}")
            : address;
    }

    // Returns whether a text states a port. Without one, the address would have the port 80, which needs rights that few users have.
    private static bool HasPort(string text, int port) =>
        text.TrimEnd('/').EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port}"), StringComparison.Ordinal);

    private static IPAddress? Host(Uri address) =>
        address.Host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(address.DnsSafeHost, out var parsed) ? parsed
        : null;
}
