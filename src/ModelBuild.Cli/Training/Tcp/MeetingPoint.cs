using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Represents the address of worker 0, to which all workers of a training connect, and their secret.</summary>
/// <param name="Host">The name or the IP address of the machine of worker 0.</param>
/// <param name="Port">The port on which worker 0 listens; 0 for any free one.</param>
/// <param name="Secret">The text that a process must have to be accepted as a worker.</param>
internal sealed record MeetingPoint(string Host, int Port, string Secret)
{
    /// <summary>Parses the address of worker 0.</summary>
    /// <param name="address">The address, <c>host:port</c>.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="CompressionException">MB1005: the text is not an address.</exception>
    public static MeetingPoint Parse(string address, string secret)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new MeetingPoint(address[..colon].Trim('[', ']'), port, secret)
            : throw new CompressionException(Codes.UnknownOption, $"{WorkerVariables.Address} '{address}' must be host:port, such as node1:29500.");
    }
}
