using Google.Protobuf.Reflection;

namespace ModelBuild.Onnx.Tests;

/// <summary>Damages a serialized model, more often in its structure than in its weights.</summary>
internal sealed class Mutator
{
    private static readonly byte[][] Extremes =
    [
        [0xFF, 0xFF, 0xFF, 0xFF, 0x07],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0x80, 0x80, 0x80, 0x80, 0x00],
        [0x00],
        [0x7F],
    ];

    private readonly byte[] _model;
    private readonly List<int> _structure = [];

    public Mutator(byte[] model)
    {
        _model = model;
        Scan(ModelProto.Descriptor, 0, model.Length);
    }

    public byte[] Mutate(Random random, byte[] other)
    {
        var bytes = new List<byte>(_model);
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 1; i--)
        {
            var at = random.Next(4) == 0 ? random.Next(bytes.Count) : Math.Min(_structure[random.Next(_structure.Count)], bytes.Count - 1);
            var count = Math.Min(random.Next(1, random.Next(2) == 0 ? 8 : 400), bytes.Count - at);
            switch (random.Next(14))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at]++;
                    break;
                case 3:
                    bytes.RemoveRange(at, count);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, count));
                    break;
                case 5:
                    var extreme = Extremes[random.Next(Extremes.Length)];
                    bytes.RemoveRange(at, Math.Min(random.Next(2) == 0 ? 1 : extreme.Length, bytes.Count - at));
                    bytes.InsertRange(at, extreme);
                    break;
                case 6 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 7:
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(count, other.Length - from)).ToArray());
                    break;
                default:
                    bytes[at] = (byte)((random.Next(32) << 3) | random.Next(6));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Finds the tags, lengths and short contents.</summary>
    private void Scan(MessageDescriptor message, int start, int end)
    {
        for (var at = start; at < end; )
        {
            _structure.Add(at);
            var tag = Varint(ref at);
            var wire = tag & 7;
            _structure.Add(at);
            if (wire == 0)
                Varint(ref at);
            if (wire is 1 or 5)
                at += wire == 1 ? 8 : 4;
            if (wire != 2)
                continue;
            var length = (int)Varint(ref at);
            if (message.FindFieldByNumber((int)(tag >> 3)) is { FieldType: FieldType.Message } field)
                Scan(field.MessageType, at, at + length);
            else
                for (var i = 0; i < Math.Min(length, 16); i++)
                    _structure.Add(at + i);
            at += length;
        }
    }

    private ulong Varint(ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = _model[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }
}
