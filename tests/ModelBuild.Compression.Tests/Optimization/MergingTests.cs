using ModelBuild.Compression.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

public sealed class MergingTests
{
    [Theory]
    [InlineData(new[] { 0, 2, 1 }, new[] { 0, 2, 1 }, "Neg Tanh")]
    [InlineData(new[] { 2, 0, 1 }, new[] { 1, 2, 0 }, "Neg Tanh")]
    [InlineData(new[] { 2, 0, 1 }, new[] { 2, 0, 1 }, "Neg Tanh Transpose")]
    public void Transposes_become_one_or_none(int[] first, int[] second, string left) =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 3, 4)
                .Node("Tanh", "x", "a")
                .Node("Transpose", "a", "b", ("perm", first))
                .Node("Transpose", "b", "c", ("perm", second))
                .Node("Neg", "c", "y")
                .Output("y"),
            left
        );

    [Fact]
    public void Transposes_by_default_cancel() =>
        Optimized.Becomes(
            new Net().Input("x", 2, 3, 4).Node("Tanh", "x", "a").Node("Transpose", "a", "b").Node("Transpose", "b", "c").Node("Neg", "c", "y").Output("y"),
            "Neg Tanh"
        );

    [Fact]
    public void A_transpose_that_others_read_serves_them_still() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 3, 4)
                .Node("Transpose", "x", "b", ("perm", new[] { 2, 0, 1 }))
                .Node("Transpose", "b", "y", ("perm", new[] { 2, 0, 1 }))
                .Node("Neg", "b", "z")
                .Output("y", "z"),
            "Neg Transpose*2"
        );

    [Fact]
    public void A_transpose_that_moves_what_is_more_than_one_is_no_view() =>
        Optimized.Becomes(
            new Net()
                .OpenInput("x", "batch", "8", "1", "3")
                .Constant("t", [2], -1L, 8L)
                .Node("Transpose", "x", "p", ("perm", new[] { 0, 2, 3, 1 }))
                .Node("Reshape", "p t", "y")
                .Output("y"),
            "Reshape Transpose"
        );

    [Fact]
    public void Where_takes_a_negation_in() =>
        Optimized.Becomes(
            new Net().Input("x", 5).Constant("k", [], 0.1f).Node("Greater", "x k", "c").Node("Not", "c", "n").Node("Where", "n x k", "y").Output("y"),
            "Greater Where"
        );

    [Fact]
    public void A_number_is_written_as_its_type_is()
    {
        var model = new Net()
            .Input("x", 5)
            .Constant("k", [], 0.1f)
            .Node("Greater", "x k", "b")
            .Node("Cast", "b", "f", ("to", (long)DataType.Float))
            .Node("Cast", "f", "y", ("to", (long)DataType.String))
            .Output("y")
            .Build();

        Assert.Equal("Cast*2 Greater", Steps.Operators(Steps.Run(model, "optimize")));
    }

    [Fact]
    public void A_bias_that_was_never_trained_stays_for_the_runtimes_fusions() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 3, 4)
                .Weight("w", 4, 4)
                .Constant("zeros", [4], new float[4])
                .Node("MatMul", "x w", "m")
                .Node("Add", "m zeros", "y")
                .Output("y"),
            "Add MatMul"
        );

    [Fact]
    public void Slices_that_begin_behind_everything_give_nothing()
    {
        var most = long.MaxValue;
        Optimized.Becomes(
            new Net()
                .Input("x", 6)
                .Constant("two", [1], 2L)
                .Constant("most", [1], most)
                .Constant("axis", [1], 0L)
                .Node("Slice", "x two most axis", "a")
                .Node("Slice", "a most most axis", "y")
                .Output("y"),
            "Slice"
        );
    }

    [Fact]
    public void Only_the_last_shape_counts()
    {
        Optimized.Becomes(
            Views()
                .Constant("s", [2], 4L, 6L)
                .Constant("t", [3], 2L, 2L, 6L)
                .Node("Reshape", "x s", "a")
                .Node("Flatten", "a", "b", ("axis", 0))
                .Node("Reshape", "b t", "y")
                .Output("y"),
            "Reshape"
        );
        Optimized.Becomes(
            Views().Constant("s", [2], 4L, 6L).Constant("axes", [1], 1L).Node("Reshape", "x s", "a").Node("Unsqueeze", "a axes", "y").Output("y"),
            "Reshape"
        );
    }

    [Fact]
    public void A_shape_that_copies_sizes_of_an_open_one_needs_what_is_before_it() =>
        Optimized.Becomes(
            new Net()
                .OpenInput("x", "a", "b", "c")
                .Constant("s", [2], 0L, -1L)
                .Constant("t", [3], 3L, 0L, -1L)
                .Node("Reshape", "x s", "r")
                .Node("Reshape", "r t", "q")
                .Node("Neg", "q", "y")
                .Output("y"),
            "Neg Reshape*2"
        );

    [Theory]
    [InlineData("Unsqueeze", new[] { 0L }, new[] { 2L })]
    [InlineData("Unsqueeze", new[] { 1L, 3L }, new[] { 0L, 1L })]
    [InlineData("Unsqueeze", new[] { -1L }, new[] { -2L })]
    [InlineData("Squeeze", new[] { 0L }, new[] { 1L })]
    [InlineData("Squeeze", new[] { 3L, 1L }, new[] { 0L })]
    [InlineData("Squeeze", new[] { -1L }, new[] { -1L })]
    public void Axes_are_counted_as_the_outer_shape_has_them(string op, long[] first, long[] second)
    {
        // Two open sizes prevent that the node becomes a Reshape.
        string[] shape = op == "Unsqueeze" ? ["a", "b"] : ["1", "1", "1", "1", "a", "b"];
        shape = first.Contains(-1) && op == "Squeeze" ? ["a", "b", "1", "1"] : shape;
        Optimized.Becomes(
            new Net()
                .OpenInput("x", shape)
                .Constant("f", [first.Length], first)
                .Constant("s", [second.Length], second)
                .Node(op, "x f", "m")
                .Node(op, "m s", "n")
                .Node("Neg", "n", "y")
                .Output("y"),
            $"Neg {op}"
        );
    }

    [Theory]
    [InlineData("Squeeze", "Unsqueeze")]
    [InlineData("Unsqueeze", "Squeeze")]
    public void Squeeze_and_unsqueeze_cancel(string first, string second) =>
        Optimized.Becomes(
            new Net()
                .OpenInput("x", first == "Squeeze" ? ["a", "1", "b"] : ["a", "b"])
                .Constant("axes", [1], 1L)
                .Node("Tanh", "x", "t")
                .Node(first, "t axes", "m")
                .Node(second, "m axes", "n")
                .Node("Neg", "n", "y")
                .Output("y"),
            "Neg Tanh"
        );

    [Theory]
    [InlineData(13, 0L, 1L, 5L, 0L, 0L, 9L, "Slice")]
    [InlineData(13, 1L, 1L, 5L, 1L, 1L, 3L, "Slice")]
    [InlineData(13, 1L, 2L, 4L, -2L, 1L, 9L, "Slice")]
    [InlineData(13, 0L, -4L, -1L, 1L, 1L, 3L, "Slice")]
    [InlineData(13, 0L, -4L, -1L, 0L, 1L, 3L, "Slice*2")]
    [InlineData(9, 0L, 1L, 5L, 1L, 2L, 6L, "Slice")]
    public void Slices_become_one(long opset, long axis, long start, long end, long otherAxis, long otherStart, long otherEnd, string left)
    {
        var net = new Net(opset).Input("x", 6, 7, 3);
        if (opset < 10)
            net.Node("Slice", "x", "a", ("axes", new[] { axis }), ("starts", new[] { start }), ("ends", new[] { end }))
                .Node("Slice", "a", "y", ("axes", new[] { otherAxis }), ("starts", new[] { otherStart }), ("ends", new[] { otherEnd }));
        else
            net.Constant("a1", [1], axis)
                .Constant("s1", [1], start)
                .Constant("e1", [1], end)
                .Constant("a2", [1], otherAxis)
                .Constant("s2", [1], otherStart)
                .Constant("e2", [1], otherEnd)
                .Node("Slice", "x s1 e1 a1", "a")
                .Node("Slice", "a s2 e2 a2", "y");
        Optimized.Becomes(net.Output("y"), left);
    }

    [Theory]
    [InlineData(1, -1, "Concat Neg")]
    [InlineData(0, 1, "Concat*2 Neg")]
    public void Concatenations_along_one_axis_become_one(long axis, long other, string left) =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 2)
                .Node("Neg", "x", "n")
                .Node("Concat", "x n", "a", ("axis", axis))
                .Constant("more", axis == 0 ? [4, 1] : [2, 1], Noise.Floats(axis == 0 ? 4 : 2))
                .Node("Concat", "more a", "y", ("axis", other))
                .Output("y"),
            left
        );

    [Fact]
    public void Splits_of_parts_become_one() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 9)
                .Constant("s", [3], 2L, 4L, 3L)
                .Node("Split", "x s", "a b c", ("axis", 1))
                .Node("Split", "b", "d e", ("axis", -1))
                .Node("Neg", "a", "p")
                .Node("Neg", "d", "q")
                .Node("Neg", "e", "r")
                .Node("Neg", "c", "t")
                .Output("p", "q", "r", "t"),
            "Neg*4 Split"
        );

    [Fact]
    public void What_is_split_and_put_together_again_was_whole() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 8)
                .Node("Tanh", "x", "t")
                .Node("Split", "t", "a b", ("axis", 1))
                .Node("Concat", "a b", "c", ("axis", -1))
                .Node("Neg", "c", "y")
                .Output("y"),
            "Neg Tanh"
        );

    [Fact]
    public void What_is_put_together_and_split_again_was_in_parts() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 8)
                .Node("Tanh", "x", "t")
                .Node("Neg", "x", "n")
                .Constant("s", [2], 8L, 8L)
                .Node("Concat", "t n", "c", ("axis", 1))
                .Node("Split", "c s", "a b", ("axis", 1))
                .Node("Exp", "a", "y")
                .Node("Exp", "b", "z")
                .Output("y", "z"),
            "Exp*2 Neg Tanh"
        );

    [Fact]
    public void Parts_in_another_order_are_not_the_whole() =>
        Optimized.Becomes(
            new Net().Input("x", 2, 8).Node("Split", "x", "a b", ("axis", 1)).Node("Concat", "b a", "y", ("axis", 1)).Output("y"),
            "Concat Split"
        );

    [Theory]
    [InlineData(DataType.Double, "Neg")]
    [InlineData(DataType.Float16, "Cast*2 Neg")]
    [InlineData(DataType.Int64, "Cast*2 Neg")]
    internal void A_cast_that_loses_nothing_is_no_detour(DataType through, string left) =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 8)
                .Node("Neg", "x", "n")
                .Node("Cast", "n", "a", ("to", (long)through))
                .Node("Cast", "a", "y", ("to", (long)DataType.Float))
                .Output("y"),
            left
        );

    [Fact]
    public void Whole_numbers_pass_through_a_wider_type() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 8)
                .Node("Cast", "x", "i", ("to", (long)DataType.Int32))
                .Node("Cast", "i", "l", ("to", (long)DataType.Int64))
                .Node("Cast", "l", "y", ("to", (long)DataType.Float))
                .Output("y"),
            "Cast*2"
        );

    [Theory]
    [InlineData("ReduceSum", 0, "Unsqueeze", "ReduceSum")]
    [InlineData("ReduceSum", 1, "Squeeze", "ReduceSum")]
    [InlineData("ReduceMean", 0, "Unsqueeze", "ReduceMean")]
    [InlineData("ReduceSum", 1, "Unsqueeze", "ReduceSum Unsqueeze")]
    public void Reductions_keep_their_axes_by_themselves(string op, long keep, string view, string left)
    {
        var net = new Net().OpenInput("x", "a", "4", "b").Constant("axes", [1], -2L).Constant("one", [1], 1L);
        net = op == "ReduceSum" ? net.Node(op, "x axes", "r", ("keepdims", keep)) : net.Node(op, "x", "r", ("axes", new[] { 1 }), ("keepdims", keep));
        Optimized.Becomes(net.Node(view, "r one", "m").Node("Neg", "m", "y").Output("y"), $"Neg {left}");
    }

    [Fact]
    public void The_largest_index_keeps_its_axis_too() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 3, 4, 5)
                .Constant("axes", [1], -1L)
                .Node("ArgMax", "x", "i", ("axis", 2), ("keepdims", 0))
                .Node("Unsqueeze", "i axes", "u")
                .Node("Cast", "u", "y", ("to", (long)DataType.Float))
                .Output("y"),
            "ArgMax Cast"
        );

    [Fact]
    public void The_logarithm_of_a_softmax_is_one_operator() =>
        Optimized.Becomes(new Net().Input("x", 3, 4).Node("Softmax", "x", "s", ("axis", 0)).Node("Log", "s", "y").Output("y"), "LogSoftmax");

    [Fact]
    public void Repeated_computations_are_done_once() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 3, 4)
                .Node("Softmax", "x", "a", ("axis", 0))
                .Node("Softmax", "x", "b", ("axis", 0))
                .Node("Softmax", "x", "c", ("axis", 1))
                .Node("Exp", "a", "d")
                .Node("Exp", "b", "e")
                .Node("Mul", "d c", "f")
                .Node("Mul", "f e", "y")
                .Output("y"),
            "Exp Mul*2 Softmax*2"
        );

    [Fact]
    public void Random_numbers_are_drawn_anew()
    {
        var model = new Net()
            .Input("x", 3, 4)
            .Node("RandomNormalLike", "x", "a")
            .Node("RandomNormalLike", "x", "b")
            .Node("Sub", "a b", "y")
            .Output("y")
            .Build();

        Assert.Equal("RandomNormalLike*2 Sub", Steps.Operators(Steps.Run(model, "optimize")));
    }

    [Fact]
    public void A_repeated_computation_that_is_an_output_stays() =>
        Optimized.Becomes(new Net().Input("x", 3, 4).Node("Exp", "x", "y").Node("Exp", "x", "z").Output("y", "z"), "Exp*2");

    private static Net Views() => new Net().Input("x", 2, 3, 4);
}
