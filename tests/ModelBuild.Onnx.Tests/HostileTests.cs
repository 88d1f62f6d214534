using System.Text;
using Google.Protobuf;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx.Tests;

/// <summary>Each kind of bad file gives one exception that says which file, what is wrong and where.</summary>
public sealed class HostileTests
{
    [Fact]
    public void Files_that_are_no_models_say_what_they_are()
    {
        using var folder = new TemporaryFolder();

        Expect(OnnxFault.NotFound, folder.File("none.onnx"));
        Expect(OnnxFault.NotFound, folder.File("none/none.onnx"));
        Expect(OnnxFault.NotAFile, folder.Path);
        Expect(OnnxFault.Empty, folder.Write("empty.onnx", []));
        var pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
        Assert.Contains("git lfs pull", Expect(OnnxFault.GitLfsPointer, folder.Write("lfs.onnx", Encoding.UTF8.GetBytes(pointer))).Message);
        Assert.Contains("web page", Expect(OnnxFault.Malformed, folder.Write("page.onnx", "\n<!DOCTYPE html><html>"u8)).Message);
        Expect(OnnxFault.Malformed, folder.Write("text.onnx", "hello, this is no model\n"u8));
        Expect(OnnxFault.NoGraph, folder.Write("nograph.onnx", new ModelProto { IrVersion = 8 }.ToByteArray()));
        Assert.Contains("version 99", Expect(OnnxFault.UnsupportedVersion, folder.Write("new.onnx", Build.Model(new GraphProto(), 99).ToByteArray())).Message);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_one_error()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", Build.Model().ToByteArray());
        // The file is opened by a writer that does not share it.
        using var holder = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Expect(OnnxFault.Inaccessible, path);
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        var bytes = Sample().ToByteArray();
        for (var length = 1; length < bytes.Length; length += length < 200 ? 1 : 37)
            foreach (var skip in new[] { false, true })
            {
                // If the file is cut between two fields of the model, the rest is a valid smaller document.
                var fault = Record.Exception(() => OnnxModel.Load(bytes.AsMemory(0, length), new OnnxLoadOptions { SkipWeights = skip }));
                if (fault is not null)
                    Assert.Contains(Assert.IsType<OnnxException>(fault).Fault, new[] { OnnxFault.Truncated, OnnxFault.NoGraph });
            }
    }

    [Fact]
    public void A_truncated_weight_says_where()
    {
        using var folder = new TemporaryFolder();
        var fault = Expect(OnnxFault.Truncated, folder.Write("cut.onnx", Build.Model(Build.Floats("w", 1000)).ToByteArray().AsSpan(0, 2000)));

        Assert.Equal("graph", fault.Where);
        Assert.NotNull(fault.Offset);
        Assert.Contains("'" + folder.File("cut.onnx") + "': graph: the file ends before its content does", fault.Message);
    }

