using System.Net;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The body of a request that uploads a file of a known length in bytes.</summary>
internal sealed class UploadContent(Stream source, long length, Patience patience) : HttpContent
{
    private const int BufferSize = 1 << 17;

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
        for (int count; (count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; )
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            patience.Renew(count);
        }
    }
}
