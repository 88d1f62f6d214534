namespace ModelBuild.Compression.Tests.Quantization.Equalization;

/// <summary>Creates networks of two or three layers whose channels differ in range by factors of a hundred. All channels affect the outputs.</summary>
internal static class Uneven
{
    public static TheoryData<string> Kinds { get; } =
    [
        "Conv",
        "Conv of groups",
        "Conv without bias",
        "LeakyRelu",
        "PRelu",
        "nothing between",
        "MaxPool",
        "AveragePool",
        "Pad",
        "ConvTranspose",
        "ConvTranspose behind",
        "Add behind Conv",
        "scalar Add",
        "Flatten",
        "Reshape",
        "Reshape of open batch",
        "Squeeze",
        "ReduceMean",
        "ReduceMean of kept axes",
        "Gemm",
        "Gemm turned",
        "Gemm with alpha",
        "MatMul",
        "MatMul of three axes",
    ];

    public static Net Make(string kind) =>
        kind switch
        {
            "Conv" => First().Node("Relu", "c", "r").Spread("w2", 1, 8, 12, 3, 3).Weight("b2", 8).Node("Conv", "r w2 b2", "y").Output("y"),
            "Conv of groups" => First().Node("Relu", "c", "r").Spread("w2", 0, 8, 3, 3, 3).Node("Conv", "r w2", "y", ("group", 4)).Output("y"),
            "Conv without bias" => Image()
                .Spread("w1", 0, 12, 4, 3, 3)
                .Node("Conv", "x w1", "c")
                .Node("Relu", "c", "r")
                .Spread("w2", 1, 8, 12, 1, 1)
                .Node("Conv", "r w2", "y")
                .Output("y"),
            "LeakyRelu" => First().Node("LeakyRelu", "c", "r", ("alpha", 0.1f)).Spread("w2", 1, 8, 12, 3, 3).Node("Conv", "r w2", "y").Output("y"),
            "PRelu" => First().Weight("slope", 12, 1, 1).Node("PRelu", "c slope", "r").Spread("w2", 1, 8, 12, 3, 3).Node("Conv", "r w2", "y").Output("y"),
            "nothing between" => First().Spread("w2", 1, 8, 12, 3, 3).Node("Conv", "c w2", "y").Output("y"),
            "MaxPool" => First()
                .Node("MaxPool", "c", "p", ("kernel_shape", new long[] { 2, 2 }))
                .Node("Relu", "p", "r")
                .Spread("w2", 1, 8, 12, 3, 3)
                .Node("Conv", "r w2", "y")
                .Output("y"),
            "AveragePool" => First()
                .Node("Relu", "c", "r")
                .Node("AveragePool", "r", "p", ("kernel_shape", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }))
                .Spread("w2", 1, 8, 12, 3, 3)
                .Node("Conv", "p w2", "y")
                .Output("y"),
            "Pad" => First()
                .Node("Relu", "c", "r")
                .Constant("pads", [8], 0L, 0, 1, 2, 0, 0, 1, 0)
                .Node("Pad", "r pads", "p")
                .Spread("w2", 1, 8, 12, 3, 3)
                .Node("Conv", "p w2", "y")
                .Output("y"),
            "ConvTranspose" => Image()
                .Spread("w1", 1, 4, 12, 3, 3)
                .Weight("b1", 12)
                .Node("ConvTranspose", "x w1 b1", "c")
                .Node("Relu", "c", "r")
                .Spread("w2", 1, 8, 12, 3, 3)
                .Node("Conv", "r w2", "y")
                .Output("y"),
            "ConvTranspose behind" => First().Node("Relu", "c", "r").Spread("w2", 0, 12, 8, 3, 3).Node("ConvTranspose", "r w2", "y").Output("y"),
            "Add behind Conv" => Image()
                .Spread("w1", 0, 12, 4, 3, 3)
                .Node("Conv", "x w1", "c")
                .Weight("b1", 12, 1, 1)
                .Node("Add", "b1 c", "a")
                .Node("Relu", "a", "r")
                .Spread("w2", 1, 8, 12, 3, 3)
                .Node("Conv", "r w2", "y")
                .Output("y"),
            "scalar Add" => First()
                .Weight("one", 1)
                .Node("Add", "c one", "a")
                .Node("Relu", "a", "r")
                .Spread("w2", 1, 8, 12, 3, 3)
                .Node("Conv", "r w2", "y")
                .Output("y"),
            "Flatten" => First().Node("Relu", "c", "r").Node("Flatten", "r", "f").Spread("w2", 0, 12 * 49, 5).Node("Gemm", "f w2", "y").Output("y"),
            "Reshape" => First()
                .Node("Relu", "c", "r")
                .Constant("to", [2], -1L, 12 * 49)
                .Node("Reshape", "r to", "f")
                .Spread("w2", 0, 12 * 49, 5)
                .Node("Gemm", "f w2", "y")
                .Output("y"),
            "Reshape of open batch" => new Net()
                .Input("x", -1, 4, 9, 9)
                .Spread("w1", 0, 12, 4, 3, 3)
                .Weight("b1", 12)
                .Node("Conv", "x w1 b1", "c")
                .Node("Relu", "c", "r")
                .Constant("to", [2], 0L, -1)
                .Node("Reshape", "r to", "f")
                .Spread("w2", 0, 12 * 49, 5)
                .Node("MatMul", "f w2", "y")
                .Output("y"),
            "Squeeze" => First()
                .Node("Relu", "c", "r")
                .Node("GlobalAveragePool", "r", "g")
                .Constant("axes", [2], 2L, 3)
                .Node("Squeeze", "g axes", "s")
                .Spread("w2", 0, 12, 5)
                .Node("Gemm", "s w2", "y")
                .Output("y"),
            "ReduceMean" => First()
                .Node("Relu", "c", "r")
                .Node("ReduceMean", "r", "m", ("axes", new long[] { -1, -2 }), ("keepdims", 0))
                .Spread("w2", 0, 12, 5)
                .Node("Gemm", "m w2", "y")
                .Output("y"),
            "ReduceMean of kept axes" => First()
                .Node("Relu", "c", "r")
                .Node("ReduceMean", "r", "m", ("axes", new long[] { 2, 3 }))
                .Spread("w2", 1, 8, 12, 1, 1)
                .Node("Conv", "m w2", "y")
                .Output("y"),
            "Gemm" => Matrix()
                .Spread("w1", 1, 10, 12)
                .Weight("b1", 12)
                .Node("Gemm", "x w1 b1", "g")
                .Node("Relu", "g", "r")
                .Spread("w2", 0, 12, 6)
                .Node("Gemm", "r w2", "y")
                .Output("y"),
            "Gemm turned" => Matrix()
                .Spread("w1", 0, 12, 10)
                .Weight("b1", 1, 12)
                .Node("Gemm", "x w1 b1", "g", ("transB", 1))
                .Node("Relu", "g", "r")
                .Spread("w2", 1, 6, 12)
                .Node("Gemm", "r w2", "y", ("transB", 1))
                .Output("y"),
            "Gemm with alpha" => Matrix()
                .Spread("w1", 1, 10, 12)
                .Weight("b1", 1)
                .Node("Gemm", "x w1 b1", "g", ("alpha", 0.5f), ("beta", 2f))
                .Node("Relu", "g", "r")
                .Spread("w2", 0, 12, 6)
                .Node("Gemm", "r w2", "y")
                .Output("y"),
            "MatMul" => Matrix()
                .Spread("w1", 1, 10, 12)
                .Weight("b1", 12)
                .Node("MatMul", "x w1", "m")
                .Node("Add", "m b1", "a")
                .Node("Relu", "a", "r")
                .Spread("w2", 0, 12, 6)
                .Node("MatMul", "r w2", "y")
                .Output("y"),
            "MatMul of three axes" => new Net()
                .Input("x", 2, 5, 10)
                .Spread("w1", 1, 10, 12)
                .Node("MatMul", "x w1", "m")
                .Node("Relu", "m", "r")
                .Spread("w2", 0, 12, 6)
                .Node("MatMul", "r w2", "y")
                .Output("y"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    /// <summary>Returns a Conv, a depthwise Conv, and another Conv, with the activation function between them.</summary>
    public static Net Triple(string activation, params string[] bounds)
    {
        var (first, second) = (string.Join(' ', ["c1", .. bounds]), string.Join(' ', ["c2", .. bounds]));
        return Image()
            .Spread("w1", 0, 12, 4, 1, 1)
            .Weight("b1", 12)
            .Node("Conv", "x w1 b1", "c1")
            .Node(activation, first, "a1")
            .Spread("w2", 0, 12, 1, 3, 3)
            .Weight("b2", 12)
            .Node("Conv", "a1 w2 b2", "c2", ("group", 12))
            .Node(activation, second, "a2")
            .Spread("w3", 1, 8, 12, 1, 1)
            .Weight("b3", 8)
            .Node("Conv", "a2 w3 b3", "y")
            .Output("y");
    }

    /// <summary>
    /// Adds a weight whose slices along an axis are a hundred times larger or smaller than each other. Along the input axis it is the other way round.
    /// </summary>
    public static Net Spread(this Net net, string name, int axis, params long[] shape)
    {
        var inner = shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        var factor = name == "w1" ? 1 : -1;
        var values = Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: name[1], scale: 0.3);
        for (var i = 0; i < values.Length; i++)
            values[i] *= (float)Math.Pow(10, factor * Exponent(i / inner % shape[axis] * 12 / shape[axis]));
        return net.Constant(name, shape, values);
    }

    private static double Exponent(long channel) => channel * 5 % 12 / 6.0 - 1;

    private static Net First() => Image().Spread("w1", 0, 12, 4, 3, 3).Weight("b1", 12).Node("Conv", "x w1 b1", "c");

    private static Net Image() => new Net().Input("x", 1, 4, 9, 9);

    private static Net Matrix() => new Net().Input("x", 3, 10);
}
