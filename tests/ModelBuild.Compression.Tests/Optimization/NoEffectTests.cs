using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>Tests nodes that have no effect. Each node is between Tanh and Neg, and its input has the shape [2, 3, 4].</summary>
public sealed class NoEffectTests
{
    [Theory]
    [InlineData("Cast", "a")]
    [InlineData("CastLike", "a a")]
    [InlineData("Pad", "a zeros6")]
    [InlineData("Expand", "a ones2")]
    [InlineData("Expand", "a shape")]
    [InlineData("Slice", "a zeros3 large")]
    [InlineData("Slice", "a zero four last")]
    [InlineData("Resize", "a _ real1s")]
    [InlineData("Resize", "a _ _ shape")]
    [InlineData("Reshape", "a shape")]
    [InlineData("Reshape", "a copies")]
    [InlineData("Split", "a")]
    [InlineData("Add", "a real0")]
    [InlineData("Add", "real0 a")]
    [InlineData("Sub", "a real0")]
    [InlineData("Mul", "a real1")]
    [InlineData("Mul", "one3d a")]
    [InlineData("Div", "a real1")]
    [InlineData("Pow", "a real1")]
    public void A_node_that_does_nothing_goes(string op, string inputs) => Optimized.Becomes(Between(op, inputs), "Neg Tanh");

    [Theory]
    [InlineData("Pad", "a ends")]
    [InlineData("Expand", "a wider")]
    [InlineData("Slice", "a zero three last")]
    [InlineData("Slice", "a zero four last minus")]
    [InlineData("Reshape", "a turned")]
    [InlineData("Add", "a real1")]
    [InlineData("Sub", "real0 a")]
    [InlineData("Div", "real1 a")]
    [InlineData("Mul", "a more1s")]
    [InlineData("Pow", "real1 a")]
    public void One_that_does_something_stays(string op, string inputs) =>
        Optimized.Becomes(Between(op, inputs), string.Join(' ', new[] { "Neg", "Tanh", op }.Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("Flatten", 0L, 1L)]
    [InlineData("Squeeze", 0L, 1L)]
    public void A_view_of_the_same_shape_goes(string op, long axis, long flattened) =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 3)
                .Node("Tanh", "x", "a")
                .Node(op, "a", "m", op == "Flatten" ? [("axis", axis + flattened)] : [])
                .Node("Neg", "m", "y")
                .Output("y"),
            "Neg Tanh"
        );

    [Fact]
    public void Of_an_open_shape_one_size_may_be_unknown()
    {
        Optimized.Becomes(
            new Net()
                .OpenInput("x", "batch", "7")
                .Node("Tanh", "x", "a")
                .Constant("s", [2], -1L, 7L)
                .Node("Reshape", "a s", "m")
                .Node("Neg", "m", "y")
                .Output("y"),
            "Neg Tanh"
        );
        Optimized.Becomes(
            new Net()
                .OpenInput("x", "batch", "time")
                .Node("Tanh", "x", "a")
                .Constant("s", [2], -1L, 3L)
                .Node("Reshape", "a s", "m")
                .Node("Neg", "m", "y")
                .Output("y"),
            "Neg Reshape Tanh"
        );
    }

    [Theory]
    [InlineData("And", "yes")]
    [InlineData("Or", "no")]
    [InlineData("Xor", "no")]
    public void Logic_that_changes_nothing_goes(string op, string constant) =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 3)
                .Constant("zero", [], 0f)
                .Constant("yes", [], true)
                .Constant("no", [], false)
                .Node("Greater", "x zero", "g")
                .Node(op, $"g {constant}", "m")
                .Node("Cast", "m", "y", ("to", (long)DataType.Float))
                .Output("y"),
            "Cast Greater"
        );

    [Theory]
    [InlineData("Relu", "Relu", "Relu")]
    [InlineData("Sigmoid", "Relu", "Sigmoid")]
    [InlineData("Ceil", "Floor", "Ceil")]
    [InlineData("Round", "Round", "Round")]
    [InlineData("Sign", "Sign", "Sign")]
    [InlineData("Relu", "Abs", "Relu")]
    [InlineData("LogSoftmax", "LogSoftmax", "LogSoftmax")]
    [InlineData("Neg", "Neg", "")]
    [InlineData("Relu", "Neg", "Neg Relu")]
    public void Operators_are_not_applied_twice(string first, string second, string left) =>
        Optimized.Becomes(
            new Net().Input("x", 2, 3).Node("Tanh", "x", "t").Node(first, "t", "a").Node(second, "a", "b").Node("Exp", "b", "y").Output("y"),
            string.Join(' ', $"Exp Tanh {left}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))
        );

    [Theory]
    [InlineData(1f, "Clip")]
    [InlineData(2f, "Clip*2")]
    public void A_clip_goes_only_behind_the_same(float limit, string left) =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 3)
                .Constant("low", [], 0f)
                .Constant("high", [], 1f)
                .Constant("other", [], limit)
                .Node("Clip", "x low high", "a")
                .Node("Clip", "a low other", "y")
                .Output("y"),
            left
        );

    [Fact]
    public void Double_negation_of_truth_goes() =>
        Optimized.Becomes(
            new Net()
                .Input("x", 2, 3)
                .Constant("zero", [], 0f)
                .Node("Greater", "x zero", "g")
                .Node("Not", "g", "n")
                .Node("Not", "n", "m")
                .Node("Cast", "m", "y", ("to", (long)DataType.Float))
                .Output("y"),
            "Cast Greater"
        );

    [Theory]
    [InlineData(-1, 1, "ArgMax Cast")]
    [InlineData(0, 1, "ArgMax Cast Softmax")]
    public void The_largest_score_needs_no_probability(long axis, long over, string left) =>
        Optimized.Becomes(
            new Net()
                .Input("x", 5, 7)
                .Node("Softmax", "x", "p", ("axis", over))
                .Node("ArgMax", "p", "i", ("axis", axis))
                .Node("Cast", "i", "y", ("to", (long)DataType.Float))
                .Output("y"),
            left
        );

    private static Net Between(string op, string inputs) =>
        new Net(opset: 18)
            .Input("x", 2, 3, 4)
            .Constant("shape", [3], 2L, 3L, 4L)
            .Constant("copies", [3], 0L, -1L, 0L)
            .Constant("turned", [3], 4L, 3L, 2L)
            .Constant("wider", [4], 2L, 1L, 1L, 1L)
            .Constant("ones2", [2], 1L, 1L)
            .Constant("zeros6", [6], new long[6])
            .Constant("ends", [6], 0L, 0L, 0L, 0L, 0L, 1L)
            .Constant("zeros3", [3], new long[3])
            .Constant("large", [3], 2L, int.MaxValue, long.MaxValue)
            .Constant("zero", [1], 0L)
            .Constant("three", [1], 3L)
            .Constant("four", [1], 4L)
            .Constant("last", [1], -1L)
            .Constant("minus", [1], 2L)
            .Constant("real0", [1, 1], 0f)
            .Constant("real1", [], 1f)
            .Constant("real1s", [3], 1f, 1f, 1f)
            .Constant("one3d", [1, 1, 1], 1f)
            .Constant("more1s", [1, 1, 1, 1], 1f)
            .Node("Tanh", "x", "a")
            .Node(
                op,
                inputs,
                "m",
                op == "Cast" ? [("to", (long)DataType.Float)]
                    : op == "Split" ? [("axis", 1), ("num_outputs", 1)]
                    : []
            )
            .Node("Neg", "m", "y")
            .Output("y");
}