    [Fact]
    public void A_part_longer_than_what_holds_it_is_refused_before_it_is_read()
    {
        // The graph has 100 bytes, and its initializer claims 2 GB. The file continues after the graph.
        byte[] initializer = [0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        byte[] file = [8, 10, 0x3A, 100, .. initializer, .. new byte[300]];

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<OnnxException>(() => OnnxModel.Load(file));

        Assert.Equal(OnnxFault.Malformed, fault.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        // A graph is nested in an attribute of a node of another graph, and a type in another type, both deeper than any stack.
        var graph = Nest(Array.Empty<byte>(), 30_000, [6, 5, 1]);
        Assert.Equal(OnnxFault.TooDeep, Fault([8, 10, .. Wrap(7, graph)]));
        var type = Nest(Array.Empty<byte>(), 1000, [1, 4]);
        Assert.Equal(OnnxFault.TooDeep, Fault([8, 10, .. Wrap(7, Wrap(13, Wrap(2, type)))]));
        // The bytes are nested groups, which ONNX does not use.
        Assert.Equal(OnnxFault.TooDeep, Fault([8, 10, .. Enumerable.Repeat((byte)0x63, 100_000)]));
    }

    [Fact]
    public void A_length_that_overflows_the_parser_is_refused()
    {
        // A type claims a dimension of 2^31 - 1 bytes. Google.Protobuf 3.25 adds its position to this number, which overflows.
        byte[] dimension = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        var info = Wrap(13, Wrap(2, Wrap(1, Wrap(2, dimension))));

        Assert.Equal(OnnxFault.Malformed, Fault([8, 10, .. Wrap(7, [.. info, .. Wrap(13, [])])]));
    }

    [Fact]
    public void Nesting_as_deep_as_models_go_is_read()
    {
        var graph = new GraphProto { Name = "leaf", Initializer = { Build.Floats("w", 1000) } };
        for (var i = 0; i < 30; i++)
            graph = new GraphProto { Node = { Nodes.Create("If", ["c"], [$"y{i}"], attributes: ("then_branch", graph)) } };
        var model = Build.Model(graph);

        Assert.Equal(model, OnnxModel.Load(model.ToByteArray()).Proto);
    }

    public static IEnumerable<ITheoryDataRow> Tensors() =>
        new TheoryData<string, OnnxFault>()
        {
            { "negative", OnnxFault.SizeMismatch },
            { "overflow", OnnxFault.TooLarge },
            { "huge", OnnxFault.TooLarge },
            { "long", OnnxFault.SizeMismatch },
            { "short", OnnxFault.SizeMismatch },
            { "nodata", OnnxFault.SizeMismatch },
            { "floats", OnnxFault.SizeMismatch },
            { "wrongfield", OnnxFault.SizeMismatch },
            { "wrongempty", OnnxFault.Malformed },
            { "twice", OnnxFault.Malformed },
            { "typetwice", OnnxFault.Malformed },
            { "unknown", OnnxFault.UnsupportedType },
            { "undefined", OnnxFault.UnsupportedType },
            { "strings", OnnxFault.SizeMismatch },
            { "rawstrings", OnnxFault.Malformed },
            { "nibbles", OnnxFault.SizeMismatch },
        };

    [Theory]
    [MemberData(nameof(Tensors))]
    internal void A_tensor_that_contradicts_itself_is_refused(string kind, OnnxFault expected)
    {
        var tensor = new TensorProto
        {
            Name = "w",
            DataType = (int)DataType.Float,
            Dims = { 2 },
        };
        switch (kind)
        {
            case "negative":
                tensor.Dims.Add(-1);
                break;
            case "overflow":
                tensor.Dims.AddRange([1L << 40, 1L << 40]);
                break;
            case "huge":
                tensor.Dims.Add(1L << 40);
                break;
            case "long":
                tensor.RawData = ByteString.CopyFrom(new byte[12]);
                break;
            case "short":
                tensor.RawData = ByteString.CopyFrom(new byte[7]);
                break;
            case "nodata":
                break;
            case "floats":
                tensor.FloatData.AddRange([1, 2, 3]);
                break;
            case "wrongfield":
                tensor.Int32Data.AddRange([1, 2]);
                break;
            case "wrongempty":
                tensor.Dims[0] = 0;
                tensor.Int32Data.AddRange([1, 2]);
                break;
            case "twice":
                tensor.RawData = ByteString.CopyFrom(new byte[8]);
                tensor.FloatData.AddRange([1, 2]);
                break;
            case "typetwice":
                tensor.DoubleData.AddRange([1, 2]);
                tensor.FloatData.AddRange([1, 2]);
                break;
            case "unknown":
                tensor.DataType = 99;
                tensor.RawData = ByteString.CopyFrom(new byte[8]);
                break;
            case "undefined":
                tensor.DataType = 0;
                tensor.RawData = ByteString.CopyFrom(new byte[8]);
                break;
            case "strings":
                tensor.DataType = (int)DataType.String;
                tensor.StringData.Add(ByteString.Empty);
                break;
            case "rawstrings":
                tensor.DataType = (int)DataType.String;
                tensor.RawData = ByteString.CopyFrom(new byte[8]);
                break;
            case "nibbles":
                tensor.DataType = (int)DataType.Int4;
                tensor.Dims[0] = 5;
                tensor.RawData = ByteString.CopyFrom(new byte[5]);
                break;
        }

        using var folder = new TemporaryFolder();
        var fault = Expect(expected, folder.Write("model.onnx", Build.Model(Build.Floats("other", 1000), tensor).ToByteArray()));
        Assert.Equal("graph.initializer[1] 'w'", fault.Where);
        Assert.Equal(expected, Assert.Throws<OnnxException>(() => new OnnxModel(Build.Model(Build.Floats("other", 1000), tensor))).Fault);
    }

    [Fact]
    public void Data_kept_apart_is_checked_like_any()
    {
        foreach (var kind in new[] { "long", "short", "floats", "twice" })
        {
            var tensor = Build.Floats("w", 1000);
            if (kind == "long")
                tensor.Dims[0] = 1001;
            if (kind == "short")
                tensor.Dims[0] = 999;
            if (kind is "floats" or "twice")
                tensor.FloatData.AddRange(new float[kind == "floats" ? 999 : 1000]);
            if (kind == "floats")
                tensor.ClearRawData();
            Assert.Equal(kind == "twice" ? OnnxFault.Malformed : OnnxFault.SizeMismatch, Fault(Build.Model(tensor).ToByteArray()));
        }
    }

    [Fact]
    public void Names_that_would_spoil_a_message_are_cleaned()
    {
        var tensor = Build.Floats("\u001b[31mline\nbreak" + new string('x', 1000), 2);
        tensor.Dims[0] = 3;

        var message = Assert.Throws<OnnxException>(() => OnnxModel.Load(Build.Model(tensor).ToByteArray())).Message;

        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain('\u001b', message);
        Assert.True(message.Length < 400);
    }

    [Fact]
    public void Millions_of_empty_parts_are_refused_before_they_fill_the_memory()
    {
        // Five million empty nodes take ten megabytes in a file and gigabytes in memory.
        var graph = new byte[10_000_000];
        for (var i = 0; i < graph.Length; i += 2)
            graph[i] = 0x0A;

        Assert.Equal(OnnxFault.TooLarge, Fault([8, 10, .. Wrap(7, graph)]));
    }

    [Fact]
    public void Random_bytes_are_no_model()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(1, 5000)];
            random.NextBytes(bytes);
            Assert.Contains(Fault(bytes), new OnnxFault?[] { OnnxFault.Malformed, OnnxFault.Truncated, OnnxFault.NoGraph, OnnxFault.TooDeep });
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_corpus_model_cut_in_half_is_truncated()
    {
        var bytes = File.ReadAllBytes(Corpus.Path("models/mnist-8.onnx"));

        Assert.Equal(OnnxFault.Truncated, Fault(bytes[..(bytes.Length / 2)]));
    }

    private static ModelProto Sample() =>
        Build.Model(
            new GraphProto
            {
                Name = "g",
                Initializer = { Build.Floats("large", 1000), Build.Floats("small", 3) },
                Node =
                {
                    Build.If("c", "y", Build.Branch("t", Nodes.Create("Constant", [], ["k"], attributes: ("value", Build.Floats("", 300)))), new GraphProto()),
                },
                Input = { Build.Infos("x", "c") },
            }
        );

    private static OnnxException Expect(OnnxFault expected, string path)
    {
        var fault = Assert.Throws<OnnxException>(() => OnnxModel.Load(path));
        Assert.Equal(expected, fault.Fault);
        Assert.Equal(path, fault.File);
        Assert.StartsWith($"'{path}': ", fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
        return fault;
    }

    private static OnnxFault? Fault(byte[] bytes) =>
        Record.Exception(() => OnnxModel.Load(bytes)) switch
        {
            null => null,
            OnnxException fault => fault.Fault,
            var other => throw other,
        };

    private static byte[] Nest(byte[] content, int levels, int[] fields)
    {
        // The bytes are built in reverse order, from the innermost message to the outermost.
        var bytes = new List<byte>(content.Reverse());
        for (var i = 0; i < levels; i++)
        {
            var head = Head(fields[i % fields.Length], bytes.Count);
            bytes.AddRange(head.Reverse());
        }

        bytes.Reverse();
        return [.. bytes];
    }

    private static byte[] Wrap(int field, byte[] content) => [.. Head(field, content.Length), .. content];

    private static byte[] Head(int field, int length)
    {
        var bytes = new List<byte> { (byte)((field << 3) | 2) };
        var rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7)
            bytes.Add((byte)(rest | 0x80));
        bytes.Add((byte)rest);
        return [.. bytes];
    }
}
