using System.Buffers.Binary;

namespace ModelBuild.Text.Files;

/// <summary>Reads the fields of a protobuf message.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Gets the number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Gets the value of the current field if it is an integer.</summary>
    public ulong Number { get; private set; }

    /// <summary>Gets the content of the current field if it is text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Gets the value of the current field if it is a 32-bit float.</summary>
    public float Float { get; private set; }

    /// <summary>Reads the next field of the message. Returns false at the end of the message.</summary>
    /// <exception cref="FormatException">The message is not valid protobuf.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                var length = Varint();
                Content = Take(length > int.MaxValue ? int.MaxValue : (int)length);
                break;
            case 5:
                Float = BinaryPrimitives.ReadSingleLittleEndian(Take(4));
                break;
            default:
                throw new FormatException("The protobuf message is broken.");
        }

        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new FormatException("The protobuf message is broken.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw new FormatException("The protobuf message ends early.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
