namespace ModelBuild.Onnx;

/// <summary>Detects the format of other documents in the wire format of protobuf by the numbers of their outermost fields.</summary>
internal static class ProtobufDocuments
{
    private const int MaxFields = 100_000;
    private const int Number = 0;
    private const int Content = 2;

    // In the Model message of Core ML, the fields of all kinds of models have numbers from 200 on.
    private const ulong FirstCoreML = 200;

    // The messages SavedModel, GraphDef and ProgramDesc have fields up to this number.
    private const ulong LastOfTensorFlow = 5;

    private const ulong StringField1 = 0x0A;
    private const ulong NumberField1 = 0x08;

    /// <summary>Returns the format; null when it is unknown, or when the document has an ONNX graph.</summary>
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

    // Reads the outermost fields of a protobuf document. Returns for each field its first value, or the first byte of its content.
    private static Dictionary<(ulong Field, int Wire), ulong>? Fields(WireReader reader)
    {
        var fields = new Dictionary<(ulong, int), ulong>();
        Span<byte> start = stackalloc byte[1];
        for (var i = 0; i < MaxFields && reader.Position < reader.Length; i++)
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
        // A Core ML Model has specificationVersion, description, and one field with the model itself.
        if (fields.ContainsKey((1, Number)) && fields.Keys.Any(key => key.Field >= FirstCoreML && key.Wire == Content))
            return ForeignFormats.CoreML;
        if (fields.Keys.Any(key => key.Field > LastOfTensorFlow))
            return null;
        // A SavedModel has saved_model_schema_version, which is 1, and meta_graphs, whose first field is a message.
        if (Value(1, Number) == 1 && Value(2, Content) == StringField1)
            return ForeignFormats.SavedModel;
        // A GraphDef has nodes, whose first field is a name. A ProgramDesc has blocks, whose first field is a number.
        return Value(1, Content) switch
        {
            StringField1 => ForeignFormats.GraphDef,
            NumberField1 => ForeignFormats.Paddle,
            _ => null,
        };
    }
}
