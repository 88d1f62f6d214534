using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization;

public sealed class StoredWeightsTests
{
    public static TheoryData<string> Kinds => Layers.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_in_int8_have_a_scale_for_each_channel_and_are_float_again_when_loaded(string kind)
    {
        var layer = Layers.Make(kind);
        var model = layer.Net.Build();

        var stored = Steps.Run(model, "int8-weights");

        foreach (var (weight, scales) in layer.Scales)
        {
            var graph = new Graph(stored);
            var mul = graph.Producer(weight)!;
            Assert.Equal("Mul", mul.OpType);
            Assert.Equal("Cast", graph.Producer(mul.Input[0])!.OpType);
            Assert.Equal(DataType.Int8, TypeOf(graph, graph.Producer(mul.Input[0])!.Input[0]));
            Assert.True(graph.TryGetConstant(mul.Input[1], out var scale));
            Assert.Equal(scales, scale.Dims);
        }

        Assert.Equal(layer.Scales.Length, stored.Proto.Graph.Initializer.Count(tensor => tensor.DataType == (int)DataType.Int8));
        Assert.InRange(Ort.Sqnr(Run(model), Run(stored)), layer.Scales.Length == 0 ? double.PositiveInfinity : 38, double.PositiveInfinity);
        IsFloatWhenLoaded(stored, model);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_in_float16_are_float_again_when_loaded(string kind)
    {
        var layer = Layers.Make(kind);
        var model = layer.Net.Build();

        var stored = Steps.Run(model, "float16-weights");

        Assert.Equal(layer.Scales.Length, stored.Proto.Graph.Initializer.Count(tensor => tensor.DataType == (int)DataType.Float16));
        Assert.All(layer.Scales, weight => Assert.Equal("Cast", new Graph(stored).Producer(weight.Weight)!.OpType));
        Assert.InRange(Ort.Sqnr(Run(model), Run(stored)), 68, double.PositiveInfinity);
        IsFloatWhenLoaded(stored, model);
    }

    [Theory]
    [InlineData("int8-weights", 1700)]
    [InlineData("float16-weights", 2900)]
    public void Weights_of_branches_are_stored_small_and_are_float_again_when_loaded(string step, int bytes)
    {
        // The weights are in a Constant node, in an initializer of the branch, and in the outer graph, where both branches read them.
        var then = new Net()
            .ConstantNode("w1", Net.Tensor([20, 20], Noise.Floats(400)))
            .Node("MatMul", "x w1", "m1")
            .Node("MatMul", "m1 outer", "t")
            .Output("t");
        var otherwise = new Net().Weight("w2", 20, 20).Node("MatMul", "x w2", "m2").Node("MatMul", "m2 outer", "e").Output("e");
        var model = new Net().Input("x", 3, 20).Input("c", DataType.Bool).Weight("outer", 20, 20).If("c", "y", then, otherwise).Output("y").Build();

        var stored = Steps.Run(model, step, out var report);

        Assert.Equal(3, Assert.Single(report.Changes).Value);
        Assert.InRange(stored.Tensors().Sum(tensor => tensor.RawData.Length), 0, bytes);
        foreach (var condition in new[] { true, false })
            Assert.InRange(Ort.Sqnr(Run(model, condition), Run(stored, condition)), 38, double.PositiveInfinity);
        IsFloatWhenLoaded(stored, model);
    }

    [Fact]
    public void A_weight_that_two_layers_share_is_stored_once()
    {
        var model = new Net()
            .Input("ids", DataType.Int64, 3)
            .Weight("w", 60, 40)
            .Node("Gather", "w ids", "e")
            .Node("Gemm", "e w", "y", ("transB", 1))
            .Node("MatMul", "y w", "z")
            .Output("y", "z")
            .Build();

        var stored = Steps.Run(model, "int8-weights");

        Assert.Single(stored.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Int8);
        Assert.Equal("Cast Gather Gemm MatMul Mul", Steps.Operators(stored));
        Assert.InRange(Ort.Sqnr(Run(model), Run(stored)), 35, double.PositiveInfinity);
    }

    [Theory]
    [InlineData("int8-weights")]
    [InlineData("float16-weights")]
    public void What_must_stay_or_would_not_gain_is_reported(string step)
    {
        var model = new Net()
            .Input("x", 5, 40)
            .Weight("given", 40, 40)
            .Weight("kept.w", 40, 40)
            .Weight("small", 40, 2)
            .Constant("nan", [40, 40], Broken(float.NaN))
            .Constant("infinite", [40, 40], Broken(float.PositiveInfinity))
            .Node("MatMul", "x given", "1")
            .Node("MatMul", "x kept.w", "2")
            .Node("MatMul", "x small", "3")
            .Node("MatMul", "x nan", "4")
            .Node("MatMul", "x infinite", "5")
            .Output("given", "1", "2", "3", "4", "5")
            .Build();

        var stored = Steps.Run(model, step + "(exclude=kept.*|other)", out var report);

        Assert.Equal(["given", "kept.w", "small", "nan", "infinite"], report.Skipped.Select(left => left.What));
        Assert.Equal("it is an output of the model", report.Skipped[0].Why);
        Assert.Equal("the recipe excludes it", report.Skipped[1].Why);
        Assert.Equal("it is too small to save anything", report.Skipped[2].Why);
        Assert.Equal("MatMul*5", Steps.Operators(stored));
        Assert.Empty(report.Changes);
    }

    [Theory]
    [InlineData(1e5f, "range")]
    [InlineData(-7e4f, "range")]
    [InlineData(float.NegativeInfinity, "finite")]
    public void What_float16_cannot_hold_stays(float value, string why)
    {
        var model = new Net().Input("x", 5, 40).Constant("w", [40, 40], Broken(value)).Node("MatMul", "x w", "y").Output("y").Build();

        var stored = Steps.Run(model, "float16-weights", out var report);

        Assert.Equal("MatMul", Steps.Operators(stored));
        Assert.Contains(why, Assert.Single(report.Skipped).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_too_small_for_float16_stay()
    {
        // Below 6e-5, float16 loses bits. Below 6e-8, nothing remains.
        var model = new Net().Input("x", 5, 40).Constant("w", [40, 40], Noise.Floats(1600, scale: 1e-7)).Node("MatMul", "x w", "y").Output("y").Build();

        var stored = Steps.Run(model, "float16-weights", out var report);

        Assert.Equal("MatMul", Steps.Operators(stored));
        Assert.Contains("below float16's range", Assert.Single(report.Skipped).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e30)]
    public void Weights_of_any_magnitude_fit_into_int8(double scale)
    {
        var model = new Net().Input("x", 5, 40).Constant("w", [40, 40], Noise.Floats(1600, scale: scale)).Node("MatMul", "x w", "y").Output("y").Build();

        Assert.InRange(Ort.Sqnr(Run(model), Run(Steps.Run(model, "int8-weights"))), 38, double.PositiveInfinity);
    }

    [Fact]
    public void Channels_of_zeros_and_of_next_to_nothing_stay_what_they_are()
    {
        var values = Noise.Floats(1600);
        for (var row = 0; row < 40; row++)
            (values[row * 40], values[row * 40 + 1]) = (0, 1e-44f);
        var model = new Net().Input("x", 5, 40).Constant("w", [40, 40], values).Node("MatMul", "x w", "y").Output("y").Build();

        var outputs = Run(Steps.Run(model, "int8-weights"))["y"];

        Assert.All(Enumerable.Range(0, 5), row => Assert.Equal([0, 0], outputs[(row * 40)..(row * 40 + 2)]));
        Assert.InRange(Ort.Sqnr(Run(model)["y"], outputs), 38, double.PositiveInfinity);
    }

    [Fact]
    public void One_scale_for_all_is_possible_and_coarser()
    {
        var values = Noise.Floats(1600);
        for (var i = 0; i < values.Length; i += 40)
            values[i] *= 50;
        var model = new Net().Input("x", 5, 40).Constant("w", [40, 40], values).Node("MatMul", "x w", "y").Output("y").Build();

        var tensor = Steps.Run(model, "int8-weights(per-channel=false)");

        Assert.Single(tensor.Proto.Graph.Initializer, constant => constant.DataType == (int)DataType.Float && constant.ElementCount() == 1);
        var (coarse, fine) = (Run(tensor)["y"], Run(Steps.Run(model, "int8-weights"))["y"]);
        var quiet = Enumerable.Range(0, coarse.Length).Where(i => i % 40 != 0).ToArray();
        float[] Quiet(float[] all) => [.. quiet.Select(i => all[i])];
        Assert.True(Ort.Sqnr(Quiet(Run(model)["y"]), Quiet(coarse)) + 20 < Ort.Sqnr(Quiet(Run(model)["y"]), Quiet(fine)));
    }

    [Theory]
    [InlineData("int8-weights")]
    [InlineData("float16-weights")]
    public void Old_operator_sets_are_left_alone(string step)
    {
        var model = new Net(opset: 6, irVersion: 3).Input("x", 5, 40).Input("w", 40, 40).Weight("w", 40, 40).Node("MatMul", "x w", "y").Output("y").Build();

        var stored = Steps.Run(model, step, out var report);

        Assert.Equal("MatMul", Steps.Operators(stored));
        Assert.Contains("opset is 6", Assert.Single(report.Skipped).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_vector_shares_one_scale()
    {
        var model = new Net().Input("x", 5, 2000).Weight("w", 2000).Node("MatMul", "x w", "y").Output("y").Build();

        var stored = Steps.Run(model, "int8-weights");

        Assert.Equal("Cast MatMul Mul", Steps.Operators(stored));
        Assert.InRange(Ort.Sqnr(Run(model), Run(stored)), 35, double.PositiveInfinity);
    }

    [Theory]
    [InlineData("int8-weights")]
    [InlineData("float16-weights")]
    public void A_weight_that_is_moved_before_it_is_used_is_one_all_the_same(string step)
    {
        // Two branches reorder the gates of an LSTM, and an embedding is also the last layer.
        static Net Branch(string prefix) =>
            new Net()
                .Node("Slice", "gates zero half axis", $"{prefix}a")
                .Node("Slice", "gates half all axis", $"{prefix}b")
                .Node("Concat", $"{prefix}b {prefix}a", $"{prefix}g", ("axis", 0))
                .Node("Transpose", $"{prefix}g", $"{prefix}t", ("perm", new[] { 1, 0 }))
                .Node("MatMul", $"x {prefix}t", $"{prefix}y")
                .Output($"{prefix}y");
        var model = new Net()
            .Input("x", 3, 40)
            .Input("c", DataType.Bool)
            .Input("ids", DataType.Int64, 3)
            .Weight("gates", 60, 40)
            .Weight("table", 50, 40)
            .Constant("zero", [1], 0L)
            .Constant("half", [1], 30L)
            .Constant("all", [1], 60L)
            .Constant("axis", [1], 0L)
            .If("c", "y", Branch("t"), Branch("e"))
            .Node("Transpose", "table", "turned")
            .Node("MatMul", "x turned", "z")
            .Node("Gather", "table ids", "e")
            .Output("y", "z", "e")
            .Build();

        var stored = Steps.Run(model, step, out var report);

        Assert.Equal(2, Assert.Single(report.Changes).Value);
        Assert.InRange(Ort.Sqnr(Run(model), Run(stored)), step == "int8-weights" ? 38 : 68, double.PositiveInfinity);
        IsFloatWhenLoaded(stored, model);
    }

    // The graph is the same as that of the float model. The nodes that decode the weights are gone.
    private static void IsFloatWhenLoaded(OnnxModel stored, OnnxModel model)
    {
        var loaded = Ort.Optimized(stored);
        Assert.Equal(Steps.Operators(Ort.Optimized(Steps.Run(model, "optimize"))), Steps.Operators(loaded));
        Assert.DoesNotContain(
            loaded.SelfAndSubgraphs().SelectMany(scope => scope.Proto.Initializer),
            tensor => (DataType)tensor.DataType is DataType.Int8 or DataType.Float16
        );
    }

    private static IReadOnlyDictionary<string, float[]> Run(OnnxModel model, bool condition = true)
    {
        using var ids = Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory([0L, 7, 3], [3]);
        using var c = Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory([condition], []);
        return Ort.Run(model, ("ids", ids), ("c", c));
    }

    private static DataType TypeOf(Graph graph, string constant) =>
        graph.TryGetConstant(constant, out var tensor) ? (DataType)tensor.DataType : DataType.Undefined;

    private static float[] Broken(float value)
    {
        var values = Noise.Floats(1600);
        values[77] = value;
        return values;
    }
}
