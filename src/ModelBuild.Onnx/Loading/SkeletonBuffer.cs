namespace ModelBuild.Onnx;

/// <summary>A growing buffer for a protobuf message. The lengths of nested messages are written when they are known.</summary>
internal sealed class SkeletonBuffer
{
    // The number of bytes that are reserved for the length of a nested message before its content is written. A varint that is padded to five bytes is valid
    // and holds every 32-bit length.
    private const int LengthSize = 5;

    private byte[] _bytes = new byte[4096];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public Span<byte> Reserve(int count)
    {
        if (count > _bytes.Length - _count)
        {
            var needed = (long)_count + count;
            if (needed > Array.MaxLength)
                throw new OnnxException(OnnxFault.TooLarge, "the document without its weights is over 2 GB");
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, _bytes.Length * 2L)));
        }

        var span = _bytes.AsSpan(_count, count);
        _count += count;
        return span;
    }

    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Reserve(1)[0] = (byte)(value | 0x80);
        Reserve(1)[0] = (byte)value;
    }

    /// <summary>Starts a nested message and returns its start, which is passed to <see cref="Close"/>.</summary>
    public int Open()
    {
        Reserve(LengthSize);
        return _count;
    }

    public void Close(int start)
    {
        var length = (uint)(_count - start);
        var field = _bytes.AsSpan(start - LengthSize, LengthSize);
        for (var i = 0; i < LengthSize; i++, length >>= 7)
            field[i] = (byte)((length & 0x7F) | (i < LengthSize - 1 ? 0x80u : 0));
    }
}
