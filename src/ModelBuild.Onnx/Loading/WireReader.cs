namespace ModelBuild.Onnx;

/// <summary>
/// A forward cursor over a seekable stream, from where it stands to its end, for protobuf's wire format. Nothing is allocated on
/// the word of a length: callers check it against <see cref="Length"/> first.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="bufferSize">Bytes to read at once; small where most of the stream will be passed over.</param>
/// <param name="cancellationToken">Ends the reading.</param>
internal sealed class WireReader(Stream stream, int bufferSize, CancellationToken cancellationToken)
{
    private readonly byte[] _buffer = new byte[Math.Clamp(stream.Length - stream.Position, 1, bufferSize)];
    private int _next;
    private int _end;

    /// <summary>The number of bytes when reading began.</summary>
    public long Length { get; } = stream.Length - stream.Position;

    /// <summary>The offset of the next byte.</summary>
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

    /// <summary>Fills <paramref name="destination"/>.</summary>
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

            // Large reads go around the buffer, in pieces so that they can be cancelled.
            cancellationToken.ThrowIfCancellationRequested();
            var read = stream.Read(destination[..Math.Min(destination.Length, 16 << 20)]);
            if (read == 0)
                throw EndOf(Length, Position);
            Position += read;
            destination = destination[read..];
        }
    }

    /// <summary>Passes over <paramref name="count"/> bytes without reading what is not in the buffer yet.</summary>
    public void Skip(long count)
    {
        var buffered = (int)Math.Min(count, _end - _next);
        _next += buffered;
        if (count > buffered)
            stream.Seek(count - buffered, SeekOrigin.Current);
        Position += count;
    }

    /// <summary>The fault of content that does not fit before <paramref name="limit"/>.</summary>
    public OnnxException EndOf(long limit, long offset) =>
        limit >= Length
            ? new OnnxException(OnnxFault.Truncated, "the file ends before its content does; copy or download it again", offset: offset)
            : new OnnxException(OnnxFault.Malformed, "the bytes are not an ONNX document: a part is longer than what holds it", offset: offset);

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
        // The file has become shorter since.
        if (_end == 0)
            throw EndOf(Length, Position);
    }
}
