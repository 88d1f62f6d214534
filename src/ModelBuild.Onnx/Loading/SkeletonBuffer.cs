namespace ModelBuild.Onnx;

/// <summary>A growing protobuf message whose nested lengths are filled in when they are known.</summary>
internal sealed class SkeletonBuffer
{
    // A varint padded to five bytes is valid and holds every 32-bit length, so a nested message can follow it at once.
    private const int LengthSize = 5;

    private byte[] _bytes = new byte[4096];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public Span<byte> Take(int count)
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
            Take(1)[0] = (byte)(value | 0x80);
        Take(1)[0] = (byte)value;
    }

    /// <summary>Opens a nested message; the result goes to <see cref="Close"/>.</summary>
    public int Open()
    {
        Take(LengthSize);
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
