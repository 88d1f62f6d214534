using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration.Segments;

public sealed class SegmentedModelTests
{
    [Fact]
    public void Values_cross_from_segment_to_segment_with_any_type_and_size()
    {
        var model = new Net()
            .Input("x", -1, 8)
            .Input("flag", DataType.Bool, 1)
            .Weight("w", 8, 8)
            .Constant("rows", [1], 0L)
            .Constant("more", [1], 2L)
            .Constant("axis", [1], 0L)
            .Node("Shape", "x", "shape")
            .Node("MatMul", "x w", "a")
            .Node("Gather", "shape rows", "count")
            .Node("Mul", "count more", "twice")
            .Node("Concat", "a x", "ax", ("axis", 0))
            .If("flag", "b", new Net().Node("Relu", "a", "then").Output("then"), new Net().Node("Identity", "a", "else").Output("else"))
            .Node("Slice", "ax count twice axis", "part")
            .Node("Add", "part b", "sum")
            .Node("Cast", "sum", "half", ("to", (int)DataType.Float16))
            .Node("Cast", "half", "y", ("to", (int)DataType.Float))
            .Output("y")
            .Build();
        var sample = ListedSamples.Call("x", [3, 8], Noise.Floats(24));
        sample = sample with { Inputs = new Dictionary<string, SampleArray>(sample.Inputs) { ["flag"] = new(DataType.Bool, [1], [1]) } };

        var (whole, one) = Run(model, sample, long.MaxValue, "shape", "a", "ax", "b", "part", "sum", "half", "y");
        var (parts, many) = Run(model, sample, 1, "shape", "a", "ax", "b", "part", "sum", "half", "y");

        Assert.Equal(1, one);
        Assert.InRange(many, 6, 10);
        Assert.Equal(["a", "ax", "b", "part", "sum", "y"], whole.Keys.Order());
        Assert.Equivalent(whole, parts, strict: true);
    }

    [Fact]
    public void Only_what_is_asked_for_runs()
    {
        var model = new Net().Input("x", -1, 8).Weight("w", 8, 8).Weight("v", 8, 8).Node("MatMul", "x w", "a").Node("MatMul", "a v", "y").Output("y").Build();

        using var segmented = new SegmentedModel(model, new HashSet<string> { "a" }, ListedSamples.Call("x", [1, 8], new float[8]), 1, CancellationToken.None);

        Assert.Equal((1, "a"), (segmented.Segments, Assert.Single(segmented.Tensors)));
    }

    [Theory]
    [InlineData(1000, 8, 8)]
    [InlineData(60_000_000, 8, 2)]
    [InlineData(400_000_000, 8, 1)]
    public void Calls_run_side_by_side_as_far_as_memory_goes(int bytes, int threads, int expected)
    {
        var model = new Net().Input("x", -1).Node("Neg", "x", "y").Output("y").Build();
        var sample = new Sample(new Dictionary<string, SampleArray> { ["x"] = new(DataType.Float, [bytes / 4], []) }, null);

        using var segmented = new SegmentedModel(model, new HashSet<string> { "y" }, sample, 1, CancellationToken.None);

        Assert.Equal(expected, segmented.Parallelism(threads));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("litenet/litenet-conv.onnx", 64)]
    [InlineData("litenet/fashion-mobilenet.onnx", 64)]
    [InlineData("models/silero_vad.onnx", 576)]
    [InlineData("models/tribuo_tinybert_random.onnx", 64)]
    [InlineData("models/blazeface_front.onnx", 64)]
    [InlineData("models/ppocrv2_cls.onnx", 64)]
    public void Real_networks_run_node_by_node_as_they_do_whole(string name, int size)
    {
        var model = OnnxModel.Load(Corpus.Path(name));
        RecipePipeline.Run(model, RecipeParser.Parse("optimize"), CancellationToken.None);
        var signature = SignatureReader.Read(model);
        var sample = new SyntheticInputs(model, signature, new DynamicDimensions(size, LoneIsBatch: true)).Read(CancellationToken.None).First();
        string[] values = [.. model.Proto.Graph.Node.SelectMany(node => node.Output).Where(value => value.Length > 0)];

        var (whole, _) = Run(model, sample, long.MaxValue, values);
        var (parts, segments) = Run(model, sample, 1, values);

        Assert.InRange(segments, model.Proto.Graph.Node.Count / 2, model.Proto.Graph.Node.Count);
        Assert.Equal(whole.Keys.Order(), parts.Keys.Order());
        // ONNX Runtime fuses other nodes in the segments than in the whole model, so that the last bits of the values differ.
        Assert.All(whole, pair => Assert.True(Ort.Sqnr(pair.Value, parts[pair.Key]) > 80 || pair.Value.All(value => value == 0), pair.Key));
    }

    private static (Dictionary<string, float[]> Values, int Segments) Run(OnnxModel model, Sample sample, long maxBytes, params string[] values)
    {
        using var segmented = new SegmentedModel(model, values.ToHashSet(), sample, maxBytes, CancellationToken.None);
        var shown = new Dictionary<string, float[]>();
        segmented.Run(
            sample,
            (name, value) => shown.Add(name, value.GetTensorTypeAndShape().ElementCount == 0 ? [] : value.GetTensorDataAsSpan<float>().ToArray()),
            CancellationToken.None
        );
        return (shown, segmented.Segments);
    }
}
