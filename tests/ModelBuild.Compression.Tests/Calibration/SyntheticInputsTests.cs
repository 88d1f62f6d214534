using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class SyntheticInputsTests
{
    [Fact]
    public void They_are_the_same_each_time_and_different_from_call_to_call()
    {
        var model = new Net().Input("x", 2, 50).Input("y", 3).Build();

        var (first, second) = (Make(model), Make(model));

        Assert.Equal(SyntheticInputs.Count, first.Length);
        Assert.Equal(first.Select(sample => sample.Inputs["x"].Data), second.Select(sample => sample.Inputs["x"].Data));
        Assert.Equal(first.Length, first.Select(sample => Convert.ToHexString(sample.Inputs["x"].Data)).Distinct().Count());
        Assert.All(first, sample => Assert.Null(sample.Labels));
    }

    [Fact]
    public void They_are_normal_and_exactly_these_on_every_machine()
    {
        var values = Numbers<float>(Make(new Net().Input("x", 10000).Build())[0], "x");

        Assert.InRange(values.Average(), -0.01, 0.01);
        Assert.InRange(values.Average(value => value * value), 0.06, 0.065);
        Assert.StartsWith(
            "0d105bade83e8ee41a28f60f5f5c57df",
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_type_has_its_inputs()
    {
        DataType[] types =
        [
            DataType.Float,
            DataType.Double,
            DataType.Float16,
            DataType.Bfloat16,
            DataType.Int8,
            DataType.Uint8,
            DataType.Int16,
            DataType.Uint16,
            DataType.Int32,
            DataType.Uint32,
            DataType.Int64,
            DataType.Uint64,
            DataType.Bool,
            DataType.String,
        ];
        var net = new Net();
        foreach (var type in types)
            net.Input(type.ToString(), type, 3, 5);

        var inputs = Make(net.Build())[0].Inputs;

        foreach (var type in types)
        {
            var array = inputs[type.ToString()];
            Assert.Equal(type, array.Type);
            Assert.Equal([3L, 5], array.Shape);
            Assert.Equal(15 * SampleArray.ElementSize(type), array.Data.Length);
        }

        Assert.Equal(15, inputs["String"].Texts!.Length);
        Assert.All(inputs["Bool"].Data, value => Assert.InRange(value, 0, 1));
    }

    [Theory]
    [InlineData("Gather", 7)]
    [InlineData("Gather of an axis", 5)]
    [InlineData("Gather of a cast and a reshape", 7)]
    [InlineData("Gather in a branch", 7)]
    [InlineData("two tables", 5)]
    [InlineData("OneHot", 6)]
    [InlineData("one-hot by comparison", 4)]
    [InlineData("mask", 2)]
    public void Whole_numbers_stay_inside_the_tables_that_they_index(string kind, int limit)
    {
        var net = new Net().Input("ids", DataType.Int64, 400).Weight("table", 7, 3).Weight("wide", 3, 5).Weight("short", 5, 2);
        var model = (
            kind switch
            {
                "Gather" => net.Node("Gather", "table ids", "y"),
                "Gather of an axis" => net.Node("Gather", "wide ids", "y", ("axis", -1)),
                "Gather of a cast and a reshape" => net.Constant("shape", [2], 20L, 20L)
                    .Node("Cast", "ids", "c", ("to", (long)DataType.Int32))
                    .Node("Reshape", "c shape", "r")
                    .Node("Gather", "table r", "y"),
                "Gather in a branch" => net.Constant("yes", [], true)
                    .If("yes", "y", new Net().Node("Gather", "table ids", "t").Output("t"), new Net().Node("Identity", "table", "e").Output("e")),
                "two tables" => net.Node("Gather", "table ids", "a").Node("Gather", "short ids", "y"),
                "OneHot" => net.Constant("depth", [], 6L).Constant("values", [2], 0f, 1f).Node("OneHot", "ids depth values", "y"),
                "one-hot by comparison" => net.Constant("classes", [4], 0L, 1, 2, 3)
                    .Constant("column", [2], 400L, 1L)
                    .Node("Reshape", "ids column", "r")
                    .Node("Equal", "r classes", "y"),
                _ => net.Node("Cast", "ids", "y", ("to", (long)DataType.Float)),
            }
        )
            .Output("y")
            .Build();

        var values = Numbers<long>(Make(model)[0], "ids");

        Assert.Equal(Enumerable.Range(0, limit).Select(i => (long)i), values.Distinct().Order());
    }

    [Fact]
    public void Modes_are_ones_that_the_model_asks_for()
    {
        var model = new Net().Input("sr", DataType.Int64).Constant("rate", [], 16000L).Node("Equal", "rate sr", "is16k").Output("is16k").Build();

        Assert.All(Make(model), sample => Assert.Equal([16000L], Numbers<long>(sample, "sr")));
    }

    [Fact]
    public void Texts_are_ones_that_the_model_knows()
    {
        var model = new Net().Input("island", DataType.String, 3, 1).Build();
        model.Proto.Graph.Node.Add(
            Nodes.Create("OneHotEncoder", ["island"], ["y"], domain: "ai.onnx.ml", attributes: ("cats_strings", new[] { "Biscoe", "Dream" }))
        );

        Assert.Equal(["Biscoe", "Biscoe", "Biscoe"], Make(model)[0].Inputs["island"].Texts!);
    }

    [Fact]
    public void Open_dimensions_are_batches_of_one_or_the_guess()
    {
        static ValueSignature Input(params Dimension[] shape) => new("x", ValueKind.Tensor, "float32", shape);
        var (open, fixedSize, batch) = (new Dimension(null, null), new Dimension(128, null), new Dimension(null, "batch_size"));

        Assert.Equal([1L, 64, 128], new DynamicDimensions(64, LoneIsBatch: false).Shape(Input(open, open, fixedSize)));
        Assert.Equal([64L, 1, 128], new DynamicDimensions(64, LoneIsBatch: false).Shape(Input(fixedSize with { Size = 64 }, batch, fixedSize)));
        Assert.Equal([2L, 1, 128], new DynamicDimensions(64, LoneIsBatch: true).Shape(Input(new Dimension(2, null), open, fixedSize)));
        Assert.Equal([2L, 64, 128], new DynamicDimensions(64, LoneIsBatch: false).Shape(Input(new Dimension(2, null), open, fixedSize)));
        Assert.Equal(DynamicDimensions.Guesses.Count, DynamicDimensions.Guesses.Distinct().Count());
    }

    [Theory]
    [InlineData(new long[] { 1_000_000, 1_000_000 })]
    [InlineData(new long[] { 4_000_000_000, 4_000_000_000, 4_000_000_000 })]
    [InlineData(new long[] { 100_000_000 })]
    public void A_shape_of_gigabytes_is_not_made(long[] shape)
    {
        var exception = Assert.Throws<NotSupportedException>(() => Make(new Net().Input("x", shape).Build()));

        Assert.Contains("too large for a synthetic input", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("models/silero_vad.onnx", "sr", 16000, 16000)]
    [InlineData("models/magika_v3_3.onnx", "bytes", 250, 256)]
    [InlineData("models/tribuo_tinybert_random.onnx", "input_ids", 100, 30521)]
    public void Real_models_say_what_they_take(string path, string input, long least, long most)
    {
        var model = OnnxModel.Load(Corpus.Path(path));

        var sample = Make(model)[0].Inputs[input];

        var values = sample.Type == DataType.Int32 ? Numbers<int>(sample).Select(value => (long)value) : Numbers<long>(sample);
        Assert.InRange(values.Max(), least, most);
    }

    private static Sample[] Make(OnnxModel model) =>
        [.. new SyntheticInputs(model, SignatureReader.Read(model), DynamicDimensions.Guesses[0]).Read(CancellationToken.None)];

    private static T[] Numbers<T>(Sample sample, string input)
        where T : unmanaged => Numbers<T>(sample.Inputs[input]);

    private static T[] Numbers<T>(SampleArray array)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(array.Data).ToArray();
}
