using Grpc.Core;

namespace ModelBuild.Serving.Rpc;

/// <summary>
/// Counts the inputs and outputs of an inference message while its bytes arrive. A message with many empty tensors occupies much more memory than its bytes, so
/// their number is limited.
/// </summary>
/// <seealso href="https://protobuf.dev/programming-guides/encoding/"/>
internal sealed class TensorCounter
{
    /// <summary>The number of bytes before a gRPC message, which state its length and whether it is compressed.</summary>
    private const int PrefixBytes = 5;

    private Place _place = Place.Tag;
    private long _skip = PrefixBytes;
    private ulong _number;
    private int _shift;
    private int _count;

    private enum Place
    {
        Tag,
        Length,
        Value,
    }

    /// <summary>Counts the tensors in the next bytes of the message.</summary>
    /// <exception cref="RpcException">The message has more inputs and outputs than the server allows.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, bytes.Length);
                _skip -= skipped;
                bytes = bytes[skipped..];
            }
            else
            {
                Add(bytes[0]);
                bytes = bytes[1..];
            }
    }

    private void Add(byte next)
    {
        // A variable-length number has at most 10 bytes. The protobuf library refuses a message with a longer number, so further bits are ignored here.
        if (_shift < 64)
            _number |= (ulong)(next & 0x7F) << _shift;
        _shift += 7;
        if (next >= 0x80)
            return;
        // Only the lower 32 bits of tags and lengths count, as in the protobuf library that parses the message afterwards.
        var number = (uint)_number;
        (_number, _shift) = (0, 0);
        if (_place == Place.Length)
            _skip = number;
        _place = _place == Place.Tag ? Start(number) : Place.Tag;
    }

    /// <summary>Begins a field of the message, and returns the kind of data that follows its tag.</summary>
    private Place Start(uint tag)
    {
        var field = tag >> 3;
        if (field is ModelInferRequest.InputsFieldNumber or ModelInferRequest.OutputsFieldNumber && ++_count > InferenceJson.MaxTensors)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The message has more than {InferenceJson.MaxTensors} inputs and outputs."));
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
                // The tags of the start and the end of a group have no value after them.
                return Place.Tag;
        }
    }
}
