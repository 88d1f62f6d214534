using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

public sealed class ShapeComputationTests
{
    [Fact]
    public void Sizes_that_are_known_are_constants()
    {
        var net = new Net()
            .Input("x", 2, 3, 4)
            .Constant("one", [], 1L)
            .Constant("zero", [1], 0L)
            .Constant("two", [1], 2L)
            .Node("Relu", "x", "a")
            .Node("Shape", "a", "s")
            .Node("Gather", "s one", "g")
            .Node("Slice", "s zero two", "p")
            .Node("Size", "a", "n")
            .Node("ReduceProd", "p", "q", ("keepdims", 0))
            .Node("Add", "g n", "t")
            .Node("Add", "t q", "u")
            .Node("Cast", "u", "f", ("to", (long)DataType.Float))
            .Node("Mul", "a f", "y")
            .Output("y");

        Optimized.Becomes(net, "Add Cast Mul ReduceProd Relu");
    }

    [Theory]
    [InlineData(1L, "Mul Relu")]
    [InlineData(-1L, "Mul Relu")]
    [InlineData(0L, "Cast Gather Mul Relu Shape")]
    public void One_size_may_be_known_while_others_are_not(long axis, string left) =>
        Optimized.Becomes(
            new Net()
                .OpenInput("x", "batch", "5")
                .Constant("axis", [], axis)
                .Node("Relu", "x", "a")
                .Node("Shape", "a", "s")
                .Node("Gather", "s axis", "g")
                .Node("Cast", "g", "f", ("to", (long)DataType.Float))
                .Node("Mul", "a f", "y")
                .Output("y"),
            left
        );

    [Fact]
    public void A_shape_of_part_of_the_axes_is_known_where_these_are() =>
        Optimized.Becomes(
            new Net()
                .OpenInput("x", "batch", "5", "6")
                .Node("Relu", "x", "a")
                .Node("Shape", "a", "s", ("start", 1))
                .Node("Cast", "s", "f", ("to", (long)DataType.Float))
                .Constant("i", [], 0L)
                .Node("Gather", "f i", "g")
                .Node("Mul", "a g", "y")
                .Output("y"),
            "Mul Relu"
        );

    [Fact]
    public void A_computed_shape_copies_what_it_can()
    {
        // The model splits the heads of attention as exporters do. The shape consists of the batch and the time of the layer before, and of two numbers.
        var optimized = Optimized.Becomes(
            Sizes(new Net().OpenInput("x", "batch", "time", "8"), "x", 0, 1)
                .Constant("heads", [1], 2L)
                .Constant("width", [1], 4L)
                .Node("Concat", "x0 x1 heads width", "shape", ("axis", 0))
                .Node("Relu", "x", "a")
                .Node("Reshape", "a shape", "r")
                .Node("Neg", "r", "y")
                .Output("y"),
            "Neg Relu Reshape"
        );

        Assert.Equal([0L, 0L, 2L, 4L], Target(optimized));
    }

    [Fact]
    public void One_size_that_is_neither_known_nor_copied_is_what_is_left()
    {
        var optimized = Optimized.Becomes(
            Sizes(new Net().OpenInput("x", "batch", "time", "6"), "x", 0, 1)
                .Constant("six", [1], 6L)
                .Node("Mul", "x0 x1", "rows")
                .Node("Concat", "rows six", "shape", ("axis", 0))
                .Node("Reshape", "x shape", "r")
                .Node("Neg", "r", "y")
                .Output("y"),
            "Neg Reshape"
        );

        Assert.Equal([-1L, 6L], Target(optimized));
    }

    [Fact]
    public void Two_such_sizes_stay_computed() =>
        Optimized.Becomes(
            Sizes(new Net().OpenInput("x", "batch", "time", "6"), "x", 0, 1)
                .Node("Relu", "x", "a")
                .Constant("six", [1], 6L)
                .Node("Concat", "x1 x0 six", "shape", ("axis", 0))
                .Node("Reshape", "a shape", "y")
                .Output("y"),
            "Concat Gather*2 Relu Reshape Shape Unsqueeze*2"
        );

