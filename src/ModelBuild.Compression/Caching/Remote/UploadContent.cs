using System.Net;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The body of a request that uploads a file of a known length in bytes.</summary>
internal sealed class UploadContent(Stream source, long length, Patience patience) : HttpContent
{
    private const int BufferSize = 1 << 17;

    /// <summary>
    /// Gets the reason why the bytes could not be read on this machine; null if they were read. The property is needed because the exception of the HTTP client
    /// does not distinguish a read error from an error of the connection.
    /// </summary>
    public Exception? ReadFault { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => CopyAsync(stream, patience.Token);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        CopyAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long size)
    {
        size = length;
        return true;
    }

    private async Task CopyAsync(Stream target, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        for (var left = length; ; )
        {
            var count = await ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count > left || (count == 0 && left > 0))
                throw ReadFault = new IOException("its size differs from that in its list");
            if (count == 0)
                return;
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            patience.Renew(count);
            left -= count;
        }
    }

    private async Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ReadFault = exception;
            throw;
        }
    }
}
