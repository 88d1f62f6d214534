namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of operators that read or write elements at given places. Places may occur several times and count from the end.</summary>
public sealed class SelectionGradientTests
{
    [Theory]
    [InlineData(new long[] { 5, 3 }, 0, new long[] { }, new long[] { 2 })]
    [InlineData(new long[] { 5, 3 }, 0, new long[] { 4 }, new long[] { 1, 4, 1, -1 })]
    [InlineData(new long[] { 2, 5, 3 }, 1, new long[] { 2, 2 }, new long[] { 0, 4, 4, -5 })]
    [InlineData(new long[] { 2, 5, 3 }, 1, new long[] { }, new long[] { -1 })]
    [InlineData(new long[] { 2, 3, 4 }, -1, new long[] { 3 }, new long[] { 0, 0, 3 })]
    [InlineData(new long[] { 4 }, 0, new long[] { 1, 2 }, new long[] { 3, 3 })]
    [InlineData(new long[] { 4 }, 0, new long[] { }, new long[] { 3 })]
    [InlineData(new long[] { 4, 2 }, 0, new long[] { 0 }, new long[] { })]
    [InlineData(new long[] { 0, 2 }, 1, new long[] { 2 }, new long[] { 1, 1 })]
    public void Gather(long[] data, long axis, long[] shape, long[] indices)
    {
        new GradientCheck(new Net().Input("x", data).Constant("i", shape, indices).Node("Gather", "x i", "y", ("axis", axis)).Output("y")).Holds();
        int[] narrow = [.. indices.Select(index => (int)index)];
        new GradientCheck(new Net().Input("x", data).Constant("i", shape, narrow).Node("Gather", "x i", "y", ("axis", axis)).Output("y")).Holds();
        var computed = new Net().Weight("x", data).Input("i", Onnx.TensorProto.Types.DataType.Int64, shape).Node("Gather", "x i", "y", ("axis", axis));
        new GradientCheck(computed.Output("y")).With("i", indices).Holds();
    }

    [Theory]
    [InlineData(0, new long[] { 2, 3 }, new long[] { 0, 3, 1, 3, -1, 1 })]
    [InlineData(1, new long[] { 4, 2 }, new long[] { 0, 0, 1, 2, 2, 2, -3, 1 })]
    [InlineData(-1, new long[] { 1, 1 }, new long[] { 2 })]
    public void GatherElements(long axis, long[] shape, long[] indices) =>
        new GradientCheck(new Net().Input("x", 4, 3).Constant("i", shape, indices).Node("GatherElements", "x i", "y", ("axis", axis)).Output("y")).Holds();

    [Theory]
    [InlineData(new long[] { 2, 3 }, 0, new long[] { 3, 2 }, new long[] { 0, 1, 1, 2, 0, 1 })]
    [InlineData(new long[] { 2, 3 }, 0, new long[] { 2, 1 }, new long[] { -1, 1 })]
    [InlineData(new long[] { 2, 3, 4 }, 1, new long[] { 2, 2, 1 }, new long[] { 1, 2, 0, 0 })]
    [InlineData(new long[] { 2, 3, 4 }, 0, new long[] { 1, 2, 2 }, new long[] { 1, 2, 0, 0 })]
    public void GatherND(long[] data, long batch, long[] shape, long[] indices) =>
        new GradientCheck(new Net().Input("x", data).Constant("i", shape, indices).Node("GatherND", "x i", "y", ("batch_dims", batch)).Output("y")).Holds();

    [Theory]
    [InlineData("none", 0, new long[] { 2, 3 }, new long[] { 0, 3, 1, 3, -3, 2 })]
    [InlineData("add", 0, new long[] { 2, 3 }, new long[] { 0, 3, 1, 0, 3, 1 })]
    [InlineData("none", 1, new long[] { 4, 1 }, new long[] { 0, 2, -1, 1 })]
    [InlineData("add", -1, new long[] { 1, 2 }, new long[] { 2, 2 })]
    public void ScatterElements(string reduction, long axis, long[] shape, long[] indices) =>
        new GradientCheck(
            new Net()
                .Input("x", 4, 3)
                .Constant("i", shape, indices)
                .Input("u", shape)
                .Node("ScatterElements", "x i u", "y", ("axis", axis), ("reduction", reduction))
                .Output("y")
        ).Holds();

    [Theory]
    [InlineData("none", new long[] { 2, 1 }, new long[] { 3, 1 }, new long[] { 2, 3 })]
    [InlineData("add", new long[] { 2, 1 }, new long[] { 3, 3 }, new long[] { 2, 3 })]
    [InlineData("none", new long[] { 3, 2 }, new long[] { 0, 0, 3, 2, 1, -1 }, new long[] { 3 })]
    [InlineData("add", new long[] { 1, 2, 2 }, new long[] { 1, 2, 1, 2 }, new long[] { 1, 2 })]
    public void ScatterND(string reduction, long[] shape, long[] indices, long[] updates) =>
        new GradientCheck(
            new Net().Input("x", 4, 3).Constant("i", shape, indices).Input("u", updates).Node("ScatterND", "x i u", "y", ("reduction", reduction)).Output("y")
        ).Holds();

    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(3, -1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(3, -1, 1)]
    [InlineData(0, 1, 1)]
    public void TopK(long count, long axis, long largest)
    {
        foreach (var outputs in new string[][] { ["y"], ["y", "i"] })
            new GradientCheck(
                new Net().Input("x", 3, 4).Constant("k", [1], count).Node("TopK", "x k", "y i", ("axis", axis), ("largest", largest)).Output(outputs)
            ).Holds();
    }
}