    [Fact]
    public void Dimensions_of_no_name_are_not_the_same()
    {
        var model = Sizes(new Net().Input("x", -1, -1, 6).Input("z", -1, -1, 6), "z", 0, 1)
            .Constant("six", [1], 6L)
            .Node("Concat", "z0 z1 six", "shape", ("axis", 0))
            .Node("Reshape", "x shape", "y")
            .Output("y")
            .Build();

        Assert.Equal("Concat Gather*2 Reshape Shape Unsqueeze*2", Steps.Operators(Steps.Run(model, "optimize")));
    }

    [Fact]
    public void All_sizes_together_are_a_shape() =>
        Optimized.Becomes(
            Sizes(new Net().OpenInput("x", "batch", "time").OpenInput("z", "1", "time"), "x", 0, 1)
                .Node("Concat", "x0 x1", "shape", ("axis", 0))
                .Node("Expand", "z shape", "y")
                .Output("y"),
            "Expand Shape"
        );

    [Fact]
    public void Constant_branches_take_their_place()
    {
        var then = new Net().Weight("w", 3).Node("Add", "x w", "a").Node("Mul", "a outer", "t").Output("t");
        var net = new Net()
            .Input("x", 2, 3)
            .Weight("outer", 3)
            .Constant("yes", [], true)
            .If("yes", "m", then, new Net().Node("Neg", "x", "e").Output("e"))
            .Node("Neg", "m", "y")
            .Output("y");

        Optimized.Becomes(net, "Add Mul Neg");
    }

    [Fact]
    public void A_branch_within_a_branch_goes_too()
    {
        var inner = new Net().Node("Neg", "a", "b").Output("b");
        var then = new Net().Node("Exp", "x", "a").Constant("no", [], false).If("no", "t", new Net().Node("Abs", "a", "c").Output("c"), inner).Output("t");
        var net = new Net().Input("x", 2, 3).Constant("yes", [], true).If("yes", "y", then, new Net().Node("Neg", "x", "e").Output("e")).Output("y");

        Optimized.Becomes(net, "Exp Neg");
    }

    [Fact]
    public void Names_of_a_branch_do_not_clash_with_those_outside()
    {
        // Both branches have the same names of values, and so does the graph around the second If.
        static Net Branch(string op) => new Net().Weight("v", 3).Node("Mul", "x v", "a").Node(op, "a", "t").Output("t");
        var net = new Net()
            .Input("x", 2, 3)
            .Constant("yes", [], true)
            .Constant("no", [], false)
            .If("yes", "p", Branch("Exp"), Branch("Abs"))
            .If("no", "q", Branch("Exp"), Branch("Abs"))
            .Node("Sub", "p q", "y")
            .Output("y");

        Optimized.Becomes(net, "Abs Exp Mul Sub");
    }

    [Fact]
    public void A_branch_may_give_what_is_outside_it()
    {
        var then = new Net().Node("Identity", "a", "t").Output("t");
        var net = new Net()
            .Input("x", 2, 3)
            .Constant("yes", [], true)
            .Node("Exp", "x", "a")
            .If("yes", "y", then, new Net().Node("Neg", "x", "e").Output("e"))
            .Output("y");

        Optimized.Becomes(net, "Exp");
    }

    private static Net Sizes(Net net, string value, params int[] axes)
    {
        net.Constant("axes", [1], 0L).Node("Shape", value, $"{value}_shape");
        foreach (var axis in axes)
            net.Constant($"i{axis}", [], (long)axis)
                .Node("Gather", $"{value}_shape i{axis}", $"{value}{axis}_s")
                .Node("Unsqueeze", $"{value}{axis}_s axes", $"{value}{axis}");
        return net;
    }

    private static long[] Target(OnnxModel model)
    {
        var graph = new Graph(model);
        return graph.TryGetConstant(graph.Nodes.Single(node => node.OpType == "Reshape").Input[1], out var shape) ? shape.Span<long>().ToArray() : [];
    }
}
