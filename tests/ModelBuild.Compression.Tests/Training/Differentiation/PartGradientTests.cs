namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of operators that join tensors or take blocks of them.</summary>
public sealed class PartGradientTests
{
    [Theory]
    [InlineData(0L, new long[] { 2, 3 }, new long[] { 1, 3 }, new long[] { 4, 3 })]
    [InlineData(1L, new long[] { 2, 3 }, new long[] { 2, 1 }, new long[] { 2, 0 })]
    [InlineData(-1L, new long[] { 2, 3, 1 }, new long[] { 2, 3, 2 }, new long[] { 2, 3, 1 })]
    public void Concat(long axis, long[] a, long[] b, long[] c)
    {
        var net = new Net().Input("a", a).Weight("b", b).Input("c", c).Node("Concat", "a b c", "y", ("axis", axis)).Output("y");
        new GradientCheck(net).Holds();
        new GradientCheck(net).Freeze("b").Holds();
    }

    [Fact]
    public void Concat_of_one_value() => new GradientCheck(new Net().Input("a", 2, 3).Node("Concat", "a a", "y", ("axis", 1L)).Output("y")).Holds();

    [Theory]
    [InlineData("p q r", 0L, new long[] { 1, 2, 3 })]
    [InlineData("p q r", -2L, new long[] { 4, 0, 2 })]
    [InlineData("p q r", 0L, null)]
    [InlineData("p q r s", 1L, null)]
    public void Split(string parts, long axis, long[]? lengths)
    {
        var outputs = parts.Split(' ');
        new GradientCheck(Parts(parts, axis, lengths).Output(outputs)).Holds();
        // The loss depends on only some of the parts.
        new GradientCheck(Parts(parts, axis, lengths).Output(outputs[0])).Holds();
        new GradientCheck(Parts(parts, axis, lengths).Output(outputs[2])).Holds();
    }

    public static TheoryData<long[], long[], long[]?, long[]?> Slices() =>
        new()
        {
            { [1], [3], [0], null },
            { [1, 2], [3, 4], [0, 2], [1, 1] },
            { [0, 1], [5, 3], null, null },
            { [-2], [long.MaxValue], [-1], null },
            { [0], [100], [1], [2] },
            { [-1], [long.MinValue], [1], [-1] },
            { [3, -1], [0, -5], [0, 2], [-2, -3] },
            { [2], [2], [0], null },
            { [-100], [2], [0], [1] },
        };

    [Theory]
    [MemberData(nameof(Slices))]
    public void Slice(long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        var net = new Net().Input("x", 4, 3, 6);
        string Given(string name, long[]? values)
        {
            if (values is not null)
                net.Constant(name, [values.Length], values);
            return values is null ? "_" : name;
        }

        var inputs = $"x {Given("starts", starts)} {Given("ends", ends)} {Given("axes", axes)} {Given("steps", steps)}";
        new GradientCheck(net.Node("Slice", inputs.TrimEnd('_', ' '), "y").Output("y")).Holds();
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(2L)]
    [InlineData(-1L)]
    public void Slice_has_computed_limits(long step)
    {
        var net = new Net().Input("x", 4, 5).Input("starts", Onnx.TensorProto.Types.DataType.Int64, 1).Input("ends", Onnx.TensorProto.Types.DataType.Int64, 1);
        net.Constant("axes", [1], 1L).Constant("steps", [1], step).Node("Slice", "x starts ends axes steps", "y").Output("y");
        new GradientCheck(net).With("starts", step > 0 ? 1L : 3).With("ends", step > 0 ? 4L : 0).Holds();
    }

    private static Net Parts(string parts, long axis, long[]? lengths)
    {
        var net = new Net().Input("x", 6, 7);
        return lengths is null
            ? net.Node("Split", "x", parts, ("axis", axis), ("num_outputs", (long)parts.Split(' ').Length))
            : net.Constant("lengths", [lengths.Length], lengths).Node("Split", "x lengths", parts, ("axis", axis));
    }
}
