using Google.Protobuf;

namespace ModelBuild.Onnx.Tests;

public sealed class DocumentTests
{
    [Fact]
    public void Fields_of_a_newer_format_survive()
    {
        // The model has the unknown field 1000 in each wire format, and the field 999 is in the graph, in a node, and in a tensor whose data is stored
        // separately.
        var tensor = Join(Build.Floats("w", 1000).ToByteArray(), Field(999, 2, [3, 7, 8, 9]));
        var node = Join(Nodes.Create("Relu", ["x"], ["y"]).ToByteArray(), Field(999, 0, [42]));
        var graph = Join(
            Message(5, tensor),
            Message(1, node),
            Field(999, 5, [1, 2, 3, 4]),
            Field(998, 3, [.. Field(1, 0, [5]), .. Field(2, 2, [1, 65]), .. Field(998, 4, [])])
        );
        var file = Join([8, 10], Field(1000, 1, [1, 2, 3, 4, 5, 6, 7, 8]), Message(7, graph));

        var saved = OnnxModel.Load(file).ToBytes();

        Assert.Equal(ModelProto.Parser.ParseFrom(file), ModelProto.Parser.ParseFrom(saved));
        Assert.Equal(saved, OnnxModel.Load(saved).ToBytes());
        foreach (
            var piece in new[]
            {
                Field(999, 2, [3, 7, 8, 9]),
                Field(999, 0, [42]),
                Field(999, 5, [1, 2, 3, 4]),
                Field(1000, 1, [1, 2, 3, 4, 5, 6, 7, 8]),
                Field(998, 4, []),
            }
        )
            Assert.True(saved.AsSpan().IndexOf(piece) > 0);
    }

    [Fact]
    public void A_model_has_the_whole_content_of_the_clone_that_replaces_it()
    {
        var model = new OnnxModel(Build.Model(Build.Floats("w", 4)));
        var clone = model.Clone();
        clone.Proto.IrVersion = 11;
        clone.Proto.OpsetImport.Clear();
        clone.ImportOpset("", 21);
        clone.ImportOpset("local", 1);
        clone.Proto.Functions.Add(new FunctionProto { Domain = "local", Name = "twice" });
        clone.SetMetadata("key", "value");
        clone.Proto.Graph.Node.Add(Nodes.Create("Relu", ["w"], ["y"]));
        var expected = clone.Proto.Clone();

        model.ReplaceWith(clone);

        Assert.Equal(expected, model.Proto);
        Assert.Equal(("value", 21L, 1L), (model.GetMetadata("key"), model.Opset(), model.Opset("local")));
    }

    [Fact]
    public void Absent_and_zero_stay_two_things()
    {
        var attribute = new AttributeProto
        {
            Name = "alpha",
            F = 0,
            Type = AttributeProto.Types.AttributeType.Float,
        };
        var node = new NodeProto
        {
            OpType = "Elu",
            Name = "",
            Attribute = { attribute },
        };
        var model = Build.Model(new GraphProto { Node = { node } });

        var loaded = OnnxModel.Load(model.ToByteArray()).Proto;

        Assert.Equal(model, loaded);
        Assert.True(loaded.Graph.Node[0].HasName);
        Assert.False(loaded.Graph.Node[0].HasDomain);
        Assert.True(loaded.Graph.Node[0].Attribute[0].HasF);
        Assert.False(loaded.Graph.HasName);
    }

    [Fact]
    public void A_field_split_over_the_file_is_put_together()
    {
        // Protobuf merges repeated fields: two graphs become one, and the last raw_data is used.
        var first = Join(Message(5, Build.Floats("a", 1000).ToByteArray()));
        var replaced = Join(Build.Floats("b", 2000).ToByteArray(), Message(9, new byte[8000]));
        var emptied = Join(Build.Floats("c", 2000).ToByteArray(), Message(9, []), Message(4, new byte[8000]));

        var model = OnnxModel.Load(Join([8, 10], Message(7, first), Message(7, Message(5, replaced)), Message(7, Message(5, emptied))));

        Assert.Equal(["a", "b", "c"], model.Proto.Graph.Initializer.Select(static tensor => tensor.Name));
        Assert.Equal(Build.Floats("a", 1000), model.Proto.Graph.Initializer[0]);
        Assert.Equal(new float[2000], model.Proto.Graph.Initializer[1].ToFloats());
        Assert.Equal(new float[2000], model.Proto.Graph.Initializer[2].ToFloats());
    }

