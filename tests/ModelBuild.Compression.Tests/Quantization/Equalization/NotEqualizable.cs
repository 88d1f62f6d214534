using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Equalization;

/// <summary>Creates pairs of layers between which no channel may be scaled.</summary>
internal static class NotEqualizable
{
    public static Net Make(string kind) =>
        kind switch
        {
            "output" => Second(First().Node("Relu", "c", "r")).Output("y", "r"),
            "two readers" => Second(First().Node("Relu", "c", "r")).Node("Neg", "r", "z").Output("y", "z"),
            "captured" => First()
                .Node("Relu", "c", "r")
                .Input("yes", TensorProto.Types.DataType.Bool)
                .If("yes", "y", new Net().Node("Abs", "r", "t").Output("t"), new Net().Node("Neg", "x", "e").Output("e"))
                .Output("y"),
            "shared weights" => Image().Weight("w1", 4, 4, 1, 1).Node("Conv", "x w1", "c").Node("Relu", "c", "r").Node("Conv", "r w1", "y").Output("y"),
            "Sigmoid" => Second(First().Node("Sigmoid", "c", "r")).Output("y"),
            "Add of a value" => Second(First().Weight("w0", 12, 4, 1, 1).Node("Conv", "x w0", "d").Node("Add", "c d", "r")).Output("y"),
            "bias not constant" => Second(Image().Input("b", 12).Weight("w1", 12, 4, 3, 3).Node("Conv", "x w1 b", "c").Node("Relu", "c", "r")).Output("y"),
            "Reshape across rows" => First()
                .Node("Relu", "c", "r")
                .Constant("to", [2], -1L, 12 * 7)
                .Node("Reshape", "r to", "f")
                .Weight("w2", 12 * 7, 5)
                .Node("Gemm", "f w2", "y")
                .Output("y"),
            "Clip from below 0" => Second(First().Constant("low", [], -1f).Constant("high", [], 1f).Node("Clip", "c low high", "r")).Output("y"),
            "MatMul over pixels" => First().Node("Relu", "c", "r").Weight("w2", 7, 5).Node("MatMul", "r w2", "y").Output("y"),
            "excluded" => Second(Image().Weight("w1", 12, 4, 3, 3).Add(Nodes.Create("Conv", ["x", "w1"], ["c"], "not-this")).Node("Relu", "c", "r"))
                .Output("y"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static Net First() => Image().Weight("w1", 12, 4, 3, 3).Weight("b1", 12).Node("Conv", "x w1 b1", "c");

    private static Net Second(Net net) => net.Weight("w2", 8, 12, 3, 3).Node("Conv", "r w2", "y");

    private static Net Image() => new Net().Input("x", 1, 4, 9, 9);
}
