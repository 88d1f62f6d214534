using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

public sealed class ConstantFoldingTests
{
    [Fact]
    public void What_depends_on_constants_alone_becomes_one()
    {
        var model = new Net()
            .Input("x", 2, 6)
            .Constant("shape", [3], 1L, 2L, 3L)
            .Constant("two", [1], 2L)
            .Constant("axis", [1], 0L)
            .Node("Mul", "shape two", "doubled")
            .Node("Slice", "doubled axis two axis", "part")
            .Node("Cast", "part", "real", ("to", (long)DataType.Float))
            .Node("ReduceSum", "real", "sum", ("keepdims", 0))
            .Node("Add", "x sum", "y")
            .Output("y")
            .Build();

        var optimized = Steps.Run(model, "optimize");

        // The optimized model still computes the sum of floats, because the order of its terms, and with it its last bit, depends on the processor.
        Assert.Equal("Add ReduceSum", Steps.Operators(optimized));
        Assert.Equal([2f, 4f], Constant(optimized, "real").ToFloats());
        Assert.Equal(Ort.Run(model)["y"], Ort.Run(optimized)["y"]);
    }

    [Theory]
    [InlineData("MatMul", "w w2")]
    [InlineData("Exp", "w")]
    [InlineData("Tanh", "w")]
    [InlineData("ReduceMean", "w")]
    [InlineData("Softmax", "w")]
    [InlineData("Pow", "w w2")]
    [InlineData("Reciprocal", "w")]
    public void What_processors_round_differently_is_left_to_the_load(string op, string inputs)
    {
        var model = new Net().Input("x", 4, 4).Weight("w", 4, 4).Weight("w2", 4, 4).Node(op, inputs, "c").Node("Add", "x c", "y").Output("y").Build();

        Assert.Equal($"Add {op}".Split(' ').Order(StringComparer.Ordinal), Steps.Operators(Steps.Run(model, "optimize")).Split(' '));
    }

    [Theory]
    [InlineData("Add")]
    [InlineData("Sub")]
    [InlineData("Mul")]
    [InlineData("Div")]
    [InlineData("Sqrt")]
    public void What_is_folded_is_rounded_as_the_standard_says(string op)
    {
        const int Count = 4099;
        var (a, b) = (Noise.Floats(Count, seed: 8, scale: 1e3), Noise.Floats(Count, seed: 9, scale: 1e-3));
        if (op == "Sqrt")
            a = [.. a.Select(Math.Abs)];
        var net = new Net()
            .Input("x", 1)
            .Constant("a", [Count], a)
            .Constant("b", [Count], b)
            .Node(op, op == "Sqrt" ? "a" : "a b", "c")
            .Node("Add", "x c", "y")
            .Output("y");

        var expected = op switch
        {
            "Add" => a.Zip(b, (x, y) => x + y),
            "Sub" => a.Zip(b, (x, y) => x - y),
            "Mul" => a.Zip(b, (x, y) => x * y),
            "Div" => a.Zip(b, (x, y) => x / y),
            _ => a.Select(MathF.Sqrt),
        };
        Assert.Equal(expected, Constant(Steps.Run(net.Build(), "optimize"), "c").ToFloats());
    }

    [Fact]
    public void What_would_grow_the_file_stays()
    {
        var model = new Net()
            .Input("x", 64, 64)
            .Constant("shape", [2], 64L, 64L)
            .Constant("one", [1], 0.5f)
            .Node("ConstantOfShape", "shape", "zeros")
            .Node("Expand", "one shape", "halves")
            .Node("Tile", "one shape", "tiled")
            .Node("Add", "zeros halves", "sum")
            .Node("Add", "x sum", "y")
            .Output("y")
            .Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal("Add*2 ConstantOfShape Expand", Steps.Operators(optimized));
        Assert.InRange(optimized.ToBytes().Length, 0, model.ToBytes().Length);
    }

    [Fact]
    public void A_weight_transposed_for_itself_is_folded()
    {
        var model = new Net().Input("x", 5, 40).Weight("w", 60, 40).Node("Transpose", "w", "t").Node("MatMul", "x t", "y").Output("y").Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal("MatMul", Steps.Operators(optimized));
        Assert.Equal(Ort.Run(model)["y"], Ort.Run(optimized)["y"]);
    }

    [Fact]
    public void A_weight_that_two_layers_share_is_not_stored_twice()
    {
        // In a language model, the embedding and the last layer can share a weight.
        var model = new Net()
            .Input("ids", DataType.Int64, 3)
            .Weight("w", 200, 40)
            .Node("Gather", "w ids", "e")
            .Node("Transpose", "w", "t", ("perm", new[] { 1, 0 }))
            .Node("MatMul", "e t", "y")
            .Output("y")
            .Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal("Gather Gemm", Steps.Operators(optimized));
        Assert.InRange(optimized.ToBytes().Length, 0, model.ToBytes().Length + 500);
    }

    [Fact]
    public void A_weight_turned_twice_is_not_stored_twice()
    {
        var model = new Net()
            .Input("x", 5, 40)
            .Weight("w", 40, 40)
            .Node("Transpose", "w", "t", ("perm", new[] { 1, 0 }))
            .Node("Mul", "w w", "s")
            .Node("MatMul", "x t", "a")
            .Node("MatMul", "a s", "y")
            .Output("y")
            .Build();

        Assert.InRange(Steps.Run(model, "optimize").ToBytes().Length, 0, model.ToBytes().Length + 500);
    }

