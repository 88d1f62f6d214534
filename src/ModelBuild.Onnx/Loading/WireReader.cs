namespace ModelBuild.Onnx;

/// <summary>
/// Reads the wire format of protobuf from a seekable stream, from its position to its end. Lengths are untrusted: callers compare them with
/// <see cref="Length"/> before they allocate memory.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="bufferSize">The size of the buffer in bytes; small when most of the stream is skipped.</param>
/// <param name="cancellationToken">A token that cancels the reading.</param>
internal sealed class WireReader(Stream stream, int bufferSize, CancellationToken cancellationToken)
{
    private readonly byte[] _buffer = new byte[Math.Clamp(stream.Length - stream.Position, 1, bufferSize)];
    private int _next;
    private int _end;

    /// <summary>Gets the number of bytes from the start of the reading to the end of the stream.</summary>
    public long Length { get; } = stream.Length - stream.Position;

    /// <summary>Gets the offset of the next byte from the start of the reading.</summary>
    public long Position { get; private set; }

    /// <summary>Reads a varint of at most 64 bits that ends before <paramref name="limit"/>.</summary>
    public ulong ReadVarint(long limit)
    {
        var start = Position;
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (Position >= limit)
                throw EndOf(limit, start);
            var b = ReadByte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw new OnnxException(OnnxFault.Malformed, "the bytes are not an ONNX document: a number has more than 64 bits", offset: start);
    }

    /// <summary>Reads bytes from the stream until <paramref name="destination"/> is full.</summary>
    public void ReadExactly(Span<byte> destination)
    {
        var buffered = Math.Min(destination.Length, _end - _next);
        _buffer.AsSpan(_next, buffered).CopyTo(destination);
        _next += buffered;
        Position += buffered;
        destination = destination[buffered..];
        while (!destination.IsEmpty)
        {
            if (destination.Length < _buffer.Length)
            {
                Fill();
                var taken = Math.Min(destination.Length, _end);
                _buffer.AsSpan(0, taken).CopyTo(destination);
                _next = taken;
                Position += taken;
                destination = destination[taken..];
                continue;
            }

            // Large reads bypass the buffer of the reader. A large read is divided into parts of at most 16 MB, so that it can be cancelled.
            cancellationToken.ThrowIfCancellationRequested();
            var read = stream.Read(destination[..Math.Min(destination.Length, 16 << 20)]);
            if (read == 0)
                throw EndOf(Length, Position);
            Position += read;
            destination = destination[read..];
        }
    }

    /// <summary>Skips <paramref name="count"/> bytes without reading those that are not buffered.</summary>
    public void Skip(long count)
    {
        var buffered = (int)Math.Min(count, _end - _next);
        _next += buffered;
        if (count > buffered)
            stream.Seek(count - buffered, SeekOrigin.Current);
        Position += count;
    }

    /// <summary>Creates the exception for content that extends beyond <paramref name="limit"/>.</summary>
    public OnnxException EndOf(long limit, long offset) =>
        limit >= Length
            ? new OnnxException(OnnxFault.Truncated, "the file ends before its content does; copy or download it again", offset: offset)
            : new OnnxException(
                OnnxFault.Malformed,
                "the bytes are not an ONNX document: a message is longer than the message that contains it",
                offset: offset
            );

    private byte ReadByte()
    {
        if (_next == _end)
            Fill();
        Position++;
        return _buffer[_next++];
    }

    private void Fill()
    {
        cancellationToken.ThrowIfCancellationRequested();
        _next = 0;
        _end = stream.Read(_buffer);
        // The stream ended before its declared length, because the file was truncated while it was read.
        if (_end == 0)
            throw EndOf(Length, Position);
    }
}
