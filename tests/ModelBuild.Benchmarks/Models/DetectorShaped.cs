using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>
/// A detector with the structure of YOLOX-nano (Ge et al. 2021) and folded batch normalization: cross-stage blocks of separable convolutions, features of
/// three sizes, and for each size separate heads for boxes, objects and classes, whose outputs are concatenated. It has 3.7 MB.
/// </summary>
internal static class DetectorShaped
{
    /// <summary>The width and the height of the image in pixels.</summary>
    public const int Size = 416;

    private const int Classes = 80;
    private const int Head = 64;

    /// <summary><c>images</c> float32 [1, 3, 416, 416] to <c>output</c> float32 [1, 3549, 85].</summary>
    public static OnnxModel Build()
    {
        var net = new NetBuilder("detector");
        var x = Silu(net, net.Conv("images", 3, 16, kernel: 6, stride: 2, padding: 2));
        x = Stage(net, x, 16, 32, blocks: 1);
        var small = Stage(net, x, 32, 64, blocks: 3);
        var middle = Stage(net, small, 64, 128, blocks: 3);
        var large = Pyramid(net, Separable(net, middle, 128, 256, stride: 2), 256);
        large = CrossStage(net, large, 256, 256, blocks: 1, isResidual: false);

        var lateral = Pointwise(net, large, 256, 128);
        middle = CrossStage(net, net.Concat(1, Twice(net, lateral), middle), 256, 128, blocks: 1, isResidual: false);
        var narrow = Pointwise(net, middle, 128, 64);
        small = CrossStage(net, net.Concat(1, Twice(net, narrow), small), 128, 64, blocks: 1, isResidual: false);
        middle = CrossStage(net, net.Concat(1, Separable(net, small, 64, 64, stride: 2), narrow), 128, 128, blocks: 1, isResidual: false);
        large = CrossStage(net, net.Concat(1, Separable(net, middle, 128, 128, stride: 2), lateral), 256, 256, blocks: 1, isResidual: false);

        net.Input("images", DataType.Float, ("", 1), ("", 3), ("", Size), ("", Size));
        string[] levels = [Heads(net, small, 64), Heads(net, middle, 128), Heads(net, large, 256)];
        net.Output(net.Node("Transpose", [("perm", new long[] { 0, 2, 1 })], net.Concat(2, levels)), "output", ("", 1), ("", 3549), ("", 5 + Classes));
        return net.Finish();
    }

    private static string Heads(NetBuilder net, string x, int channels)
    {
        x = Pointwise(net, x, channels, Head);
        var classes = Separable(net, Separable(net, x, Head, Head), Head, Head);
        var boxes = Separable(net, Separable(net, x, Head, Head), Head, Head);
        var all = net.Concat(
            1,
            net.Conv(boxes, Head, 4, kernel: 1),
            net.Node("Sigmoid", net.Conv(boxes, Head, 1, kernel: 1)),
            net.Node("Sigmoid", net.Conv(classes, Head, Classes, kernel: 1))
        );
        return net.Node("Reshape", all, net.Longs(1, 5 + Classes, -1));
    }

    private static string Stage(NetBuilder net, string x, int inputs, int outputs, int blocks) =>
        CrossStage(net, Separable(net, x, inputs, outputs, stride: 2), outputs, outputs, blocks, isResidual: true);

    private static string CrossStage(NetBuilder net, string x, int inputs, int outputs, int blocks, bool isResidual)
    {
        var half = outputs / 2;
        var (y, past) = (Pointwise(net, x, inputs, half), Pointwise(net, x, inputs, half));
        for (var block = 0; block < blocks; block++)
        {
            var z = Separable(net, Pointwise(net, y, half, half), half, half);
            y = isResidual ? net.Node("Add", z, y) : z;
        }

        return Pointwise(net, net.Concat(1, y, past), outputs, outputs);
    }

    private static string Pyramid(NetBuilder net, string x, int channels)
    {
        x = Pointwise(net, x, channels, channels / 2);
        string Pool(long kernel) =>
            net.Node("MaxPool", [("kernel_shape", new[] { kernel, kernel }), ("pads", new[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 })], x);
        return Pointwise(net, net.Concat(1, x, Pool(5), Pool(9), Pool(13)), 2 * channels, channels);
    }

    private static string Twice(NetBuilder net, string x) => net.Node("Resize", [("mode", "nearest")], x, "", net.Floats(1, 1, 2, 2));

    private static string Separable(NetBuilder net, string x, int inputs, int outputs, int stride = 1) =>
        Pointwise(net, Silu(net, net.Conv(x, inputs, inputs, kernel: 3, stride, groups: inputs)), inputs, outputs);

    private static string Pointwise(NetBuilder net, string x, int inputs, int outputs) => Silu(net, net.Conv(x, inputs, outputs, kernel: 1));

    private static string Silu(NetBuilder net, string x) => net.Node("Mul", x, net.Node("Sigmoid", x));
}