    [Fact]
    public void A_weight_stored_small_stays_small()
    {
        var narrow = Noise.Floats(1200).Select(value => (Half)value).ToArray();
        var model = new Net()
            .Input("x", 5, 40)
            .Constant("w16", [40, 30], narrow)
            .Node("Cast", "w16", "w", ("to", (long)DataType.Float))
            .Node("Transpose", "w", "t", ("perm", new[] { 0, 1 }))
            .Node("MatMul", "x t", "y")
            .Output("y")
            .Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal("Cast MatMul", Steps.Operators(optimized));
        Assert.Equal(Ort.Run(model)["y"], Ort.Run(optimized)["y"]);
    }

    [Fact]
    public void Steps_taken_twice_find_nothing_more()
    {
        var model = new Net()
            .Input("x", 5, 64)
            .Weight("w", 64, 60)
            .Weight("w2", 60, 64)
            .Node("MatMul", "x w", "h")
            .Node("MatMul", "h w2", "y")
            .Output("y")
            .Build();

        var once = Steps.Run(model, "optimize int8-weights");

        Assert.Equal(Steps.Run(model, "optimize int8-weights optimize int8-weights").ToBytes(), once.ToBytes());
    }

    [Fact]
    public void Texts_and_types_without_a_kernel_are_left_alone()
    {
        var model = new Net(opset: 21, irVersion: 10)
            .Input("x", 1)
            .Constant("n", [2], 1f, 2f)
            .Node("Cast", "n", "texts", ("to", (long)DataType.String))
            .Node("Cast", "n", "tiny", ("to", (long)DataType.Float8E4M3Fn))
            .Node("Cast", "tiny", "back", ("to", (long)DataType.Float))
            .Node("Cast", "n", "four", ("to", (long)DataType.Int4))
            .Node("Cast", "four", "back4", ("to", (long)DataType.Float))
            .Node("Add", "back back4", "sum")
            .Node("Add", "x sum", "y")
            .Node("Identity", "texts", "t")
            .Output("y", "t")
            .Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal(Ort.Run(model)["y"], Ort.Run(optimized)["y"]);
    }

    [Fact]
    public void Nodes_that_the_runtime_cannot_compute_do_not_stop_others()
    {
        var model = new Net()
            .Input("x", 4)
            .Constant("a", [4], 1f, 2f, 3f, 4f)
            .Constant("bad", [1], 3L)
            .Constant("good", [2], 2L, 2L)
            .Node("Reshape", "a bad", "broken")
            .Node("Reshape", "a good", "square")
            .Node("Reshape", "square minus", "flat")
            .Constant("minus", [1], -1L)
            .Node("Add", "x flat", "y")
            .Node("Shape", "broken", "z")
            .Output("y", "z")
            .Build();

        Assert.Equal("Add Reshape Shape", Steps.Operators(Steps.Run(model, "optimize")));
    }

    [Fact]
    public void A_constant_that_is_an_output_stays_where_it_is()
    {
        var model = new Net().Input("x", 2).Constant("a", [2], 1f, 2f).Node("Neg", "a", "minus").Node("Add", "x minus", "y").Output("y", "minus").Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal("Add Neg", Steps.Operators(optimized));
        Assert.Equal([-1f, -2f], Ort.Run(optimized)["minus"]);
    }

    [Fact]
    public void Constants_of_all_scopes_are_folded()
    {
        var then = new Net()
            .ConstantNode("k", Net.Tensor([2], 3L, 4L))
            .Node("Add", "k outer", "s")
            .Node("Cast", "s", "f", ("to", (long)DataType.Float))
            .Node("Mul", "x f", "t")
            .Output("t");
        var model = new Net()
            .Input("x", 2)
            .Input("c", DataType.Bool)
            .Constant("outer", [2], 1L, 1L)
            .If("c", "y", then, new Net().Node("Neg", "x", "e").Output("e"))
            .Output("y")
            .Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal("If Mul Neg", Steps.Operators(optimized));
        using var yes = OrtValue.CreateTensorValueFromMemory([true], []);
        Assert.Equal(Ort.Run(model, ("c", yes))["y"], Ort.Run(optimized, ("c", yes))["y"]);
    }

    [Fact]
    public void An_empty_tensor_is_a_constant_too()
    {
        var model = new Net()
            .Input("x", 2)
            .Constant<float>("none", [0])
            .Constant("a", [2], 1f, 2f)
            .Node("Concat", "none a", "all", ("axis", 0))
            .Node("Identity", "none", "empty")
            .Node("Relu", "none", "nothing")
            .Node("Concat", "x all nothing", "y", ("axis", 0))
            .Output("y")
            .Build();

        var optimized = Steps.Run(model, "optimize");

        Assert.Equal(Ort.Run(model)["y"], Ort.Run(optimized)["y"]);
        Assert.Equal("Concat", Steps.Operators(optimized));
    }

    [Fact]
    public void Nodes_over_constants_run_once_and_give_all_their_values()
    {
        var model = new Net().Input("x", 2).Constant("a", [4], 1f, 2f, 3f, 4f).Node("Split", "a", "l r", ("axis", 0)).Build();
        var graph = new Graph(model);

        var values = ConstantEvaluator.TryEvaluate(graph, [.. graph.Nodes], ["l", "r"], CancellationToken.None);

        Assert.Equal([1f, 2f], values!["l"].ToFloats());
        Assert.Equal([3f, 4f], values["r"].ToFloats());
    }

    private static TensorProto Constant(OnnxModel model, string name) =>
        new Graph(model).TryGetConstant(name, out var tensor) ? tensor : throw new InvalidOperationException($"'{name}' is not constant.");
}
