using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>Tests the graph that the step float16 creates, with as few Casts as it needs.</summary>
public sealed class Float16Tests
{
    // float16 has 11 significant bits, so that one rounding gives 66 dB.
    private const double Float16Db = 55;

    [Fact]
    public void A_graph_computes_in_float16_between_two_casts()
    {
        var model = Layers().Output("y", DataType.Float, 1, 6).Build();

        var narrow = Narrow.Run(model, "float16", out var report);

        Assert.Equal(["x Float16", "y_float16 Float"], Narrow.Casts(narrow));
        Assert.All(narrow.Proto.Graph.Initializer.Where(tensor => tensor.Name != "shape"), tensor => Assert.Equal((int)DataType.Float16, tensor.DataType));
        Assert.Equal(5, report.Changes["nodes computing in float16"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(narrow)), Float16Db, double.PositiveInfinity);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(Narrow.Rounded(narrow))), Float16Db, double.PositiveInfinity);
    }

    [Fact]
    public void Inputs_and_outputs_are_converted_where_that_is_asked_for()
    {
        var narrow = Narrow.Run(Layers().Output("y", DataType.Float, 1, 6).Build(), "float16(io=true)", out _);

        Assert.Empty(Narrow.Casts(narrow));
        Assert.Equal((int)DataType.Float16, narrow.Proto.Graph.Input[0].Type.TensorType.ElemType);
        Assert.Equal((int)DataType.Float16, narrow.Proto.Graph.Output[0].Type.TensorType.ElemType);
        using var session = new InferenceSession(narrow.ToBytes());
        Assert.Equal(typeof(Float16), session.InputMetadata["x"].ElementType);
    }

    [Fact]
    public void A_value_is_cast_once_for_all_that_read_it()
    {
        var net = new Net().Input("x", 2, 4).Weight("w", 4, 4);
        var model = net.Node("MatMul", "x w", "a")
            .Node("MatMul", "x w", "b")
            .Node("CumSum", "a axis", "c")
            .Node("CumSum", "a axis", "d")
            .Node("Mul", "c d", "e")
            .Node("MatMul", "e w", "f")
            .Node("Add", "b f", "y")
            .Constant("axis", [], 1L)
            .Output("y", DataType.Float, 2, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out var report);

        // The output of CumSum is multiplied in float32, because two Casts would be necessary otherwise.
        Assert.Equal(["x Float16", "a Float", "e Float16", "y_float16 Float"], Narrow.Casts(narrow));
        Assert.Equal("CumSum stays float32", Narrow.WhyNot(report, "CumSum_c"));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(narrow)), Float16Db, double.PositiveInfinity);
    }

    [Fact]
    public void A_weight_that_both_kinds_read_is_stored_in_both_types_and_never_cast()
    {
        var model = new Net()
            .Input("x", 4, 4)
            .Weight("w", 4, 4)
            .Node("MatMul", "x w", "a")
            .Node("CumSum", "w axis", "c")
            .Node("Add", "a c", "y")
            .Constant("axis", [], 1L)
            .Output("y", DataType.Float, 4, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out _);

        Assert.Equal(DataType.Float, Narrow.TypeOf(narrow, "w"));
        Assert.Equal(DataType.Float16, Narrow.TypeOf(narrow, "w_float16"));
        Assert.DoesNotContain(Narrow.Casts(narrow), cast => cast.StartsWith("w ", StringComparison.Ordinal));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(narrow)), Float16Db, double.PositiveInfinity);
    }

    [Fact]
    public void Nodes_without_a_layer_around_them_stay()
    {
        var model = new Net().Input("x", 4).Node("Relu", "x", "a").Node("Exp", "a", "y").Output("y", DataType.Float, 4).Build();

        var narrow = Narrow.Run(model, "float16", out var report);

        Assert.Equal("Exp Relu", Steps.Operators(narrow));
        Assert.Equal("no neighbouring layer computes in 16 bits, so only Casts would be added", Narrow.WhyNot(report, "Exp_y"));
    }

    [Fact]
    public void Scales_of_Resize_stay_float32()
    {
        var model = new Net()
            .Input("x", 1, 2, 4, 4)
            .Weight("w", 3, 2, 1, 1)
            .Constant("scales", [4], 1f, 1f, 2f, 2f)
            .Node("Conv", "x w", "a")
            .Node("Resize", "a _ scales", "y", ("mode", "linear"))
            .Output("y", DataType.Float, 1, 3, 8, 8)
            .Build();

        var narrow = Narrow.Run(model, "float16", out _);

        Assert.Equal(DataType.Float, Narrow.TypeOf(narrow, "scales"));
        Assert.Equal(["x Float16", "y_float16 Float"], Narrow.Casts(narrow));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(narrow)), Float16Db, double.PositiveInfinity);
    }

    [Fact]
    public void Sizes_are_computed_in_float32()
    {
        // The 11 bits of float16 cannot represent 2 × 2049.
        var model = new Net()
            .Input("x", 1, 1, 1, 2049)
            .Weight("w", 1, 1, 1, 1)
            .Constant("half", [4], 1f, 1f, 1f, 2f)
            .Node("Conv", "x w", "a")
            .Node("Shape", "a", "s")
            .Node("Cast", "s", "f", ("to", 1L))
            .Node("Mul", "f half", "g")
            .Node("Cast", "g", "sizes", ("to", 7L))
            .Node("Resize", "a _ _ sizes", "y")
            .Output("y", DataType.Float, 1, 1, 1, 4098)
            .Build();

        var narrow = Narrow.Run(model, "float16", out var report);

        Assert.Equal("it computes sizes", Narrow.WhyNot(report, "Mul_g"));
        Assert.Equal(4098, Ort.Run(narrow)["y"].Length);
    }

    [Fact]
    public void Casts_to_float_inside_become_casts_to_float16()
    {
        var model = new Net()
            .Input("x", DataType.Int64, 2, 4)
            .Weight("w", 4, 4)
            .Node("Cast", "x", "f", ("to", 1L))
            .Node("MatMul", "f w", "y")
            .Output("y", DataType.Float, 2, 4)
            .Build();

        Assert.Equal(["x Float16", "y_float16 Float"], Narrow.Casts(Narrow.Run(model, "float16", out _)));
    }

    [Fact]
    public void Weights_that_are_stored_in_float16_already_are_taken_as_they_are()
    {
        var model = new Net().Input("x", 8, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, 8, 64).Build();
        var stored = Steps.Run(model, "float16-weights");
        Assert.Contains(Narrow.Casts(stored), cast => cast == "w_float16 Float");

        Assert.Equal(["x Float16", "y_float16 Float"], Narrow.Casts(Narrow.Run(stored, "float16", out _)));
    }

    [Fact]
    public void What_is_filled_into_a_shape_is_float16()
    {
        var model = new Net()
            .Input("x", 2, 4)
            .Input("size", DataType.Int64, 2)
            .Weight("w", 4, 4)
            .Node("MatMul", "x w", "a")
            .Node("ConstantOfShape", "size", "b")
            .Node("Add", "a b", "y")
            .Output("y", DataType.Float, 2, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out _);

        Assert.Equal((int)DataType.Float16, narrow.Proto.Graph.Node.Single(node => node.Is("ConstantOfShape")).GetTensor("value")!.DataType);
        using var size = OrtValue.CreateTensorValueFromMemory([2L, 4L], [2]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model, ("size", size)), Ort.Run(Narrow.Rounded(narrow), ("size", size))), Float16Db, double.PositiveInfinity);
    }

    [Fact]
    public void Excluded_nodes_stay_by_name_or_operator()
    {
        var model = Layers().Output("y", DataType.Float, 1, 6).Build();

        Narrow.Run(model, "float16(exclude=Gemm)", out var report);

        Assert.Equal("the recipe excludes it", Narrow.WhyNot(report, "Gemm_d"));
    }

    [Fact]
    public void Models_that_compute_in_integers_are_left_alone()
    {
        var model = new Net()
            .Input("x", 2, 4)
            .Constant("s", [], 0.1f)
            .Constant("z", [], (byte)128)
            .Weight("w", 4, 4)
            .Node("QuantizeLinear", "x s z", "q")
            .Node("DequantizeLinear", "q s z", "d")
            .Node("MatMul", "d w", "y")
            .Output("y", DataType.Float, 2, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out var report);

        Assert.Equal(model.ToBytes(), narrow.ToBytes());
        Assert.StartsWith("it computes in integers", Narrow.WhyNot(report, "the model"), StringComparison.Ordinal);
    }

    [Fact]
    public void Products_with_weights_in_blocks_compute_in_float16()
    {
        var model = new Net()
            .Input("x", 8, 64)
            .Weight("w", 64, 64)
            .Weight("v", 64, 64)
            .Node("MatMul", "x w", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b v", "y")
            .Output("y", DataType.Float, 8, 64)
            .Build();
        var blocks = Steps.Run(model, "int4");

        var narrow = Narrow.Run(blocks, "float16", out _);

        Assert.Equal(["x Float16", "y_float16 Float"], Narrow.Casts(narrow));
        Assert.InRange(Ort.Sqnr(Ort.Run(blocks), Ort.Run(narrow)), 45, double.PositiveInfinity);
        Assert.InRange(Ort.Sqnr(Ort.Run(blocks), Ort.Run(Narrow.Rounded(narrow))), 45, double.PositiveInfinity);
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        var model = Layers().Output("y", DataType.Float, 1, 6).Build();

        Assert.Equal(Narrow.Run(model, "float16", out _).ToBytes(), Narrow.Run(model, "float16", out _).ToBytes());
    }

    private static Net Layers() =>
        new Net()
            .Input("x", 1, 2, 3, 3)
            .Weight("k", 4, 2, 3, 3)
            .Weight("b", 4)
            .Weight("w", 4, 6)
            .Weight("c", 6)
            .Constant("shape", [2], 1L, 4L)
            .Node("Conv", "x k b", "a")
            .Node("Relu", "a", "r")
            .Node("Reshape", "r shape", "f")
            .Node("Gemm", "f w c", "d")
            .Node("Softmax", "d", "y");
}
