using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Counting;

public sealed class WeightsTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("litenet/litenet-conv.onnx", "int8-weights")]
    [InlineData("litenet/litenet-conv.onnx", "int8-weights(per-channel=false)")]
    [InlineData("litenet/litenet-conv.onnx", "float16-weights")]
    [InlineData("litenet/litenet-conv.onnx", "int4")]
    [InlineData("litenet/litenet-conv.onnx", "int4(symmetric=false, storage=block)")]
    [InlineData("litenet/litenet-conv.onnx", "int8-blocks")]
    [InlineData("litenet/litenet-conv.onnx", "cluster(16)")]
    [InlineData("litenet/litenet-conv.onnx", "cluster(200)")]
    [InlineData("litenet/litenet-conv.onnx", "cluster(4, per-channel=true)")]
    [InlineData("litenet/litenet-conv.onnx", "prune(0.9, storage=sparse)")]
    [InlineData("litenet/litenet-conv.onnx", "float16")]
    [InlineData("litenet/litenet-conv.onnx", "bfloat16")]
    [InlineData("litenet/litenet-fc.onnx", "int8-dynamic")]
    [InlineData("litenet/litenet-fc.onnx", "int4(format=qdq)")]
    // The model has embeddings, and its opset does not have 4-bit integers.
    [InlineData("models/tribuo_tinybert_random.onnx", "int8-dynamic")]
    [InlineData("models/tribuo_tinybert_random.onnx", "int4")]
    [InlineData("models/tribuo_tinybert_random.onnx", "int4(format=stored)")]
    [InlineData("models/tribuo_tinybert_random.onnx", "cluster(16)")]
    // The branches of the model have Constant nodes with the weights of an LSTM.
    [InlineData("models/silero_vad.onnx", "int8-weights")]
    [InlineData("models/silero_vad.onnx", "int4")]
    public void How_weights_are_stored_makes_no_difference(string path, string recipe)
    {
        var model = Steps.Run(OnnxModel.Load(Corpus.Path(path)), "optimize");
        var meter = Counted.Meter(model);

        var stored = model.Clone();
        RecipePipeline.Run(
            new PassContext(stored, new PassReport(), CancellationToken.None) { Target = TargetProfile.Parse(recipe == "bfloat16" ? "cuda" : "cpu-x64") },
            RecipeParser.Parse(recipe)
        );

        Assert.InRange(stored.Size(), 1, model.Size() * 0.9);
        Assert.Equal(meter.Original with { Bytes = stored.Size() }, meter.Measure(stored));
    }

    [Theory]
    [InlineData("int8(min-max, everywhere=true)")]
    [InlineData("int8(min-max, everywhere=true, per-channel=false)")]
    public void Nor_do_integers_that_are_multiplied(string recipe)
    {
        // The first layer has a bias and no padding, so that recovery adds no further weights to it.
        var model = new Net()
            .Input("x", 1, 3, 12, 12)
            .Weight("w1", 8, 3, 3, 3)
            .Weight("b1", 8)
            .Weight("w2", 40, 8 * 25)
            .Weight("b2", 40)
            .Weight("w3", 40, 10)
            .Node("Conv", "x w1 b1", "c")
            .Node("Relu", "c", "r")
            .Node("MaxPool", "r", "p", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }))
            .Node("Flatten", "p", "f")
            .Node("Gemm", "f w2 b2", "g", ("transB", 1))
            .Node("Relu", "g", "h")
            .Node("MatMul", "h w3", "y")
            .Output("y")
            .Build();
        var samples = ListedSamples.Of("x", [.. Enumerable.Range(0, 4).Select(call => (new long[] { 1, 3, 12, 12 }, Noise.Floats(432, seed: call)))]);

        var quantized = Steps.Run(model, recipe, samples, out _);

        Assert.Equal(8 * 27 + 8 + 200 * 40 + 40 + 400, Counted.Of(model).Parameters);
        Assert.Contains("QuantizeLinear", Steps.Operators(quantized), StringComparison.Ordinal);
        Assert.Equal(Counted.Of(model).Parameters, Counted.Of(quantized).Parameters);
        Assert.Equal(Counted.Of(model).Parameters, Counted.Of(Counted.Fused(quantized)).Parameters);
    }

    [Fact]
    public void Weights_of_all_scopes_count_once()
    {
        var then = new Net()
            .ConstantNode("w1", Net.Tensor([20, 20], Noise.Floats(400)))
            .Node("MatMul", "x w1", "m1")
            .Node("MatMul", "m1 outer", "t")
            .Output("t");
        var otherwise = new Net()
            .Weight("w2", 20, 20)
            .Node("MatMul", "x w2", "m2")
            .Node("Transpose", "outer", "turned")
            .Node("MatMul", "m2 turned", "e")
            .Output("e");
        var model = new Net()
            .Input("x", 3, 20)
            .Input("c", DataType.Bool)
            .Weight("outer", 20, 20)
            .Weight("unread", 9)
            .If("c", "y", then, otherwise)
            .Output("y")
            .Build();

        Assert.Equal(3 * 400, Counted.Of(model).Parameters);
    }

    [Fact]
    public void Settings_shapes_and_states_are_no_parameters()
    {
        var model = new Net()
            .Input("x", 1, 4, 5, 5)
            .Weight("scale", 4)
            .Weight("shift", 4)
            .Weight("mean", 4)
            .Constant("variance", [4], 1f, 1, 1, 1)
            .Constant("low", [], 0f)
            .Constant("high", [], 6f)
            .Constant("sizes", [4], 1f, 1, 2, 2)
            .Constant("shape", [3], 4L, 1L, 100L)
            .Weight("w", 1, 32, 100)
            .Weight("r", 1, 32, 8)
            .Weight("h0", 1, 1, 8)
            .Node("BatchNormalization", "x scale shift mean variance", "n")
            .Node("Clip", "n low high", "c")
            .Node("Resize", "c _ sizes", "u")
            .Node("Reshape", "u shape", "f")
            .Node("LSTM", "f w r _ _ h0", "y", ("hidden_size", 8))
            .Output("y")
            .Build();

        Assert.Equal(16 + 3200 + 256, Counted.Of(model).Parameters);
    }

    [Fact]
    public void Factors_of_integers_are_scales_and_factors_of_floats_are_weights()
    {
        var model = new Net()
            .Input("x", 3, 20)
            .Constant("w", [20, 20], new sbyte[400])
            .Weight("scales", 20)
            .Weight("gamma", 20)
            .Node("DynamicQuantizeLinear", "x", "q s z")
            .Node("MatMulInteger", "q w z", "i")
            .Node("Cast", "i", "f", ("to", 1))
            .Node("Mul", "f scales", "g")
            .Node("Mul", "g s", "h")
            .Node("Cast", "h", "half", ("to", 10))
            .Node("Cast", "half", "whole", ("to", 1))
            .Node("Mul", "whole gamma", "y")
            .Output("y")
            .Build();

        Assert.Equal(400 + 20, Counted.Of(model).Parameters);
    }

    [Fact]
    public void Weights_that_callers_could_override_are_as_constant_as_recipes_make_them()
    {
        var model = new Net().Input("x", 3, 20).Input("w", 20, 20).Weight("w", 20, 20).Node("MatMul", "x w", "y").Output("y").Build();

        Assert.Equal(400, Counted.Of(model).Parameters);
    }

    [Fact]
    public void Each_node_is_told_what_it_takes_the_largest_first()
    {
        var model = new Net()
            .OpenInput("x", "batch", "8", "10", "10")
            .Weight("c", 4, 8, 3, 3)
            .Weight("w", 256, 1000)
            .Weight("b", 1000)
            .Node("Conv", "x c", "h")
            .Node("Flatten", "h", "f")
            .Add(Nodes.Create("Gemm", ["f", "w", "b"], ["g"], "classifier"))
            .Node("Softmax", "g", "y")
            .Output("y")
            .Build();

        var profile = ModelProfile.Of(model);

        Assert.Equal((288 + 257_000, 64 * 288 + 256_000, 0), (profile.Parameters, profile.MultiplyAdds, profile.Uncounted));
        Assert.Equal([new NodeCost("classifier", "Gemm", 257_000, 256_000), new NodeCost("h", "Conv", 288, 64 * 288)], profile.Nodes);
        Assert.Equal([1, 8, 10, 10], profile.InputShapes["x"]);
    }
}
