using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ModelBuild.Onnx.Tests;

/// <summary>Changes a model's fields, so that the bytes stay a well-formed message that says something else.</summary>
internal sealed class DocumentMutator(byte[] model)
{
    private static readonly long[] Numbers =
    [
        0,
        1,
        -1,
        2,
        3,
        7,
        22,
        26,
        127,
        1000,
        int.MaxValue,
        int.MinValue,
        1L << 31,
        1L << 40,
        long.MaxValue,
        long.MinValue,
    ];

    private static readonly string[] Texts =
    [
        "",
        "x",
        "a",
        "../up.bin",
        "e.bin",
        "location",
        "offset",
        "length",
        "-1",
        "99999999999999999999",
        "If",
        "Constant",
        "value",
        new string('y', 300),
        "\ud800",
    ];

    public byte[] Mutate(Random random)
    {
        var document = ModelProto.Parser.ParseFrom(model);
        var fields = new List<(IMessage Message, FieldDescriptor Field)>();
        Collect(document, fields);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var (message, field) = fields[random.Next(fields.Count)];
            Change(random, message, field);
        }

        return document.ToByteArray();
    }

    private static void Collect(IMessage message, List<(IMessage Message, FieldDescriptor Field)> fields)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsRepeated ? ((IList)value).Count == 0 : !field.Accessor.HasValue(message))
                continue;
            fields.Add((message, field));
            if (field.FieldType != FieldType.Message)
                continue;
            foreach (var inner in field.IsRepeated ? (IList)value : new[] { value })
                Collect((IMessage)inner!, fields);
        }
    }

    private static void Change(Random random, IMessage message, FieldDescriptor field)
    {
        if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            if (list.Count == 0)
                return;
            var at = random.Next(list.Count);
            switch (random.Next(4))
            {
                case 0:
                    list.RemoveAt(at);
                    break;
                case 1:
                    list.Add(list[at] is IMessage item ? ModelCopy(item) : list[at]);
                    break;
                case 2:
                    (list[at], list[0]) = (list[0], list[at]);
                    break;
                default:
                    if (Value(random, field) is { } other)
                        list[at] = other;
                    break;
            }
        }
        else if (random.Next(4) == 0)
        {
            field.Accessor.Clear(message);
        }
        else if (Value(random, field) is { } other)
        {
            field.Accessor.SetValue(message, other);
        }
    }

    private static object? Value(Random random, FieldDescriptor field)
    {
        var number = Numbers[random.Next(Numbers.Length)];
        var text = Texts[random.Next(Texts.Length)];
        return field.FieldType switch
        {
            FieldType.Int64 => number,
            FieldType.Int32 => (int)number,
            FieldType.UInt64 => (ulong)number,
            FieldType.Float => (float)number,
            FieldType.Double => (double)number,
            FieldType.String => text,
            FieldType.Bytes => ByteString.CopyFrom(new byte[random.Next(3) == 0 ? 0 : random.Next(2000)]),
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, (int)number),
            _ => null,
        };
    }

    private static IMessage ModelCopy(IMessage message) => message.Descriptor.Parser.ParseFrom(message.ToByteArray());
}
