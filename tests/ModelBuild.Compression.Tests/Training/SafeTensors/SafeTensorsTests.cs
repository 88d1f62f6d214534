using System.Buffers.Binary;
using System.Text;
using ModelBuild.Compression.Training.SafeTensors;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.SafeTensors;

/// <summary>Tests that data that is written in the safetensors format is read again, and that files that break a rule of the format are refused.</summary>
public sealed class SafeTensorsTests : IDisposable
{
    private const string Two = """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""";

    private readonly TemporaryFolder _folder = new();

    public static MatrixTheoryData<string, string> TypesAndShapes =>
        new([.. SafeTensorTypes.All.Select(type => type.ToString())], ["", "0", "1", "3", "2 0 3", "2 3 5"]);

    public static TheoryData<string, string, int, string> Damages =>
        new()
        {
            { "not JSON", "{\"a\"", 0, "its header is damaged" },
            { "no object", "[]", 0, "its header is not a JSON object" },
            { "space first", " {}", 0, "its header is not a JSON object" },
            { "empty header", "", 0, "its header is not a JSON object" },
            { "a comment", "{/* */}", 0, "its header is damaged" },
            { "a name twice", """{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}""", 2, "damaged" },
            { "a field twice", """{"a":{"dtype":"U8","dtype":"I8","shape":[],"data_offsets":[0,1]}}""", 1, "damaged" },
            { "an unknown type", """{"a":{"dtype":"F6","shape":[],"data_offsets":[0,1]}}""", 1, "the element type 'F6'" },
            { "an unknown field", """{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":1}}""", 1, "an unknown field 'x'" },
            { "no type", """{"a":{"shape":[],"data_offsets":[0,1]}}""", 1, "lacks its dtype" },
            { "no offsets", """{"a":{"dtype":"U8","shape":[]}}""", 1, "lacks its dtype" },
            { "three offsets", """{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1,2]}}""", 2, "lacks its dtype" },
            { "a type that is no text", """{"a":{"dtype":1,"shape":[],"data_offsets":[0,1]}}""", 1, "damaged" },
            { "a shape that is no array", """{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", 1, "damaged" },
            { "a tensor that is no object", """{"a":1}""", 0, "damaged" },
            { "a negative size", """{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "the number -1" },
            { "a broken size", """{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "the number 1.5" },
            { "sizes beyond 64 bits", """{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "does not have" },
            { "too many bytes", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}}""", 3, "does not have the bytes 0 to 3" },
            { "offsets in the wrong order", """{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}""", 2, "does not have the bytes 2 to 0" },
            { "a gap at the start", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "begins at the byte 1" },
            { "data that is missing", Two, 1, "need 2 bytes of data, and the file has 1" },
            { "data without a tensor", Two, 3, "need 2 bytes of data, and the file has 3" },
            {
                "an overlap",
                """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""",
                3,
                "begins at the byte 1"
            },
            { "metadata that is no object", """{"__metadata__":"x"}""", 0, "damaged" },
            { "metadata that is no text", """{"__metadata__":{"x":1}}""", 0, "damaged" },
            { "metadata that is null", """{"__metadata__":{"x":null}}""", 0, "'x' is not a text" },
            { "half of a letter", "{\"__metadata__\":{\"x\":\"\\ud800\"}}", 0, "damaged" },
        };

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(TypesAndShapes))]
    public void What_is_written_is_read(string typeName, string shapeText)
    {
        var type = Enum.Parse<DataType>(typeName);
        long[] shape = [.. shapeText.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        var bytes = Bytes(SafeTensor.Size(type, shape));
        var document = new SafeTensorsDocument(
            new Dictionary<string, string> { ["b"] = "\"ü\n🙂", ["a"] = "" },
            [
                new SafeTensor("byte", DataType.Uint8, [1], new byte[] { 7 }),
                new SafeTensor("name \"ü/", type, shape, bytes),
                new SafeTensor("wide", DataType.Double, [], Bytes(8)),
            ]
        );

        var path = Write(document);
        var read = SafeTensorsReader.Read(path);

        Assert.Equal(document.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal), read.Metadata);
        var tensor = read.Tensors.Single(tensor => tensor.Name == "name \"ü/");
        Assert.Equal((type, shape, bytes), (tensor.Type, tensor.Shape, tensor.Bytes.ToArray()), (one, other) => Equal(one, other));
        Assert.Equal(["byte", "name \"ü/", "wide"], read.Tensors.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal("wide", DataTypes.Bits(type) == 64 ? "wide" : read.Tensors[0].Name);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Write(document with { Tensors = [.. document.Tensors.Reverse()] })));
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(File.ReadAllBytes(path)) % 8);
    }

    [Fact]
    public void A_file_of_another_program_is_read()
    {
        var path = Raw("""{"b":{"shape":[1,2],"data_offsets":[1,5],"dtype":"F16"},"a":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}}   """, 5);

        var read = SafeTensorsReader.Read(path);

        Assert.Empty(read.Metadata);
        Assert.Equal([("a", DataType.Bool, 1), ("b", DataType.Float16, 4)], read.Tensors.Select(one => (one.Name, one.Type, one.Bytes.Length)));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_file_that_breaks_a_rule_is_refused(string damage, string header, int dataBytes, string message)
    {
        var exception = Assert.Throws<InvalidDataException>(() => SafeTensorsReader.Read(Raw(header, dataBytes)));

        Assert.True(exception.Message.Contains(message, StringComparison.Ordinal), $"{damage}: {exception.Message}");
    }

    [Theory]
    [InlineData(new byte[0], "it has 0 bytes")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0 }, "it has 7 bytes")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "the file ends after 2 of them")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 }, "more than the format allows")]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, 123, 125 }, "more than the format allows")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 255, 125 }, "its header is damaged")]
    public void A_wrong_length_and_wrong_bytes_are_refused(byte[] bytes, string message)
    {
        var exception = Assert.Throws<InvalidDataException>(() => SafeTensorsReader.Read(_folder.Write("x", bytes)));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("__metadata__", "Uint8", 1)]
    [InlineData("other", "Uint8", 1)]
    [InlineData("x", "Int4", 1)]
    [InlineData("x", "Uint8", 2)]
    public void What_the_format_cannot_hold_is_not_written(string name, string type, int bytes)
    {
        var other = new SafeTensor("other", DataType.Uint8, [1], new byte[1]);
        var document = new SafeTensorsDocument(
            new Dictionary<string, string>(),
            [other, new SafeTensor(name, Enum.Parse<DataType>(type), [1], new byte[bytes])]
        );

        Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write(Stream.Null, document));
    }

    public void Dispose() => _folder.Dispose();

    private static bool Equal((DataType, IReadOnlyList<long>, byte[]) one, (DataType, IReadOnlyList<long>, byte[]) other) =>
        one.Item1 == other.Item1 && one.Item2.SequenceEqual(other.Item2) && one.Item3.SequenceEqual(other.Item3);

    private static byte[] Bytes(long count) => [.. Enumerable.Range(1, (int)count).Select(i => (byte)i)];

    private string Write(SafeTensorsDocument document)
    {
        using var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, document);
        return _folder.Write($"{Path.GetRandomFileName()}.safetensors", stream.ToArray());
    }

    private string Raw(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return _folder.Write("raw.safetensors", [.. length, .. json, .. new byte[dataBytes]]);
    }
}
