using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>Tests subgraphs, and values that are not tensors.</summary>
public sealed class ScopesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Branches_compute_in_float16_and_give_it(bool condition)
    {
        var then = new Net().ConstantNode("w", Net.Tensor([4, 4], Noise.Floats(16))).Node("MatMul", "a w", "t").Output("t", DataType.Float, 2, 4);
        var otherwise = new Net()
            .ConstantNode("e", Net.Tensor([2, 4], Noise.Floats(8)))
            .Node("CumSum", "a axis", "g")
            .Node("Add", "g e", "f")
            .Output("f", DataType.Float, 2, 4);
        var model = new Net()
            .Input("x", 2, 4)
            .Input("c", DataType.Bool)
            .Weight("v", 4, 4)
            .Constant("axis", [], 1L)
            .Node("MatMul", "x v", "a")
            .If("c", "b", then, otherwise)
            .Node("MatMul", "b v", "y")
            .Output("y", DataType.Float, 2, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out _);

        Assert.Equal(["x Float16", "a Float", "y_float16 Float"], Narrow.Casts(narrow).Where(cast => !cast.StartsWith('f') && !cast.StartsWith('g')));
        using var value = OrtValue.CreateTensorValueFromMemory([condition], []);
        Assert.InRange(Ort.Sqnr(Ort.Run(model, ("c", value)), Ort.Run(narrow, ("c", value))), 50, double.PositiveInfinity);
        Assert.InRange(Ort.Sqnr(Ort.Run(model, ("c", value)), Ort.Run(Narrow.Rounded(narrow), ("c", value))), 50, double.PositiveInfinity);
    }

    [Fact]
    public void A_branch_that_only_gives_a_constant_stores_it_in_float16()
    {
        var then = new Net().ConstantNode("t", Net.Tensor([4], 1f, 2f, 3f, 4f)).Output("t", DataType.Float, 4);
        var otherwise = new Net().Node("Relu", "a", "f").Output("f", DataType.Float, 2, 4);
        var model = new Net()
            .Input("x", 2, 4)
            .Input("c", DataType.Bool)
            .Weight("v", 4, 4)
            .Node("MatMul", "x v", "a")
            .If("c", "b", then, otherwise)
            .Node("MatMul", "b v", "y")
            .Output("y")
            .Build();
        model.Proto.Graph.Output[0].Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } };

        var narrow = Narrow.Run(model, "float16", out _);

        Assert.Equal(["x Float16", "y_float16 Float"], Narrow.Casts(narrow));
        using var value = OrtValue.CreateTensorValueFromMemory([true], []);
        Assert.InRange(Ort.Sqnr(Ort.Run(model, ("c", value)), Ort.Run(narrow, ("c", value))), 50, double.PositiveInfinity);
    }

    [Fact]
    public void What_a_loop_carries_stays_float32()
    {
        var body = new Net()
            .Input("i", DataType.Int64)
            .Input("go", DataType.Bool)
            .Input("sum", 2, 4)
            .Node("Identity", "go", "on")
            .Node("MatMul", "sum w", "p")
            .Node("Add", "p sum", "next")
            .Output("on", DataType.Bool)
            .Output("next", DataType.Float, 2, 4);
        var model = new Net()
            .Input("x", 2, 4)
            .Weight("w", 4, 4)
            .Constant("turns", [], 3L)
            .Constant("true", [], true)
            .Node("MatMul", "x w", "a")
            .Node("Loop", "turns true a", "y", ("body", body.Build().Proto.Graph))
            .Output("y", DataType.Float, 2, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out var report);

        Assert.Contains("sum Float16", Narrow.Casts(narrow));
        Assert.Equal("Loop stays float32", Narrow.WhyNot(report, "Loop_y"));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(Narrow.Rounded(narrow))), 50, double.PositiveInfinity);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(narrow)), 50, double.PositiveInfinity);
    }

    [Fact]
    public void Sequences_hold_float32()
    {
        var model = new Net()
            .Input("x", 2, 4)
            .Weight("w", 4, 4)
            .Constant("first", [], 0L)
            .Node("MatMul", "x w", "a")
            .Node("SequenceConstruct", "a x", "s")
            .Node("SequenceAt", "s first", "b")
            .Node("MatMul", "b w", "y")
            .Output("y", DataType.Float, 2, 4)
            .Build();

        var narrow = Narrow.Run(model, "float16", out _);

        Assert.Equal(["x Float16", "a Float", "b Float16", "y_float16 Float"], Narrow.Casts(narrow));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(narrow)), 50, double.PositiveInfinity);
    }
}
