namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of operators that change the shape or the order of axes, or repeat elements.</summary>
public sealed class ShapeGradientTests
{
    [Theory]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 6, 4 })]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { -1 })]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 0, -1, 2 })]
    [InlineData(new long[] { 1 }, new long[] { })]
    [InlineData(new long[] { }, new long[] { 1, 1 })]
    [InlineData(new long[] { 0, 3 }, new long[] { 3, 0, 2 })]
    public void Reshape(long[] from, long[] to) =>
        new GradientCheck(
            new Net().Input("x", from).Constant("shape", [to.Length], to).Node("Reshape", "x shape", "y", ("allowzero", from.Contains(0) ? 1L : 0L)).Output("y")
        ).Holds();

    [Theory]
    [InlineData(new long[] { 2, 3, 4 }, 0)]
    [InlineData(new long[] { 2, 3, 4 }, 1)]
    [InlineData(new long[] { 2, 3, 4 }, -1)]
    [InlineData(new long[] { 2, 3, 4 }, 3)]
    [InlineData(new long[] { 0, 3 }, 1)]
    [InlineData(new long[] { 3 }, 0)]
    public void Flatten(long[] from, long axis) => new GradientCheck(new Net().Input("x", from).Node("Flatten", "x", "y", ("axis", axis)).Output("y")).Holds();

    [Theory]
    [InlineData("Squeeze", new long[] { 1, 3, 1 }, new long[] { 0 })]
    [InlineData("Squeeze", new long[] { 1, 3, 1 }, new long[] { -1, 0 })]
    [InlineData("Squeeze", new long[] { 1 }, new long[] { 0 })]
    [InlineData("Unsqueeze", new long[] { 2, 3 }, new long[] { 0, -1 })]
    [InlineData("Unsqueeze", new long[] { }, new long[] { 0, 1 })]
    [InlineData("Unsqueeze", new long[] { 0, 2 }, new long[] { 1 })]
    public void Squeeze_and_Unsqueeze(string op, long[] from, long[] axes) =>
        new GradientCheck(new Net().Input("x", from).Constant("axes", [axes.Length], axes).Node(op, "x axes", "y").Output("y")).Holds();

    [Fact]
    public void Squeeze_of_all_axes() => new GradientCheck(new Net().Input("x", 1, 3, 1).Node("Squeeze", "x", "y").Output("y")).OnlyKnownSizes().Holds();

    [Theory]
    [InlineData(new long[] { 2, 3, 4 }, null)]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 2, 0, 1 })]
    [InlineData(new long[] { 2, 3, 4, 5 }, new long[] { 0, 2, 1, 3 })]
    [InlineData(new long[] { 3 }, new long[] { 0 })]
    [InlineData(new long[] { 0, 3 }, new long[] { 1, 0 })]
    [InlineData(new long[] { }, null)]
    public void Transpose(long[] from, long[]? order)
    {
        (string Name, object Value)[] attributes = order is null ? [] : [("perm", order)];
        new GradientCheck(new Net().Input("x", from).Node("Transpose", "x", "y", attributes).Output("y")).Holds();
    }

    [Theory]
    [InlineData(new long[] { 3 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 2, 1, 3 }, new long[] { 4, 1 })]
    [InlineData(new long[] { 1 }, new long[] { 2, 3, 4 })]
    [InlineData(new long[] { }, new long[] { 2, 2 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 1, 1 })]
    [InlineData(new long[] { 1, 3 }, new long[] { 0, 3 })]
    public void Expand(long[] from, long[] to) =>
        new GradientCheck(new Net().Input("x", from).Constant("shape", [to.Length], to).Node("Expand", "x shape", "y").Output("y")).Holds();

    [Theory]
    [InlineData(new long[] { 3 }, new long[] { 2 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 1, 1 })]
    [InlineData(new long[] { 2, 1, 3 }, new long[] { 3, 2, 2 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 0, 2 })]
    [InlineData(new long[] { 0, 3 }, new long[] { 2, 2 })]
    public void Tile(long[] from, long[] repeats) =>
        new GradientCheck(new Net().Input("x", from).Constant("repeats", [repeats.Length], repeats).Node("Tile", "x repeats", "y").Output("y")).Holds();

    [Theory]
    [InlineData("DepthToSpace", "DCR", new long[] { 2, 8, 2, 3 })]
    [InlineData("DepthToSpace", "CRD", new long[] { 2, 8, 2, 3 })]
    [InlineData("DepthToSpace", "CRD", new long[] { 1, 4, 1, 1 })]
    [InlineData("SpaceToDepth", null, new long[] { 2, 3, 4, 2 })]
    public void Blocks_become_channels_and_back(string op, string? mode, long[] from)
    {
        (string Name, object Value)[] attributes = mode is null ? [("blocksize", 2L)] : [("blocksize", 2L), ("mode", mode)];
        var check = new GradientCheck(new Net().Input("x", from).Node(op, "x", "y", attributes).Output("y"));
        (mode == "CRD" ? check.OnlyKnownSizes() : check).Holds();
    }

    [Theory]
    [InlineData(0L, 1L)]
    [InlineData(1L, 0L)]
    public void ReverseSequence(long batchAxis, long timeAxis) =>
        new GradientCheck(
            new Net()
                .Input("x", 3, 3, 2)
                .Constant("lengths", [3], 1L, 3, 2)
                .Node("ReverseSequence", "x lengths", "y", ("batch_axis", batchAxis), ("time_axis", timeAxis))
                .Output("y")
        ).Holds();

    [Theory]
    [InlineData(0L, null)]
    [InlineData(1L, null)]
    [InlineData(0L, 1L)]
    [InlineData(1L, -1L)]
    public void Trilu(long upper, long? diagonal)
    {
        var net = new Net().Input("x", 2, 3, 4);
        if (diagonal is { } k)
            net.Constant("k", [], k);
        new GradientCheck(net.Node("Trilu", diagonal is null ? "x" : "x k", "y", ("upper", upper)).Output("y")).Holds();
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(2, 1, 0)]
    [InlineData(-1, 1, 1)]
    [InlineData(-3, 0, 1)]
    public void CumSum(long axis, long exclusive, long reverse) =>
        new GradientCheck(
            new Net().Input("x", 2, 3, 4).Constant("axis", [], axis).Node("CumSum", "x axis", "y", ("exclusive", exclusive), ("reverse", reverse)).Output("y")
        ).Holds();
}
