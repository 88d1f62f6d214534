using Google.Protobuf;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx.Tests;

public sealed class TensorTests
{
    [Fact]
    public void Every_element_type_has_a_size()
    {
        foreach (var type in Enum.GetValues<DataType>())
            Assert.Equal(type is DataType.Undefined or DataType.String, Tensors.BitsPerElement(type) == 0);
        Assert.Equal(0, Tensors.BitsPerElement((DataType)99));
    }

    [Theory]
    [InlineData(DataType.Float, 3, 12)]
    [InlineData(DataType.Int4, 3, 2)]
    [InlineData(DataType.Int2, 5, 2)]
    [InlineData(DataType.String, 3, 0)]
    internal void Elements_take_whole_bytes(DataType type, long count, long bytes) => Assert.Equal(bytes, Tensors.Bytes(type, count));

    public static IEnumerable<ITheoryDataRow> Int32Data() =>
        new TheoryData<DataType, int[], byte[], int>()
        {
            { DataType.Int32, [-2, 3], [254, 255, 255, 255, 3, 0, 0, 0], 2 },
            { DataType.Int16, [-2, 3], [254, 255, 3, 0], 2 },
            { DataType.Uint16, [65535, 3], [255, 255, 3, 0], 2 },
            { DataType.Float16, [0x3C00, 0xC000], [0, 0x3C, 0, 0xC0], 2 },
            { DataType.Bfloat16, [0x3F80], [0x80, 0x3F], 1 },
            { DataType.Int8, [-2, 3], [254, 3], 2 },
            { DataType.Uint8, [255, 3], [255, 3], 2 },
            { DataType.Bool, [1, 0, 7], [1, 0, 1], 3 },
            { DataType.Float8E4M3Fn, [200], [200], 1 },
            { DataType.Float8E8M0, [127], [127], 1 },
            { DataType.Int4, [0x21, 0x03], [0x21, 0x03], 3 },
            { DataType.Uint4, [0xFE], [0xFE], 2 },
            { DataType.Float4E2M1, [0x12, 0x34], [0x12, 0x34], 4 },
            { DataType.Uint2, [0xE4, 0x01], [0xE4, 0x01], 5 },
            { DataType.Int2, [0xE4], [0xE4], 4 },
        };

    [Theory]
    [MemberData(nameof(Int32Data))]
    internal void Numbers_in_int32_data_become_raw_data(DataType type, int[] values, byte[] raw, int count)
    {
        var tensor = Normalized(
            new TensorProto
            {
                DataType = (int)type,
                Dims = { count },
                Int32Data = { values },
            }
        );

        Assert.Equal(raw, tensor.RawData.ToByteArray());
        Assert.Empty(tensor.Int32Data);
    }

    [Fact]
    public void Numbers_in_the_other_fields_become_raw_data()
    {
        Assert.Equal(
            [1f, -0f, float.NaN],
            Normalized(
                    new TensorProto
                    {
                        DataType = (int)DataType.Float,
                        Dims = { 3 },
                        FloatData = { 1f, -0f, float.NaN },
                    }
                )
                .Span<float>()
        );
        Assert.Equal(
            16,
            Normalized(
                new TensorProto
                {
                    DataType = (int)DataType.Complex64,
                    Dims = { 2 },
                    FloatData = { 1, 2, 3, 4 },
                }
            ).RawData.Length
        );
        Assert.Equal(
            [1.5, 2],
            Normalized(
                    new TensorProto
                    {
                        DataType = (int)DataType.Double,
                        Dims = { 2 },
                        DoubleData = { 1.5, 2 },
                    }
                )
                .Span<double>()
        );
        Assert.Equal(
            16,
            Normalized(
                new TensorProto
                {
                    DataType = (int)DataType.Complex128,
                    Dims = { 1 },
                    DoubleData = { 1, 2 },
                }
            ).RawData.Length
        );
        Assert.Equal(
            [-1L, 2],
            Normalized(
                    new TensorProto
                    {
                        DataType = (int)DataType.Int64,
                        Dims = { 2 },
                        Int64Data = { -1, 2 },
                    }
                )
                .Span<long>()
        );
        Assert.Equal(
            [ulong.MaxValue],
            Normalized(
                    new TensorProto
                    {
                        DataType = (int)DataType.Uint64,
                        Dims = { 1 },
                        Uint64Data = { ulong.MaxValue },
                    }
                )
                .Span<ulong>()
        );
        Assert.Equal(
            [uint.MaxValue],
            Normalized(
                    new TensorProto
                    {
                        DataType = (int)DataType.Uint32,
                        Dims = { 1 },
                        Uint64Data = { uint.MaxValue },
                    }
                )
                .Span<uint>()
        );
    }

    [Fact]
    public void Large_typed_data_from_a_file_is_the_same_in_any_number_of_pieces()
    {
        var values = Enumerable.Range(0, 5000).Select(static i => i * 0.25f).ToArray();
        var doubles = Array.ConvertAll(values, static value => (double)value);
        var first = new TensorProto
        {
            Name = "f",
            DataType = (int)DataType.Float,
            Dims = { 5000 },
            FloatData = { values[..10] },
        };
        var rest = new[] { values[10..3000], values[3000..3010], values[3010..] };
        var bytes = rest.Aggregate(first.ToByteArray(), static (all, piece) => [.. all, .. new TensorProto { FloatData = { piece } }.ToByteArray()]);
        var other = new TensorProto
        {
            Name = "d",
            DataType = (int)DataType.Double,
            Dims = { 5000 },
            DoubleData = { doubles },
        };

        var model = OnnxModel.Load(Wrap(bytes, other.ToByteArray()));

        Assert.Equal(values, model.Proto.Graph.Initializer[0].ToFloats());
        Assert.Empty(model.Proto.Graph.Initializer[0].FloatData);
        Assert.Equal(doubles, model.Proto.Graph.Initializer[1].Span<double>());
    }

