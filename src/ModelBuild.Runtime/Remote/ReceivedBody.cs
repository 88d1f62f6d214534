namespace ModelBuild.Runtime.Remote;

/// <summary>The body of an answer in memory that later answers reuse. The memory grows with the bytes that arrive, not with the declared length.</summary>
internal sealed class ReceivedBody
{
    private const int FirstCapacity = 16 * 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Gets the bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Reads a body to its end.</summary>
    public async Task ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        _length = 0;
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if (_length == _bytes.Length)
                Array.Resize(ref _bytes, (int)Math.Min(Math.Max(FirstCapacity, _length * 2L), Array.MaxLength));
            var read = await stream.ReadAsync(_bytes.AsMemory(_length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return;
            _length += read;
        }
    }
}
