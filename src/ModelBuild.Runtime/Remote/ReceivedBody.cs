namespace ModelBuild.Runtime.Remote;

/// <summary>
/// Holds the body of an answer in memory that later answers reuse. The memory grows with the bytes that arrive, not with the declared length.
/// </summary>
/// <param name="maxBytes">The largest number of bytes of a body.</param>
internal sealed class ReceivedBody(int maxBytes)
{
    private const int FirstCapacity = 16 * 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Gets the bytes of the body.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Gets the number of bytes that the memory can hold.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Reads the body of an answer to its end.</summary>
    /// <exception cref="RemoteModelException">The body has more bytes than the limit.</exception>
    public async Task ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        _length = 0;
        if (content.Headers.ContentLength > maxBytes)
            throw TooLarge();
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if (_length == _bytes.Length)
            {
                // If the limit exceeds the largest possible length of an array, that length is the limit.
                if (_length == Array.MaxLength)
                    throw TooLarge();
                Array.Resize(ref _bytes, (int)Math.Min(Math.Max(FirstCapacity, _length * 2L), Math.Min(maxBytes + 1L, Array.MaxLength)));
            }

            var read = await stream.ReadAsync(_bytes.AsMemory(_length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return;
            _length += read;
            if (_length > maxBytes)
                throw TooLarge();
        }
    }

    private RemoteModelException TooLarge() =>
        new($"The answer has more than {Math.Min(maxBytes, Array.MaxLength - 1)} bytes ({nameof(RemoteModel.MaxResponseBytes)}).");
}