    [Fact]
    public void Scalars_empty_tensors_and_strings_load()
    {
        Assert.Equal(1, Normalized(Tensors.Create<float>("s", [], [1])).ElementCount());
        Assert.Equal(0, Normalized(new TensorProto { DataType = (int)DataType.Float, Dims = { 1L << 40, 0, 1L << 40 } }).ElementCount());
        Assert.Equal(
            2,
            Normalized(
                new TensorProto
                {
                    DataType = (int)DataType.String,
                    Dims = { 2 },
                    StringData = { ByteString.CopyFromUtf8("a"), ByteString.Empty },
                }
            ).StringData.Count
        );
        // A tensor without any field does not change.
        Assert.Equal(new TensorProto(), Normalized(new TensorProto()));
    }

    [Fact]
    public void Tensors_are_made_over_arrays_without_copying()
    {
        float[] values = [1, 2, 3, 4];
        var tensor = Tensors.Create<float>("w", [2, 2], values);
        values[0] = 9;

        Assert.Equal(9, tensor.Span<float>()[0]);
        Assert.True(tensor.RawData.Span[..4].SequenceEqual(BitConverter.GetBytes(9f)));
        Assert.Equal(DataType.Float16, (DataType)Tensors.Create<Half>("h", [1], [(Half)1]).DataType);
        Assert.Equal(DataType.Bool, (DataType)Tensors.Create<bool>("b", [1], [true]).DataType);
        Assert.Equal([0x80, 0x3F], Tensors.Create("b", DataType.Bfloat16, [1], new byte[] { 0x80, 0x3F }).Span<byte>().ToArray());
        Assert.Throws<ArgumentException>(() => Tensors.Create<float>("w", [3], [1, 2]));
        Assert.Throws<ArgumentException>(() => Tensors.Create<decimal>("w", [1], [1]));
        Assert.Throws<ArgumentException>(() => Tensors.Create("w", DataType.String, [0], default));
        Assert.Equal(3, Tensors.Create("w", DataType.Int4, [5], new byte[3]).RawData.Length);
    }

    [Fact]
    public void A_tensor_made_over_an_array_can_be_written_and_pinned()
    {
        var tensor = Tensors.Create<int>("i", [3], [1, 2, 3]);

        Assert.Equal([1, 2, 3], TensorProto.Parser.ParseFrom(tensor.ToByteArray()).Span<int>());
        Assert.Equal(tensor, tensor.Clone());
        using var handle = tensor.RawData.Memory[4..].Pin();
        unsafe
        {
            Assert.Equal(2, *(int*)handle.Pointer);
        }
    }

    [Fact]
    public void Numbers_are_read_only_as_what_they_are()
    {
        var tensor = Tensors.Create<float>("w", [1], [1]);

        Assert.Throws<InvalidOperationException>(() => tensor.Span<int>());
        Assert.Throws<InvalidOperationException>(() => tensor.Span<Half>());
        Assert.Throws<InvalidOperationException>(() => Tensors.Create<long>("w", [1], [1]).ToFloats());
        Assert.Throws<InvalidOperationException>(() => new TensorProto { DataType = (int)DataType.String }.Span<byte>());
        Assert.Equal(4, tensor.Span<byte>().Length);
        Assert.Equal(1, Tensors.Create<Half>("h", [1], [(Half)1]).Span<ushort>().Length);
    }

    [Fact]
    public void Floats_of_every_kind_become_float32()
    {
        Assert.Equal([1.5f, -2f], Tensors.Create<float>("f", [2], [1.5f, -2f]).ToFloats());
        Assert.Equal([1.5f, float.PositiveInfinity], Tensors.Create<Half>("h", [2], [(Half)1.5f, Half.PositiveInfinity]).ToFloats());
        Assert.Equal([1.5f, -2f], Tensors.Create("b", DataType.Bfloat16, [2], new byte[] { 0xC0, 0x3F, 0, 0xC0 }).ToFloats());
        Assert.Equal([1.5f], Tensors.Create<double>("d", [1], [1.5]).ToFloats());
    }

    [Fact]
    public void Another_name_shares_the_bytes()
    {
        var tensor = Build.Floats("w", 10);

        var renamed = tensor.WithName("v");

        Assert.Equal("v", renamed.Name);
        Assert.Equal("w", tensor.Name);
        Assert.Same(tensor.RawData, renamed.RawData);
    }

    private static TensorProto Normalized(TensorProto tensor)
    {
        var fromFile = OnnxModel.Load(Build.Model(tensor).ToByteArray()).Proto.Graph.Initializer[0];
        var inPlace = new OnnxModel(Build.Model(tensor)).Proto.Graph.Initializer[0];
        Assert.Equal(fromFile, inPlace);
        return inPlace;
    }

    private static byte[] Wrap(params byte[][] tensors)
    {
        var graph = tensors.SelectMany(static tensor => (byte[])[.. Head(5, tensor.Length), .. tensor]).ToArray();
        return [8, 10, .. Head(7, graph.Length), .. graph];
    }

    private static byte[] Head(int field, int length)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteLength(length);
        }

        return stream.ToArray();
    }
}
