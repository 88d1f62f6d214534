using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ModelBuild.Onnx;

/// <summary>
/// Reads a serialized model as a stream and copies everything except large tensor data to a small message, the skeleton. The data is read into arrays of its
/// exact size, so that it is in memory once, or it is skipped. In place of the data, the tensor in the skeleton has a reference, which consists of an index and
/// a random number. A file cannot contain a valid reference, because its author does not know the random number.
/// </summary>
/// <param name="reader">The reader of the stream.</param>
/// <param name="skipWeights">Whether large data is skipped.</param>
/// <param name="map">The mapped file of the stream, in which <c>raw_data</c> stays; null to copy the data.</param>
internal sealed class SkeletonWalker(WireReader reader, bool skipWeights, MappedFile? map)
{
    /// <summary>The maximum number of bytes of tensor data that stay in the skeleton. Larger data is kept outside it or skipped.</summary>
    public const int Threshold = 1024;

    // The largest depth of nested messages in a model, which is the limit of protobuf. Real models nest graphs a few levels deep, with three messages for each
    // level.
    private const int MaxDepth = 100;

    // The memory of the parsed messages is limited in proportion to the size of the file, because an empty message has two bytes in a file and some hundred
    // bytes in memory. In real models the ratio is about ten.
    private const long MemoryAlways = 64 << 20;
    private const long MemoryPerByte = 50;

    // The highest number of a field in onnx.proto that contains messages.
    private const int MaxField = 26;
    private const int NonceSize = 16;
    private const int ReferenceSize = NonceSize + sizeof(long);

    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(NonceSize);
    private readonly List<TensorPayload> _payloads = [];
    private readonly List<(string Field, int Index)> _path = [];
    private SkeletonBuffer _skeleton = new();
    private long _memory = MemoryAlways + (MemoryPerByte * reader.Length);

    /// <summary>Reads the stream to its end and returns the skeleton, which is valid until the next call of a method of this object.</summary>
    public ReadOnlySpan<byte> Walk()
    {
        try
        {
            Message(MessageKind.Model, reader.Length);
            var skeleton = _skeleton.Written;
            _skeleton = new SkeletonBuffer();
            return skeleton;
        }
        catch (OnnxException fault) when (fault.Where is null && _path.Count > 0)
        {
            throw new OnnxException(fault.Fault, fault.Reason, fault.File, Text.Place(_path), fault.Offset, fault.InnerException);
        }
    }

    /// <summary>Returns the data that a parsed tensor refers to; null when the tensor contains its data.</summary>
    public TensorPayload? PayloadOf(TensorProto tensor)
    {
        var raw = tensor.RawData.Span;
        return raw.Length == ReferenceSize && raw[..NonceSize].SequenceEqual(_nonce)
            ? _payloads[(int)BinaryPrimitives.ReadInt64LittleEndian(raw[NonceSize..])]
            : null;
    }

    private void Message(MessageKind kind, long end)
    {
        CheckDepth(_path.Count);
        _memory -= SkeletonSchema.Cost(kind);
        if (_memory < 0)
            throw new OnnxException(OnnxFault.TooLarge, "the file has far more messages than a valid model of its size", offset: reader.Position);
        var payload = kind == MessageKind.Tensor ? new TensorPayload() : null;
        Span<int> counts = stackalloc int[MaxField + 1];
        counts.Clear();
        while (reader.Position < end)
        {
            var (field, wire) = Tag(end);
            if (wire != 2)
            {
                _skeleton.Varint(((ulong)field << 3) | wire);
                Scalar(field, wire, end, _path.Count);
                continue;
            }

            var (child, name, repeated) = SkeletonSchema.Child(kind, field);
            if (child != MessageKind.None)
            {
                _path.Add((name, repeated ? counts[field]++ : -1));
                _skeleton.Varint(((ulong)field << 3) | wire);
                var inner = Length(end);
                var start = _skeleton.Open();
                Message(child, reader.Position + inner);
                _skeleton.Close(start);
                _path.RemoveAt(_path.Count - 1);
                continue;
            }

            var length = Length(end);
            if (payload is null || !TakePayload(payload, field, length))
            {
                _skeleton.Varint(((ulong)field << 3) | wire);
                _skeleton.Varint((ulong)length);
                reader.ReadExactly(_skeleton.Reserve(length));
            }
        }

        if (payload is { IsEmpty: false })
            Refer(payload);
    }

