using Grpc.Core;

namespace ModelBuild.Serving.Rpc;

/// <summary>
/// Counts the parts of an inference message while its bytes arrive. The gRPC library reads whole messages, and an empty tensor, a parameter, an unknown field
/// or a short text takes much more memory than its bytes.
/// </summary>
/// <seealso href="https://protobuf.dev/programming-guides/encoding/"/>
internal sealed class MessageCounter
{
    /// <summary>The number of bytes of the prefix of a message, which states whether the message is compressed, and its length.</summary>
    private const int PrefixBytes = 5;

    /// <summary>The largest number of names, parameters, raw contents and unknown fields. Sizes and elements of tensors do not count.</summary>
    private const int MaxFields = 16 * 1024;

    /// <summary>The number of bytes that the library allocates for a text beside its characters.</summary>
    private const int BytesOfText = 48;

    private readonly Stack<(Part Part, long End)> _open = new();
    private Place _place = Place.Tag;
    private Part? _opened;
    private long _position;
    private long _skip = PrefixBytes;
    private ulong _number;
    private int _shift;
    private int _tensors;
    private int _fields;
    private long _texts;

    private enum Place
    {
        Tag,
        Length,
        Value,
    }

    private enum Part
    {
        Request,
        Tensor,
        Contents,
    }

    /// <summary>Reads the next bytes.</summary>
    /// <returns>The number of bytes that the parts of the message take in memory beside the bytes themselves.</returns>
    /// <exception cref="RpcException">The message has more tensors or fields than the server allows.</exception>
    public long Add(ReadOnlySpan<byte> bytes)
    {
        _texts = 0;
        while (bytes.Length > 0)
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, bytes.Length);
                _skip -= skipped;
                _position += skipped;
                bytes = bytes[skipped..];
            }
            else
            {
                _position++;
                Add(bytes[0]);
                bytes = bytes[1..];
            }

        return _texts * BytesOfText;
    }

    private void Add(byte next)
    {
        // A varint has at most 10 bytes. Further bytes are ignored here, because the gRPC library refuses a message with a longer varint.
        if (_shift < 64)
            _number |= (ulong)(next & 0x7F) << _shift;
        _shift += 7;
        if (next >= 0x80)
            return;
        // Only the lower 32 bits of tags and lengths count, as in the protobuf library that parses the message afterwards.
        var number = (uint)_number;
        (_number, _shift) = (0, 0);
        if (_place == Place.Tag)
        {
            _place = Start(number);
            return;
        }

        if (_place == Place.Length && _opened is { } part)
            _open.Push((part, _position + number));
        else if (_place == Place.Length)
            _skip = number;
        _place = Place.Tag;
    }

    /// <summary>Begins a field, and returns the kind of the bytes that follow the tag of the field.</summary>
    private Place Start(uint tag)
    {
        // The bytes of a tag belong to the message that was open before the tag.
        while (_open.TryPeek(out var open) && _position > open.End)
            _open.Pop();
        var within = _open.TryPeek(out var current) ? current.Part : Part.Request;
        _opened = Count(within, (int)(tag >> 3));
        switch (tag & 7)
        {
            case 0:
                return Place.Value;
            case 1:
                _skip = sizeof(ulong);
                return Place.Tag;
            case 2:
                return Place.Length;
            case 5:
                _skip = sizeof(uint);
                return Place.Tag;
            default:
                // The start and the end of a group have no value.
                return Place.Tag;
        }
    }

    /// <summary>
    /// Counts a field, and returns the kind of the message in the field; null if the fields of that message are not counted, or if the field contains no
    /// message.
    /// </summary>
    private Part? Count(Part within, int field)
    {
        switch (within, field)
        {
            case (Part.Request, ModelInferRequest.InputsFieldNumber or ModelInferRequest.OutputsFieldNumber):
                if (++_tensors > InferenceJson.MaxTensors)
                    throw Invalid($"The message has more than {InferenceJson.MaxTensors} inputs and outputs.");
                return Part.Tensor;
            case (Part.Tensor, ModelInferRequest.Types.InferInputTensor.ShapeFieldNumber):
            case (Part.Contents, >= InferTensorContents.BoolContentsFieldNumber and < InferTensorContents.BytesContentsFieldNumber):
                return null;
            case (Part.Contents, InferTensorContents.BytesContentsFieldNumber):
                _texts++;
                return null;
            default:
                if (++_fields > MaxFields)
                    throw Invalid($"The message has more than {MaxFields} names, parameters, raw contents and unknown fields.");
                return within == Part.Tensor && field == ModelInferRequest.Types.InferInputTensor.ContentsFieldNumber ? Part.Contents : null;
        }
    }

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));
}
