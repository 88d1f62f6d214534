namespace ModelBuild.Compression.Caching.Remote;

/// <summary>
/// The time limits of one request: the server may not pause for longer than a given time, and the whole transfer may not be slower than a least rate, so that
/// a server which sends a byte now and then does not hold up a build.
/// </summary>
internal sealed class Patience : IDisposable
{
    private const double LeastBytesPerSecond = 256 * 1024;

    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _whole;
    private readonly CancellationTokenSource _idle;

    /// <param name="pause">The longest pause.</param>
    /// <param name="bytes">The size of the transfer.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Patience(TimeSpan pause, long bytes, CancellationToken cancellationToken)
    {
        _pause = pause;
        _whole = new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Min(int.MaxValue, pause.TotalMilliseconds + bytes / LeastBytesPerSecond * 1000)));
        _idle = CancellationTokenSource.CreateLinkedTokenSource(_whole.Token, cancellationToken);
        Renew();
    }

    /// <summary>Gets the token that ends the request.</summary>
    public CancellationToken Token => _idle.Token;

    /// <summary>Starts the next pause, because the server has answered or has taken bytes.</summary>
    public void Renew() => _idle.CancelAfter(_pause);

    public void Dispose()
    {
        _idle.Dispose();
        _whole.Dispose();
    }
}
