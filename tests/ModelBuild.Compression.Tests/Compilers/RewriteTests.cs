using ModelBuild.Compression.Compilers.Rewrites;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests single rewrites. The export itself compares the outputs.</summary>
public sealed class RewriteTests
{
    [Theory]
    [InlineData(null, null, 2, 3, 4)]
    [InlineData(1, null, 3, 4)]
    [InlineData(1, -1, 3)]
    [InlineData(-2, 9, 3, 4)]
    [InlineData(2, 1)]
    public void Parts_of_a_shape_become_constants(int? start, int? end, params int[] expected)
    {
        List<(string, object)> attributes = [];
        if (start is { } first)
            attributes.Add(("start", (long)first));
        if (end is { } last)
            attributes.Add(("end", (long)last));
        var net = new Net().Input("x", 2, 3, 4).Node("Relu", "x", "r").Node("Shape", "r", "s", [.. attributes]).Node("Abs", "s", "y").Output("y");

        var graph = new Graph(net.Build());
        Assert.Equal(1, new FixedSizes().Apply(graph, CancellationToken.None));

        Assert.Equal(Array.ConvertAll(expected, size => (long)size), graph.Constant("s").Span<long>().ToArray());
    }

    [Fact]
    public void The_number_of_elements_becomes_a_constant()
    {
        var graph = new Graph(new Net().Input("x", 2, 3, 4).Node("Size", "x", "s").Node("Abs", "s", "y").Output("y").Build());

        Assert.Equal(1, new FixedSizes().Apply(graph, CancellationToken.None));

        Assert.Equal([24], graph.Constant("s").Span<long>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Blocks_along_any_axis_become_products(int axis)
    {
        var isFirst = axis == 0;
        var net = new Net(opset: 21, irVersion: 10)
            .Input("x", 1, 8)
            .Constant("codes", [8, 4], [.. Enumerable.Range(0, 32).Select(i => (sbyte)(i * 7 - 100))])
            .Constant("points", isFirst ? [2, 4] : [8, 2], [.. Enumerable.Range(0, isFirst ? 8 : 16).Select(i => (sbyte)(i - 5))])
            .Constant("scales", isFirst ? [2, 4] : [8, 2], Noise.Floats(isFirst ? 8 : 16, seed: 3))
            .Node("DequantizeLinear", "codes scales points", "w", ("axis", (long)axis), ("block_size", isFirst ? 4L : 2L))
            .Node("MatMul", "x w", "y")
            .Output("y", DataType.Float, 1, 4);

        var exported = net.Build().Export("tvm");

        Assert.Equal("Cast*2 MatMul Mul Reshape Sub", Steps.Operators(exported.Model));
        Assert.True(exported.Difference.IsNone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Codes_of_4_bits_are_widened(bool isSigned)
    {
        var element = isSigned ? DataType.Int4 : DataType.Uint4;
        var model = new Net(opset: 21, irVersion: 10)
            .Input("x", 1, 3)
            .Constant("scale", [5], Noise.Floats(5, seed: 4))
            .Node("DequantizeLinear", "codes scale", "w", ("axis", 1L))
            .Node("MatMul", "x w", "y")
            .Output("y", DataType.Float, 1, 5)
            .Build();
        model.Proto.Graph.Initializer.Add(Tensors.Create("codes", element, [3, 5], new byte[] { 0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0x0F }));

        var exported = model.Export("tvm");

        Assert.True(exported.Difference.IsNone);
        Assert.Equal((int)(isSigned ? DataType.Int8 : DataType.Uint8), new Graph(exported.Model).Constant("codes").DataType);
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(1, 1, 40)]
    [InlineData(0, 32, 1)]
    [InlineData(0, 1)]
    public void Scales_along_one_axis_become_those_of_DequantizeLinear(long axis, params int[] shape)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        var model = Stored(shape, count).Build();

        var exported = model.Export("tensorrt");

        var node = Assert.Single(exported.Model.Proto.Graph.Node, node => node.OpType == "DequantizeLinear");
        Assert.Equal(axis, node.GetInt("axis", 1));
        Assert.True(exported.Difference.IsNone);
    }

    [Fact]
    public void Scales_along_two_axes_become_floats()
    {
        var exported = Stored([32, 40], 32 * 40).Build().Export("tensorrt");

        Assert.Equal("MatMul", Steps.Operators(exported.Model));
        Assert.True(exported.Difference.SqnrDb >= 100, $"{exported.Difference}");
    }

    [Fact]
    public void A_scale_that_is_not_positive_becomes_a_float_weight()
    {
        var net = new Net()
            .Input("x", 1, 3)
            .Constant("codes", [3, 2], [(sbyte)1, -2, 3, -4, 5, -6])
            .Constant("scale", [2], 0.5f, 0f)
            .Node("DequantizeLinear", "codes scale", "w", ("axis", 1L))
            .Node("MatMul", "x w", "y")
            .Output("y", DataType.Float, 1, 2);

        Assert.Equal("MatMul", Steps.Operators(net.Build().Export("tensorrt").Model));
    }

    [Fact]
    public void Weights_inside_a_branch_are_rewritten_too()
    {
        var then = new Net().Node("Mul", "real scale", "w").Node("MatMul", "x w", "a").Output("a");
        var net = new Net()
            .Input("x", 1, 40)
            .Condition("x", "few")
            .Constant("codes", [40, 40], [.. Enumerable.Range(0, 40 * 40).Select(i => (sbyte)(i * 11))])
            .Constant("scale", [40], Noise.Floats(40, seed: 5))
            .Node("Cast", "codes", "real", ("to", (long)DataType.Float))
            .If("few", "y", then, new Net().Node("Neg", "x", "b").Output("b"))
            .Output("y", DataType.Float, 1, 40);

        var exported = net.Build().Export("tensorrt");

        Assert.True(exported.Difference.SqnrDb >= 100, $"{exported.Difference}");
    }

    private static Net Stored(int[] shape, int count) =>
        new Net()
            .Input("x", 1, 32)
            // The codes have more than 1 KB, so that constant folding does not change them.
            .Constant("codes", [32, 40], [.. Enumerable.Range(0, 32 * 40).Select(i => (sbyte)(i * 11))])
            .Constant("scale", Array.ConvertAll(shape, size => (long)size), [.. Enumerable.Range(1, count).Select(i => i / 64f)])
            .Node("Cast", "codes", "real", ("to", (long)DataType.Float))
            .Node("Mul", "real scale", "w")
            .Node("MatMul", "x w", "y")
            .Output("y", DataType.Float, 1, 40);
}
