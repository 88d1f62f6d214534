using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ModelBuild.Onnx;

/// <summary>
/// Walks a serialized model as a stream and copies everything but large tensor data into a small message, the skeleton.
/// The data goes straight into arrays of its exact size, so it is in memory once, or is passed over.
/// Where it was, the skeleton's tensor has a reference: a number that no file can guess, and an index.
/// </summary>
internal sealed class SkeletonWalker(WireReader reader, bool skipWeights)
{
    /// <summary>Data up to this many bytes stays in the skeleton.</summary>
    public const int Threshold = 1024;

    // protobuf's own limit; models nest graphs a few levels deep, three messages for a level.
    private const int MaxDepth = 100;
    private const int NonceSize = 16;
    private const int ReferenceSize = NonceSize + sizeof(long);

    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(NonceSize);
    private readonly List<TensorPayload> _payloads = [];
    private readonly List<(string Field, int Index)> _path = [];

    public SkeletonBuffer Skeleton { get; } = new();

    public void Walk()
    {
        try
        {
            Message(MessageKind.Model, reader.Length);
        }
        catch (OnnxException fault) when (fault.Where is null && _path.Count > 0)
        {
            throw new OnnxException(fault.Fault, fault.Reason, fault.File, Place(), fault.Offset, fault.InnerException);
        }
    }

    /// <summary>The data that a parsed tensor refers to, or null when the tensor has all its data itself.</summary>
    public TensorPayload? PayloadOf(TensorProto tensor)
    {
        var raw = tensor.RawData.Span;
        return raw.Length == ReferenceSize && raw[..NonceSize].SequenceEqual(_nonce)
            ? _payloads[(int)BinaryPrimitives.ReadInt64LittleEndian(raw[NonceSize..])]
            : null;
    }

    private void Message(MessageKind kind, long end)
    {
        if (_path.Count >= MaxDepth)
            throw new OnnxException(OnnxFault.TooDeep, $"messages are nested more than {MaxDepth} deep; no exporter writes that", offset: reader.Position);
        var payload = kind == MessageKind.Tensor ? new TensorPayload() : null;
        Span<int> counts = stackalloc int[32];
        counts.Clear();
        while (reader.Position < end)
        {
            var (field, wire) = Tag(end);
            if (wire != 2)
            {
                Skeleton.Varint(((ulong)field << 3) | wire);
                Scalar(field, wire, end, _path.Count);
                continue;
            }

            var length = Length(end);
            var (child, name) = SkeletonSchema.Child(kind, field);
            if (child != MessageKind.Other)
            {
                Skeleton.Varint(((ulong)field << 3) | wire);
                _path.Add((name, counts[field]++));
                var start = Skeleton.Open();
                Message(child, reader.Position + length);
                Skeleton.Close(start);
                _path.RemoveAt(_path.Count - 1);
            }
            else if (payload is null || !TakePayload(payload, field, length))
            {
                Skeleton.Varint(((ulong)field << 3) | wire);
                Skeleton.Varint((ulong)length);
                reader.ReadExactly(Skeleton.Take(length));
            }
        }

        if (payload is { IsEmpty: false })
            Refer(payload);
    }

    /// <summary>Reads or skips a field of a tensor that holds its data; false when it belongs into the skeleton.</summary>
    private bool TakePayload(TensorPayload payload, int field, int length)
    {
        switch (field)
        {
            case SkeletonSchema.RawData when length <= Threshold:
                // The last of several counts.
                payload.Raw = null;
                return false;
            case SkeletonSchema.RawData when !skipWeights:
                payload.Raw = Bytes(length);
                return true;
            case SkeletonSchema.FloatData when !skipWeights && (length > Threshold || payload.Floats.Count > 0):
                payload.Floats.Add(Bytes(length));
                return true;
            case SkeletonSchema.DoubleData when !skipWeights && (length > Threshold || payload.Doubles.Count > 0):
                payload.Doubles.Add(Bytes(length));
                return true;
            case SkeletonSchema.RawData or SkeletonSchema.FloatData or SkeletonSchema.DoubleData or SkeletonSchema.Int32Data
                or SkeletonSchema.Int64Data or SkeletonSchema.UInt64Data when skipWeights && length > Threshold:
                reader.Skip(length);
                payload.Skipped = true;
                return true;
            default:
                return false;
        }
    }

    private void Refer(TensorPayload payload)
    {
        Skeleton.Varint((SkeletonSchema.RawData << 3) | 2);
        Skeleton.Varint(ReferenceSize);
        var reference = Skeleton.Take(ReferenceSize);
        _nonce.CopyTo(reference);
        BinaryPrimitives.WriteInt64LittleEndian(reference[NonceSize..], _payloads.Count);
        _payloads.Add(payload);
    }

    private byte[] Bytes(int length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        reader.ReadExactly(bytes);
        return bytes;
    }

    private (int Field, uint Wire) Tag(long end)
    {
        var at = reader.Position;
        var tag = reader.ReadVarint(end);
        return tag >> 3 is > 0 and < 1 << 29 && (tag & 7) < 6
            ? ((int)(tag >> 3), (uint)(tag & 7))
            : throw Garbage(at);
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
                Skeleton.Varint(reader.ReadVarint(end));
                break;
            case 1 or 5:
                var size = wire == 1 ? 8 : 4;
                if (size > end - at)
                    throw reader.EndOf(end, at);
                reader.ReadExactly(Skeleton.Take(size));
                break;
            case 3:
                Group(field, end, depth + 1);
                break;
            default:
                throw Garbage(at);
        }
    }

    /// <summary>Copies a group, protobuf's old way of nesting: ONNX has none, but an unknown field may be one.</summary>
    private void Group(int group, long end, int depth)
    {
        if (depth >= MaxDepth)
            throw new OnnxException(OnnxFault.TooDeep, $"messages are nested more than {MaxDepth} deep; no exporter writes that", offset: reader.Position);
        while (true)
        {
            var at = reader.Position;
            var (field, wire) = Tag(end);
            Skeleton.Varint(((ulong)field << 3) | wire);
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
            Skeleton.Varint((ulong)length);
            reader.ReadExactly(Skeleton.Take(length));
        }
    }

    private static OnnxException Garbage(long offset) =>
        new(OnnxFault.Malformed, "the bytes are not an ONNX document", offset: offset);

    private string Place() => string.Join('.', _path.Select(part =>
        part.Field is "graph" or "t" or "g" or "sparse_tensor" or "values" or "indices" or "initialization" or "algorithm"
            ? part.Field
            : FormattableString.Invariant($"{part.Field}[{part.Index}]")));
}