    [Fact]
    public void Metadata_is_set_in_place()
    {
        var model = new OnnxModel(Build.Model());

        Assert.Null(model.GetMetadata("key"));
        model.SetMetadata("key", "one");
        model.SetMetadata("other", "x");
        model.SetMetadata("key", "two");

        Assert.Equal("two", model.GetMetadata("key"));
        Assert.Equal(2, model.Proto.MetadataProps.Count);
    }

    [Fact]
    public void Operator_sets_are_added_and_raised_never_lowered()
    {
        var model = new OnnxModel(Build.Model());

        Assert.Equal(17, model.Opset());
        Assert.Equal(17, model.Opset("ai.onnx"));
        Assert.Equal(0, model.Opset("com.microsoft"));
        model.ImportOpset("ai.onnx", 13);
        Assert.Equal(17, model.Opset());
        model.ImportOpset("ai.onnx", 21);
        model.ImportOpset("com.microsoft", 1);

        Assert.Equal(21, model.Opset());
        Assert.Equal(1, model.Opset("com.microsoft"));
        Assert.Equal(2, model.Proto.OpsetImport.Count);
    }

    [Fact]
    public void A_clone_has_its_own_structure_and_the_same_weights()
    {
        var model = new OnnxModel(Build.Model(Build.Floats("w", 1000)));

        var clone = model.Clone();
        clone.Proto.Graph.Initializer[0].Name = "renamed";
        clone.Proto.Graph.Node.Add(new NodeProto());

        Assert.Equal("w", model.Proto.Graph.Initializer[0].Name);
        Assert.Empty(model.Proto.Graph.Node);
        Assert.Same(model.Proto.Graph.Initializer[0].RawData, clone.Proto.Graph.Initializer[0].RawData);
    }

    [Fact]
    public void A_model_without_its_weights_shows_them_and_is_not_written()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", Build.Model(Build.Floats("large", 1000), Build.Floats("small", 10)).ToByteArray());

        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true });

        Assert.True(model.WeightsSkipped);
        Assert.True(model.Clone().WeightsSkipped);
        Assert.True(model.Proto.Graph.Initializer[0].RawData.IsEmpty);
        Assert.Equal([1000], model.Proto.Graph.Initializer[0].Dims);
        Assert.Equal(40, model.Proto.Graph.Initializer[1].RawData.Length);
        Assert.Equal(OnnxFault.WeightsSkipped, Assert.Throws<OnnxException>(() => model.Save(folder.File("saved.onnx"))).Fault);
        Assert.Equal(OnnxFault.WeightsSkipped, Assert.Throws<OnnxException>(() => model.ToBytes()).Fault);
        Assert.Equal(["model.onnx"], folder.Names());
    }

    [Fact]
    public void A_stream_is_read_from_where_it_stands()
    {
        var bytes = Build.Model(Build.Floats("w", 1000)).ToByteArray();
        using var seekable = new MemoryStream([1, 2, 3, .. bytes]) { Position = 3 };
        using var forward = new ForwardStream(bytes);

        Assert.Equal(bytes, OnnxModel.Load(seekable).ToBytes());
        Assert.Equal(bytes, OnnxModel.Load(forward).ToBytes());
    }

    [Fact]
    public void Loading_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => OnnxModel.Load(Build.Model(Build.Floats("w", 1000)).ToByteArray(), null, source.Token));
    }

    private static byte[] Field(int field, int wire, byte[] content) => [.. Varint(((ulong)field << 3) | (uint)wire), .. content];

    private static byte[] Message(int field, byte[] content) => Field(field, 2, [.. Varint((ulong)content.Length), .. content]);

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(static part => part)];

    private sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
