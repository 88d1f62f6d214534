using System.Buffers.Binary;

namespace ModelBuild.Text.Files;

/// <summary>Reads the fields of a protobuf message.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a field that is a whole number.</summary>
    public ulong Number { get; private set; }

    /// <summary>The content of a field that is text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The value of a field of 32 bits.</summary>
    public float Float { get; private set; }

    /// <exception cref="FormatException">The message is broken.</exception>
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
