namespace ModelBuild.Onnx;

/// <summary>Tells what other documents in protobuf's wire format are, by the numbers of their outermost fields.</summary>
internal static class ProtobufDocuments
{
    private const int MostFields = 100_000;
    private const int Number = 0;
    private const int Content = 2;

    // In Core ML's Model all kinds of models have numbers from here on.
    private const ulong FirstCoreML = 200;

    // SavedModel, GraphDef and ProgramDesc have fewer fields.
    private const ulong LastOfTensorFlow = 5;

    private const ulong StringField1 = 0x0A;
    private const ulong NumberField1 = 0x08;

    /// <summary>The format; null where it is unknown, or the document has the graph of an ONNX model.</summary>
    public static ForeignFormat? Find(Stream stream, long origin)
    {
        stream.Position = origin;
        try
        {
            return Fields(new WireReader(stream, bufferSize: 4096, CancellationToken.None)) is { } fields ? Of(fields) : null;
        }
        catch (OnnxException)
        {
            return null;
        }
    }

    // Of each field, where it stands first: its value, or the first byte of its content.
    private static Dictionary<(ulong Field, int Wire), ulong>? Fields(WireReader reader)
    {
        var fields = new Dictionary<(ulong, int), ulong>();
        Span<byte> start = stackalloc byte[1];
        for (var i = 0; i < MostFields && reader.Position < reader.Length; i++)
        {
            var tag = reader.ReadVarint(reader.Length);
            var (field, wire) = (tag >> 3, (int)(tag & 7));
            if (field == 0 || wire is not (Number or Content) || (field == ModelProto.GraphFieldNumber && wire == Content))
                return null;
            var value = reader.ReadVarint(reader.Length);
            if (wire == Content)
            {
                var length = value;
                if (length > (ulong)(reader.Length - reader.Position))
                    return null;
                start.Clear();
                reader.ReadExactly(start[..(length > 0 ? 1 : 0)]);
                reader.Skip((long)length - (length > 0 ? 1 : 0));
                value = start[0];
            }

            fields.TryAdd((field, wire), value);
        }

        return fields;
    }

    private static ForeignFormat? Of(Dictionary<(ulong Field, int Wire), ulong> fields)
    {
        ulong Value(ulong field, int wire) => fields.TryGetValue((field, wire), out var value) ? value : 0;
        // Model: specificationVersion, description, and the model itself.
        if (fields.ContainsKey((1, Number)) && fields.Keys.Any(key => key.Field >= FirstCoreML && key.Wire == Content))
            return ForeignFormats.CoreML;
        if (fields.Keys.Any(key => key.Field > LastOfTensorFlow))
            return null;
        // SavedModel: saved_model_schema_version, which is 1, and meta_graphs, which begin with a message.
        if (Value(1, Number) == 1 && Value(2, Content) == StringField1)
            return ForeignFormats.SavedModel;
        // GraphDef: nodes, whose first field is a name. ProgramDesc: blocks, whose first field is a number.
        return Value(1, Content) switch
        {
            StringField1 => ForeignFormats.GraphDef,
            NumberField1 => ForeignFormats.Paddle,
            _ => null,
        };
    }
}