    /// <summary>Reads or skips a field with the data of a tensor; the result is false when the field is copied to the skeleton.</summary>
    private bool TakePayload(TensorPayload payload, int field, int length)
    {
        switch (field)
        {
            case SkeletonSchema.RawData when length <= Threshold:
                // A short raw_data field stays in the skeleton and replaces a long one that was read before, because in protobuf the last occurrence of a field
                // counts.
                payload.Raw = null;
                return false;
            case SkeletonSchema.RawData when !skipWeights:
                payload.Raw = map is null ? Bytes(length) : Mapped(map, length);
                return true;
            case SkeletonSchema.FloatData when !skipWeights && (length > Threshold || payload.Floats.Count > 0):
                payload.Floats.Add(Bytes(length));
                return true;
            case SkeletonSchema.DoubleData when !skipWeights && (length > Threshold || payload.Doubles.Count > 0):
                payload.Doubles.Add(Bytes(length));
                return true;
            case SkeletonSchema.RawData
            or SkeletonSchema.FloatData
            or SkeletonSchema.DoubleData
            or SkeletonSchema.Int32Data
            or SkeletonSchema.Int64Data
            or SkeletonSchema.UInt64Data when skipWeights && length > Threshold:
                reader.Skip(length);
                payload.Skipped = true;
                return true;
            default:
                return false;
        }
    }

    private void Refer(TensorPayload payload)
    {
        _skeleton.Varint((SkeletonSchema.RawData << 3) | 2);
        _skeleton.Varint(ReferenceSize);
        var reference = _skeleton.Reserve(ReferenceSize);
        _nonce.CopyTo(reference);
        BinaryPrimitives.WriteInt64LittleEndian(reference[NonceSize..], _payloads.Count);
        _payloads.Add(payload);
    }

    private ReadOnlyMemory<byte> Mapped(MappedFile file, int length)
    {
        var at = reader.Position;
        reader.Skip(length);
        return file.Slice(at, length);
    }

    private byte[] Bytes(int length)
    {
        var at = reader.Position;
        byte[] bytes;
        try
        {
            bytes = GC.AllocateUninitializedArray<byte>(length);
        }
        catch (OutOfMemoryException fault)
        {
            throw new OnnxException(
                OnnxFault.TooLarge,
                FormattableString.Invariant($"there is not enough memory for a tensor of {length} bytes"),
                offset: at,
                inner: fault
            );
        }

        reader.ReadExactly(bytes);
        return bytes;
    }

    private (int Field, uint Wire) Tag(long end)
    {
        var at = reader.Position;
        var tag = reader.ReadVarint(end);
        return tag >> 3 is > 0 and < 1 << 29 && (tag & 7) < 6 ? ((int)(tag >> 3), (uint)(tag & 7)) : throw Garbage(at);
    }

    private int Length(long end)
    {
        var at = reader.Position;
        var length = reader.ReadVarint(end);
        if (length > (ulong)(end - reader.Position))
            throw reader.EndOf(end, at);
        return length <= (ulong)Array.MaxLength
            ? (int)length
            : throw new OnnxException(OnnxFault.TooLarge, "a part is over protobuf's 2 GB; save the model with external data", offset: at);
    }

    private void Scalar(int field, uint wire, long end, int depth)
    {
        var at = reader.Position;
        switch (wire)
        {
            case 0:
                _skeleton.Varint(reader.ReadVarint(end));
                break;
            case 1 or 5:
                var size = wire == 1 ? 8 : 4;
                if (size > end - at)
                    throw reader.EndOf(end, at);
                reader.ReadExactly(_skeleton.Reserve(size));
                break;
            case 3:
                Group(field, end, depth + 1);
                break;
            default:
                throw Garbage(at);
        }
    }

    /// <summary>Copies a group, the old form of nesting in protobuf. ONNX has no groups, but an unknown field may be one.</summary>
    private void Group(int group, long end, int depth)
    {
        CheckDepth(depth);
        while (true)
        {
            var at = reader.Position;
            var (field, wire) = Tag(end);
            _skeleton.Varint(((ulong)field << 3) | wire);
            if (wire == 4)
            {
                if (field != group)
                    throw Garbage(at);
                return;
            }

            if (wire != 2)
            {
                Scalar(field, wire, end, depth);
                continue;
            }

            var length = Length(end);
            _skeleton.Varint((ulong)length);
            reader.ReadExactly(_skeleton.Reserve(length));
        }
    }

    private static OnnxException Garbage(long offset) => new(OnnxFault.Malformed, "the bytes are not an ONNX document", offset: offset);

    private void CheckDepth(int depth)
    {
        if (depth >= MaxDepth)
            throw new OnnxException(
                OnnxFault.TooDeep,
                FormattableString.Invariant($"messages are nested more than {MaxDepth} levels deep, deeper than in any valid model"),
                offset: reader.Position
            );
    }
}
