using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>
/// A recognizer of text lines with the structure of mobile models (PP-OCR, Du et al. 2020): separable convolutions with squeeze-and-excitation, attention
/// over positions, and scores of 6,625 characters at each position. Composite operators are written as several nodes, as exporters from Paddle do. It has
/// 11 MB and about 670 nodes.
/// </summary>
internal static class RecognizerShaped
{
    private const int Width = 120;
    private const int Positions = 40;
    private const int Characters = 6625;

    /// <summary><c>x</c> float32 [batch, 3, 48, 320] to <c>scores</c> float32 [batch, 40, 6625].</summary>
    public static OnnxModel Build()
    {
        var net = new NetBuilder("recognizer");
        var x = HardSwish(net, net.Conv("x", 3, 16, kernel: 3, stride: 2));
        var channels = 16;
        foreach (var (outputs, kernel, rows, columns, excited) in Blocks())
        {
            x = HardSwish(net, Affine(net, Depthwise(net, x, channels, kernel, rows, columns), channels));
            if (excited)
                x = Excite(net, x, channels);
            x = HardSwish(net, Affine(net, net.Conv(x, channels, outputs, kernel: 1), outputs));
            channels = outputs;
        }

        x = net.Node("AveragePool", [("kernel_shape", new long[] { 3, 2 }), ("strides", new long[] { 3, 2 })], x);
        x = HardSwish(net, net.Conv(x, channels, Width, kernel: 1));
        x = net.Node("Transpose", [("perm", new long[] { 0, 2, 1 })], net.Node("Reshape", x, net.Longs(0, Width, Positions)));
        for (var layer = 0; layer < 2; layer++)
            x = Attend(net, x);
        x = net.Node("Softmax", [("axis", 2L)], net.Dense(net.Normalize(x, Width), Width, Characters));
        net.Input("x", DataType.Float, ("batch", 0), ("", 3), ("", 48), ("", 320));
        net.Output(x, "scores", ("batch", 0), ("", Positions), ("", Characters));
        return net.Finish();
    }

    private static IEnumerable<(int Outputs, int Kernel, int Rows, int Columns, bool Excited)> Blocks()
    {
        yield return (32, 3, 1, 1, false);
        yield return (64, 3, 2, 1, false);
        for (var i = 0; i < 3; i++)
            yield return (64, 3, 1, 1, false);
        yield return (128, 3, 2, 2, false);
        for (var i = 0; i < 4; i++)
            yield return (128, 3, 1, 1, false);
        yield return (256, 5, 1, 1, false);
        for (var i = 0; i < 10; i++)
            yield return (256, 5, 1, 1, i % 2 == 0);
        yield return (512, 5, 2, 1, true);
        yield return (512, 5, 1, 1, true);
    }

    private static string Depthwise(NetBuilder net, string x, int channels, int kernel, int rows, int columns) =>
        net.Node(
            "Conv",
            [
                ("kernel_shape", new long[] { kernel, kernel }),
                ("strides", new long[] { rows, columns }),
                ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }),
                ("group", (long)channels),
            ],
            x,
            net.Weight(Math.Sqrt(2.0 / (kernel * kernel)), channels, 1, kernel, kernel),
            net.Weight(0.1, channels)
        );

    // Training learns a scale and a shift after each convolution.
    private static string Affine(NetBuilder net, string x, int channels) =>
        net.Node("Add", net.Node("Mul", x, net.Ones(channels, 1, 1)), net.Weight(0.05, channels, 1, 1));

    private static string HardSwish(NetBuilder net, string x) =>
        net.Node("Div", net.Node("Mul", x, net.Node("Clip", net.Node("Add", x, net.Scalar(3)), net.Scalar(0), net.Scalar(6))), net.Scalar(6));

    private static string Excite(NetBuilder net, string x, int channels)
    {
        var inner = net.Node("Relu", net.Conv(net.Node("GlobalAveragePool", x), channels, channels / 4, kernel: 1));
        return net.Node("Mul", x, net.Node("HardSigmoid", net.Conv(inner, channels / 4, channels, kernel: 1)));
    }

    private static string Attend(NetBuilder net, string x)
    {
        var parts = net.Node(
            "Transpose",
            [("perm", new long[] { 2, 0, 3, 1, 4 })],
            net.Node("Reshape", net.Dense(net.Normalize(x, Width), Width, 3 * Width), net.Longs(0, Positions, 3, 8, Width / 8))
        );
        string Part(int i) => net.Node("Gather", [("axis", 0L)], parts, net.Index(i));
        var scores = net.Node(
            "Softmax",
            [("axis", -1L)],
            net.Node("MatMul", net.Node("Mul", Part(0), net.Scalar(0.258f)), net.Node("Transpose", [("perm", new long[] { 0, 1, 3, 2 })], Part(1)))
        );
        var mixed = net.Node(
            "Reshape",
            net.Node("Transpose", [("perm", new long[] { 0, 2, 1, 3 })], net.Node("MatMul", scores, Part(2))),
            net.Longs(0, Positions, Width)
        );
        x = net.Node("Add", x, net.Dense(mixed, Width, Width));
        var inner = net.Dense(net.Normalize(x, Width), Width, 2 * Width);
        return net.Node("Add", x, net.Dense(net.Node("Mul", inner, net.Node("Sigmoid", inner)), 2 * Width, Width));
    }
}
