using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>A classifier with the shapes of MobileNetV2 (Sandler et al. 2018) and folded batch normalization: 3.5 million parameters, 14 MB.</summary>
internal static class MobileNetV2Shaped
{
    // The output of each block is scaled down before the addition.
    private const double BranchGain = 0.3;

    /// <summary><c>image</c> float32 [batch, 3, 224, 224] to <c>logits</c> float32 [batch, 1000].</summary>
    public static OnnxModel Build()
    {
        var net = new NetBuilder("mobilenetv2");
        var x = Relu6(net, net.Conv("image", 3, 32, kernel: 3, stride: 2));
        var channels = 32;
        foreach (
            var (expansion, width, blocks, stride) in new[]
            {
                (1, 16, 1, 1),
                (6, 24, 2, 2),
                (6, 32, 3, 2),
                (6, 64, 4, 2),
                (6, 96, 3, 1),
                (6, 160, 3, 2),
                (6, 320, 1, 1),
            }
        )
            for (var block = 0; block < blocks; block++, channels = width)
                x = InvertedResidual(net, x, channels, width, expansion, block == 0 ? stride : 1);
        x = Relu6(net, net.Conv(x, channels, 1280, kernel: 1));
        net.Input("image", DataType.Float, ("batch", 0), ("", 3), ("", 224), ("", 224));
        net.Output(net.Classify(x, 1280, 1000), "logits", ("batch", 0), ("", 1000));
        return net.Finish();
    }

    private static string InvertedResidual(NetBuilder net, string x, int inputs, int outputs, int expansion, int stride)
    {
        var inner = inputs * expansion;
        var y = expansion == 1 ? x : Relu6(net, net.Conv(x, inputs, inner, kernel: 1));
        y = Relu6(net, net.Conv(y, inner, inner, kernel: 3, stride, groups: inner));
        var isResidual = stride == 1 && inputs == outputs;
        // The gain is Xavier's, because no activation function follows that would halve the energy.
        y = net.Conv(y, inner, outputs, kernel: 1, gain: isResidual ? BranchGain : Math.Sqrt(0.5));
        return isResidual ? net.Node("Add", y, x) : y;
    }

    private static string Relu6(NetBuilder net, string x) => net.Node("Clip", x, net.Scalar(0), net.Scalar(6));
}
