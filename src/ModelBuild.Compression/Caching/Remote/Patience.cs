using System.Diagnostics;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>
/// The time limits of one request: the server may not pause for longer than a given time, and after this time the transfer may not be slower than a least
/// rate. The limit follows the bytes that were transferred, and not the size that the server claims.
/// </summary>
internal sealed class Patience : IDisposable
{
    private const double LeastBytesPerSecond = 256 * 1024;

    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _source;
    private readonly long _start;
    private long _bytes;

    /// <param name="pause">The longest pause.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Patience(TimeSpan pause, CancellationToken cancellationToken)
    {
        _pause = pause;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
#pragma warning disable RS0030 // A time limit needs the time. It decides whether a download ends, and no bytes.
        _start = Stopwatch.GetTimestamp();
#pragma warning restore RS0030
        _source.CancelAfter(pause);
    }

    /// <summary>Gets the token that cancels the request when a time limit is exceeded.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Restarts the time limit for pauses, because the server has sent or has received bytes.</summary>
    /// <param name="bytes">The number of bytes.</param>
    public void Renew(int bytes)
    {
        _bytes += bytes;
#pragma warning disable RS0030 // A time limit needs the time. It decides whether a download ends, and no bytes.
        var left = _pause + TimeSpan.FromSeconds(_bytes / LeastBytesPerSecond) - Stopwatch.GetElapsedTime(_start);
#pragma warning restore RS0030
        _source.CancelAfter(
            left < TimeSpan.Zero ? TimeSpan.Zero
            : left < _pause ? left
            : _pause
        );
    }

    public void Dispose() => _source.Dispose();
}
